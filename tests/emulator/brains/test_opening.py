"""The caller while there is no errand under way."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from voicenb.emulator.brain import Call, Say
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.opening import Opening, refuses
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.state import Goal, Reply, State
from voicenb.emulator.brains.utterance import Utterance

Make = Callable[..., dict[str, Any]]
CAN = "I can get the free times on a day or book a table."


def said(reply: Reply) -> str:
    return " ".join(part.text for part in reply if isinstance(part, Say))


class Stage:
    """An opening whose replies are text."""

    def __init__(self, tools: list[dict[str, Any]], **state: Any) -> None:
        self.state = State(**state)
        scene = Scene(Toolbox(tools), self.state, today=datetime.date(2026, 3, 11))
        self.opening = Opening(scene, Errands(scene))

    def hear(self, text: str) -> str:
        reply = self.opening.hear(Utterance.of(text))
        self.calls = [part for part in reply if isinstance(part, Call)]
        return said(reply)


@pytest.fixture
def stage(lido: Any) -> Stage:
    return Stage(lido.tools, greeting="Lido, good evening.")


@pytest.fixture
def other(tool: Make) -> list[dict[str, Any]]:
    return [
        tool("book_table", "Book a table.", day={"type": "string", "description": "weekday"}),
        tool("opening_hours", "Tell when the house is open."),
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("I'd like a table.", {}),
        ("Table.", {}),
        ("Could I make a reservation for Friday?", {"day": "Friday"}),
        ("Do you have anything free for two?", {"people": 2}),
        ("Friday.", {"day": "Friday"}),
        ("Half past eight for Anna, please.", {"time": "20:30", "name": "Anna"}),
        (
            "Hi, it's my husband's birthday on Saturday and there are four of us.",
            {"day": "Saturday", "people": 4},
        ),
    ],
)
def test_an_errand_begins_with_what_is_said_for_it(stage: Stage, text: str, values: dict[str, Any]) -> None:
    assert stage.hear(text).startswith("With pleasure.")
    assert stage.state.goal is not None
    assert stage.state.goal.values == values


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Hello.", "Hello. How can I help?"),
        ("Oh hello there, good evening! How are you today?", "I'm well, thank you. How can I help?"),
        ("Hello, this is Tom.", "Hello Tom. How can I help?"),
        ("My name is Bob.", "Hello Bob. How can I help?"),
        ("Hello, is this Lido?", "Yes, it is. How can I help?"),
        ("Am I speaking to Lido?", "Yes, it is. How can I help?"),
        ("Can you hear me?", "Yes, I can hear you. How can I help?"),
        ("Thank you.", "You're welcome."),
        ("What can you do?", f"{CAN} Just say what you would like."),
        ("I don't know.", f"{CAN} Just say what you would like."),
        ("Hmm.", "Of course, take your time."),
        ("No.", "All right."),
        ("I don't want a table.", "All right."),
        ("Goodbye.", "Goodbye!"),
        ("You're useless.", "I'm sorry about that. How can I help?"),
        ("I'd like to cancel my booking.", f"I have no tool to cancel anything, I'm afraid. {CAN}"),
    ],
)
def test_what_is_no_errand(stage: Stage, text: str, reply: str) -> None:
    assert stage.hear(text) == reply
    assert stage.state.goal is None
    assert stage.calls == []


@pytest.mark.parametrize(
    "text",
    [
        "Do you have gluten free pasta?",
        "Is this the police?",
        "What's the meaning of life?",
    ],
)
def test_what_it_cannot_help_with(stage: Stage, text: str) -> None:
    assert "book a table. Is that what you would like?" in stage.hear(text)
    assert stage.state.asking == "tool"
    assert stage.hear("Yes, please.") == "With pleasure. What day would you like?"


def test_who_introduced_themselves_is_not_asked_for_the_name(stage: Stage) -> None:
    stage.hear("My name is Bob.")
    stage.hear("A table.")
    assert stage.state.goal is not None
    assert stage.state.goal.values == {"name": "Bob"}


def test_the_weekend_is_two_days(stage: Stage) -> None:
    assert stage.hear("Is anything free this weekend?").endswith("Saturday or Sunday?")


def test_a_number_that_the_tool_does_not_take(tool: Make) -> None:
    people = {"type": "integer", "description": "size of the party", "minimum": 1, "maximum": 8}
    stage = Stage([tool("book_table", "Book a table.", people=people)])
    assert stage.hear("A table for twelve.").startswith(
        "The number of people has to be between one and eight."
    )


def test_of_several_tools_the_one_that_fits(other: list[dict[str, Any]]) -> None:
    stage = Stage(other)
    stage.hear("When do you open?")
    assert stage.calls == [Call("opening_hours", {})]
    assert Stage(other).hear("A table please.").endswith("What day would you like?")


def test_of_several_tools_one_is_chosen_by_its_place(other: list[dict[str, Any]]) -> None:
    stage = Stage(other)
    assert stage.hear("What?! Bananas.").endswith("What would you like?")
    stage.hear("The second one.")
    assert stage.calls == [Call("opening_hours", {})]
    stage = Stage(other, asking="tool")
    assert "would you like" in stage.hear("Yes.")


@pytest.fixture
def again(lido: Any) -> Stage:
    """Somebody has booked a table."""
    last = Goal(
        "book_table",
        {"day": "Friday", "people": 2, "time": "19:00", "name": "Anna"},
        recent=["day", "people"],
    )
    return Stage(lido.tools, last=last, finished=1, asking="more", about={"name": "Anna"})


@pytest.mark.parametrize(
    ("text", "day", "people"),
    [
        ("And on Saturday?", "Saturday", 2),
        ("Actually, make it five.", "Friday", 5),
        ("What about tomorrow for three?", "tomorrow", 3),
    ],
)
def test_the_last_errand_with_another_value(again: Stage, text: str, day: str, people: int) -> None:
    assert again.hear(text).startswith("What I booked before stays as it is, but I can book anew.")
    assert again.calls == [Call("free_tables", {"day": day, "people": people})]


def test_another_one_with_the_same(again: Stage) -> None:
    again.hear("Yes, another table for Saturday, same time, same number of people.")
    assert again.calls == [Call("free_tables", {"day": "Saturday", "people": 2})]
    assert again.state.goal is not None
    assert again.state.goal.values["time"] == "19:00"


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("No.", "Goodbye, and see you soon!"),
        ("No, that's all, thank you.", "You're welcome. Goodbye, and see you soon!"),
        ("Yes.", f"What else would you like? {CAN}"),
        ("And thanks again.", "My pleasure."),
        (
            "What time was that again?",
            "That was on Friday, for two people, at seven in the evening and in the name of Anna.",
        ),
        ("Start again.", "All right. How can I help?"),
    ],
)
def test_after_an_errand(again: Stage, text: str, reply: str) -> None:
    again.state.heard = 1
    assert again.hear(text) == reply


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("i don't want a table", True),
        ("i don't need it", True),
        ("i do not want to", True),
        ("not interested", True),
        ("no booking please", True),
        ("i don't need a high chair", False),
        ("we don't want onions", False),
        ("i want a table", False),
        ("", False),
    ],
)
def test_refusing_is_of_what_the_tools_do(lido: Any, text: str, refused: bool) -> None:
    assert refuses(text, Toolbox(lido.tools)) is refused


def test_refusing_of_one_errand(other: list[dict[str, Any]]) -> None:
    box = Toolbox(other)
    assert refuses("i don't want a table", box, "book_table")
    assert not refuses("i don't want a table", box, "opening_hours")


@pytest.mark.parametrize(
    "text",
    [
        "What is the weather like today?",
        "Will it rain tomorrow?",
        "Can you tell me what the weather is like on Friday?",
        "What time is it?",
        "What day is it today?",
        "Who won the game on Sunday?",
        "How much is two and two?",
    ],
)
def test_a_question_that_shares_only_a_day_or_a_number_calls_nothing(lido: Any, text: str) -> None:
    reply = lido.say(text)
    assert ". That I cannot tell you, I'm afraid. I am voicenb's rule-based stand-in" in reply
    assert reply.endswith("I can get the free times on a day or book a table. Is that what you would like?")
    assert lido.say("What can you do for me?").startswith("I can get")
    assert lido.calls == []
    assert lido.say("Yes.").endswith("What day would you like?"), "nothing was kept of it"


@pytest.mark.parametrize(
    "text",
    [
        "What about Friday?",
        "What times do you have on Friday?",
        "When can we come on Friday?",
        "Is it possible to come on Friday?",
        "Do you have anything on Friday?",
        "Are you free on Friday?",
    ],
)
def test_a_question_for_a_day_begins_a_booking(lido: Any, text: str) -> None:
    assert lido.say(text) == "With pleasure. How many people?"


def test_one_does_not_come_from_being_served(lido: Any) -> None:
    assert lido.say("Could you book a table for me on Friday?") == "With pleasure. How many people?"
