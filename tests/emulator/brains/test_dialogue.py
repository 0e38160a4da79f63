"""One utterance in the middle of an errand: what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
OFFER = "There is seven or half past eight in the evening. Which would you like?"
CONFIRM = "Shall I book a table on Friday for two people at seven in the evening, in the name of Anna?"


@pytest.fixture
def asked_day(lido: Any) -> Any:
    lido.say("I'd like a table.")
    return lido


@pytest.fixture
def asked_time(lido: Any) -> Any:
    lido.say("A table for two on Friday.")
    return lido


@pytest.fixture
def asked_name(lido: Any) -> Any:
    lido.say("A table for two on Friday at seven.")
    return lido


@pytest.fixture
def asked_yes(lido: Any) -> Any:
    assert lido.say("A table for two on Friday at seven for Anna.").endswith(CONFIRM)
    return lido


def booked(story: Any) -> list[dict[str, Any]]:
    return [arguments for name, arguments in story.calls if name == "book_table"]


@pytest.mark.parametrize("text", ["", "...", "?"])
def test_silence_is_nobody_s_failing(asked_day: Any, text: str) -> None:
    for _ in range(3):
        assert asked_day.say(text) == "Sorry, I did not catch that. What day would you like?"


@pytest.mark.parametrize("text", ["Is there parking nearby?", "Do you take dogs?", "What's the dress code?"])
def test_side_questions_are_nobody_s_failing_either(asked_name: Any, text: str) -> None:
    for _ in range(3):
        assert asked_name.say(text) == "That I cannot answer, I'm afraid. What name shall I put it under?"


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Um.", "Of course, take your time."),
        ("Hold on.", "Of course, take your time."),
        ("Are you still there?", "Yes, I can hear you. What day would you like?"),
        ("You're useless.", "I'm sorry about that. What day would you like?"),
        ("Help!", "We were about to book a table. What day would you like?"),
        (
            "What have you got so far?",
            "I have nothing noted yet. Sorry, I need a day, Friday for instance. What day would you like?",
        ),
        ("Could you repeat that?", "With pleasure. What day would you like?"),
        ("Sat.", "Good. How many people?"),
        ("On the twenty-first.", "Good. How many people?"),
    ],
)
def test_at_the_question_for_a_day(asked_day: Any, text: str, reply: str) -> None:
    said = asked_day.say(text)
    assert said.removeprefix("Fine.").removeprefix("Good.") == reply.removeprefix("Good.")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Great, thanks. Seven.", "19:00"),
        ("At half past eight. No, wait, seven.", "19:00"),
        ("Hmm, half past eight would be a bit late for my sister. So seven it is.", "19:00"),
        ("Not seven.", "20:30"),
        ("Whatever. The first one.", "19:00"),
        ("Number two.", "20:30"),
        ("The earlier of the two.", "19:00"),
        ("Twenty hours thirty.", "20:30"),
        ("Have past ate.", "20:30"),
    ],
)
def test_choices(asked_time: Any, text: str, time: str) -> None:
    assert asked_time.say(text).endswith("What name shall I put it under?")
    asked_time.say("Anna.")
    asked_time.say("Yes.")
    assert booked(asked_time) == [{"day": "Friday", "people": 2, "time": time, "name": "Anna"}]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("The later one.", "Half past eight in the evening, then."),
        ("Anything after eight?", "Half past eight in the evening, then."),
        ("I don't mind.", "Seven in the evening, then."),
        ("Not seven.", "Half past eight in the evening, then."),
    ],
)
def test_what_was_chosen_without_being_named_is_said(asked_time: Any, text: str, start: str) -> None:
    assert asked_time.say(text) == f"{start} What name shall I put it under?"


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Is that all?", f"That is all I have: On Friday for two people {OFFER[0].lower()}{OFFER[1:]}"),
        ("Start over, please.", "All right, from the beginning. What day would you like?"),
        ("Eight.", "Half past eight in the evening, then. What name shall I put it under?"),
        ("At eight.", f"Eight in the evening is not free on Friday for two people, I'm afraid. {OFFER}"),
        ("Yes.", OFFER),
        ("What else is there?", f"On Friday for two people {OFFER[0].lower()}{OFFER[1:]}"),
        (
            "Is there another time?",
            f"That is all I have: On Friday for two people {OFFER[0].lower()}{OFFER[1:]}",
        ),
        ("Neither, really.", "All right, another day then. What day would you like?"),
        ("How long can we stay?", f"That I cannot answer, I'm afraid. {OFFER}"),
    ],
)
def test_at_the_offer(asked_time: Any, text: str, reply: str) -> None:
    assert asked_time.say(text) == reply


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Thanks. Anna.", "Anna"),
        ("Ugh, fine. Jones.", "Jones"),
        ("It's Margaret. Margaret Thompson, with a P.", "Margaret Thompson"),
        ("Anna. No, sorry, Hannah.", "Hannah"),
        ("Berger. B as in Bravo, E, R, G, E, R.", "Berger"),
    ],
)
def test_names(asked_name: Any, text: str, name: str) -> None:
    asked_name.say(text)
    asked_name.say("Yes.")
    assert booked(asked_name)[0]["name"] == name


def test_a_change_of_what_is_known_does_not_count_as_a_missed_answer(asked_name: Any) -> None:
    reply = asked_name.say("Actually half past eight.")
    assert reply == "Half past eight in the evening, then. What name shall I put it under?"


def test_what_is_no_name_is_asked_for_again(asked_name: Any) -> None:
    assert asked_name.say("None of your business.").endswith("What name shall I put it under?")


def test_a_time_at_the_question_for_a_name(asked_name: Any) -> None:
    assert asked_name.say("Oh, half past eight then.").endswith("What name shall I put it under?")
    asked_name.say("No, seven.")
    asked_name.say("Anna.")
    asked_name.say("Yes.")
    assert booked(asked_name)[0]["time"] == "19:00"


@pytest.mark.parametrize(
    "text",
    [
        "K.",
        "Please.",
        "I think so.",
        "Uh-huh.",
        "Thanks, yes.",
        "Yes for god's sake.",
        "Actually, yes.",
        "Yes, please. Bye.",
        "Yes, that's all, thank you.",
        "That's it.",
        "You got it.",
        "Yes, no problem.",
    ],
)
def test_agreement(asked_yes: Any, text: str) -> None:
    asked_yes.say(text)
    assert len(booked(asked_yes)) == 1


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Yes. No.", f"Take your time. {CONFIRM}"),
        ("Yes. No, wait.", "Of course, take your time."),
        ("Yes, but I need a high chair.", f"That I cannot note, I'm afraid. {CONFIRM}"),
        ("Good evening.", f"Hello. {CONFIRM}"),
        ("Friday.", CONFIRM),
        ("Anna.", CONFIRM),
        ("A table.", CONFIRM),
        ("Bananas with cream.", f"I heard: Bananas with cream. I cannot do much with that. {CONFIRM}"),
        (
            "We don't need a high chair.",
            f"I heard: We don't need a high chair. I cannot do much with that. {CONFIRM}",
        ),
        ("I don't know.", f"We were about to {CONFIRM[8:-1]}. {CONFIRM}"),
        ("No.", "All right. What should I change?"),
        ("Don't book it.", "All right, I leave it. I have not booked anything. Is there anything else?"),
        ("Bye.", "All right. I have not booked anything. Goodbye!"),
        ("I don't want it.", "All right, I leave it. I have not booked anything. Is there anything else?"),
    ],
)
def test_what_is_no_agreement(asked_yes: Any, text: str, reply: str) -> None:
    said = asked_yes.say(text)
    assert (
        said.replace("Hello there.", "Hello.").replace(
            "I did not understand that, I'm afraid.",
            f"I heard: {text.rstrip('.')}. I cannot do much with that.",
        )
        == reply
    )
    assert booked(asked_yes) == []


@pytest.mark.parametrize(
    ("text", "start", "changed"),
    [
        ("No, make it six people.", "Six people, then.", {"people": 6}),
        ("Yes. Oh wait, no, make it six people.", "Six people, then.", {"people": 6}),
        ("No, at half past eight.", "Half past eight in the evening, then.", {"time": "20:30"}),
        ("Change the name to Maria.", "Maria, then.", {"name": "Maria"}),
        ("Not Friday, Saturday.", "Saturday, then.", {"day": "Saturday"}),
        ("No, it's Smythe, S-M-Y-T-H-E.", "Smythe, then.", {"name": "Smythe"}),
        ("No. Not Anna, Hanna.", "Hanna, then.", {"name": "Hanna"}),
        ("Actually Benjamin.", "Benjamin, then.", {"name": "Benjamin"}),
        ("Five people, please.", "", {"people": 5}),
    ],
)
def test_corrections(asked_yes: Any, text: str, start: str, changed: dict[str, Any]) -> None:
    assert asked_yes.say(text).startswith(start)
    asked_yes.say("Yes.")
    assert booked(asked_yes) == [{"day": "Friday", "people": 2, "time": "19:00", "name": "Anna", **changed}]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Can I change the day?", "What day would you like?"),
        ("The name is wrong.", "What name shall I put it under?"),
        ("A different time, please.", f"On Friday for two people {OFFER[0].lower()}{OFFER[1:]}"),
    ],
)
def test_second_thoughts(asked_yes: Any, text: str, question: str) -> None:
    assert asked_yes.say(text) == f"All right. {question}"


def test_what_was_said_over_half_the_question_is_no_agreement(asked_yes: Any) -> None:
    from voicenb.emulator.brain import Line

    asked_yes.history[-1] = Line("agent", "Seven", interrupted=True)
    assert asked_yes.say("Yes, bye.").startswith("All right. I have not booked anything.")
    assert booked(asked_yes) == []


def test_a_look_up_goes_in_between_and_another_errand_takes_the_place(lido: Any, tool: Make) -> None:
    lido.tools = [
        *lido.tools,
        tool("opening_hours", "Tell when the house is open."),
        tool("order_flowers", "Order flowers for the table.", colour={"enum": ["red", "white"]}),
    ]
    lido.functions |= {"opening_hours": lambda: "From six.", "order_flowers": lambda colour: "ok"}
    lido.say("A table for two on Friday.")
    assert lido.say("When are you open?").endswith(f"From six. Back to where we were. {OFFER}")
    assert lido.say("I want to order flowers.").endswith("What colour would you like: red or white?")


def test_tools_that_are_gone_end_the_errand(asked_name: Any, tool: Make) -> None:
    asked_name.tools = [tool("roll_dice", "Roll the dice.")]
    assert "roll the dice" in asked_name.say("Anna.")


def test_what_was_said_is_kept_when_a_name_comes_with_it(asked_day: Any) -> None:
    asked_day.say("Friday, for three, my name is Bob and we come at seven.")
    asked_day.say("Yes.")
    assert booked(asked_day) == [{"day": "Friday", "people": 3, "time": "19:00", "name": "Bob"}]


RENAMED = CONFIRM.replace("Anna", "Hannah")


@pytest.mark.parametrize(
    "text",
    [
        "Hannah.",
        "hannah",
        "Hannah, please.",
        "It is Hannah.",
        "It's Hannah.",
        "No, Hannah.",
        "No. Hannah.",
        "Yes, Hannah.",
        "Not Anna, Hannah.",
        "No. Hold on. Hannah.",
        "My name is. Let me think. Hannah.",
    ],
)
def test_a_name_by_itself_puts_the_name_right(asked_yes: Any, text: str) -> None:
    assert asked_yes.say(text) == f"Hannah, then. {RENAMED}"
    assert not booked(asked_yes)
    asked_yes.say("Yes.")
    assert [call["name"] for call in booked(asked_yes)] == ["Hannah"]


@pytest.mark.parametrize(
    ("text", "told", "slot"),
    [
        ("Saturday.", "Saturday, then.", {"day": "Saturday"}),
        ("Sat.", "Saturday, then.", {"day": "Saturday"}),
        ("It is Saturday.", "Saturday, then.", {"day": "Saturday"}),
        ("Half past eight.", "Half past eight in the evening, then.", {"time": "20:30"}),
        ("Five.", "Five people, then.", {"people": 5}),
    ],
)
def test_a_value_by_itself_puts_its_slot_right(
    asked_yes: Any, text: str, told: str, slot: dict[str, Any]
) -> None:
    assert asked_yes.say(text).startswith(told)
    assert asked_yes.replies[-1].endswith("in the name of Anna?")
    assert not booked(asked_yes)
    asked_yes.say("Yes.")
    before = {"day": "Friday", "people": 2, "time": "19:00", "name": "Anna"}
    assert booked(asked_yes) == [before | slot]


@pytest.mark.parametrize("text", ["Perfect.", "Yes. Wonderful!", "Splendid.", "Yes, sir.", "Yes, Anna."])
def test_a_yes_is_no_name(asked_yes: Any, text: str) -> None:
    asked_yes.say(text)
    assert [call["name"] for call in booked(asked_yes)] == ["Anna"]


ALOUD = [
    "Let me think.",
    "Let me see.",
    "Hold on.",
    "One moment.",
    "Wait.",
    "Just a second.",
    "Hmm.",
    "Uh.",
    "How do I say?",
    "My name is. Let me think.",
    "My name is ... uh, hold on ...",
    "It is. One moment.",
    "We are. What was it?",
    "On. Let me see.",
    "Yes, let me think.",
]


NOTED = {
    "asked_day": "I have nothing noted yet.",
    "asked_time": "On Friday for two people there is seven or half past eight",
    "asked_name": "So far I have: on Friday, for two people and at seven in the evening.",
    "asked_yes": "So far I have: on Friday, for two people, at seven in the evening and in the name of Anna.",
}


@pytest.mark.parametrize("text", ALOUD)
@pytest.mark.parametrize("asked", ["asked_day", "asked_time", "asked_name", "asked_yes"])
def test_nothing_but_thinking_aloud_is_met_with_patience(
    request: pytest.FixtureRequest, asked: str, text: str
) -> None:
    story = request.getfixturevalue(asked)
    calls = list(story.calls)
    assert story.say(text) == "Of course, take your time."
    assert story.calls == calls
    assert story.say("What have you got so far?").startswith(NOTED[asked])


@pytest.mark.parametrize(
    "aloud", ["Let me think.", "Hold on.", "What was it?", "How do I say it?", "Uh, wait."]
)
def test_what_is_said_behind_thinking_aloud_is_the_answer(lido: Any, aloud: str) -> None:
    lido.say(f"A table. {aloud} For two.")
    lido.say(f"On. {aloud} Friday.")
    assert lido.calls == [("free_tables", {"day": "Friday", "people": 2})]
    lido.say(f"At. {aloud} Seven.")
    assert lido.say(f"My name is. {aloud} Anna.").endswith(CONFIRM)
    lido.say(f"{aloud} Yes.")
    assert [call["name"] for call in booked(lido)] == ["Anna"]


def test_what_was_it_alone_is_asked_of_the_agent(asked_yes: Any) -> None:
    assert asked_yes.say("What was it?").endswith(CONFIRM)
    assert not booked(asked_yes)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        (
            "What can you do for me?",
            "I can get the free times on a day or book a table. "
            "We were about to book a table on Friday for four people.",
        ),
        ("What is the weather like on Saturday?", "That I cannot answer, I'm afraid."),
        ("Okay, what does it cost?", "That I cannot answer, I'm afraid."),
        ("Can you do that for me?", "That I cannot answer, I'm afraid."),
        ("How are you?", "I'm well, thank you."),
    ],
)
def test_a_question_is_no_yes_to_another_try(lido: Any, text: str, reply: str) -> None:
    def down(day: str, people: int) -> None:
        raise OSError("free_tables failed: The booking system is down; offer to call back.")

    lido.functions["free_tables"] = down
    again = "the booking system is down. Shall I try again?"
    assert lido.say("A table for four on Friday.").endswith(f"I'm sorry, that did not work: {again}")
    assert lido.say(text) == f"{reply} Shall I try again?"
    assert lido.calls == [("free_tables", {"day": "Friday", "people": 4})]
    lido.say("Yes.")
    assert lido.calls[1:] == lido.calls[:1], "the values are those that were said"


@pytest.mark.parametrize("asked", ["asked_day", "asked_time", "asked_name", "asked_yes"])
@pytest.mark.parametrize("text", ["What is the weather like tomorrow?", "Okay, what does it cost for me?"])
def test_a_question_beside_the_point_fills_nothing(
    request: pytest.FixtureRequest, asked: str, text: str
) -> None:
    story = request.getfixturevalue(asked)
    calls, question = list(story.calls), story.replies[-1]
    reply = story.say(text)
    assert reply.startswith("That I cannot answer, I'm afraid.")
    assert reply.rpartition(". ")[2] == question.rpartition(". ")[2]
    assert story.calls == calls


def test_a_time_that_is_not_free_is_said_once(asked_yes: Any) -> None:
    reply = asked_yes.say("Half past seven.")
    assert reply.startswith("Half past seven in the evening is not free on Friday for two people")
    assert reply.endswith(OFFER)
