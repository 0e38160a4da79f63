"""What sessions do to a brain: interruptions, turns reopened, results that come late, tools that change."""

from __future__ import annotations

import asyncio
import random
import re
from contextlib import aclosing
from typing import Any

import pytest

from voicenb.emulator.brain import Call, Line, Moment, Say
from voicenb.emulator.brains.rules import RuleBrain


def said(parts: list[Say | Call]) -> str:
    return " ".join(part.text for part in parts if isinstance(part, Say))


def called(parts: list[Say | Call]) -> list[Call]:
    return [part for part in parts if isinstance(part, Call)]


def test_a_reopened_turn_is_heard_as_if_it_had_been_one(lido: Any) -> None:
    lido.history.append(Line("user", "A table for four."))
    assert "What day" in said(lido.think("user_speech"))
    lido.history[-1] = Line("user", "A table for four. On Friday.")  # the reply was never heard
    assert called(lido.think("user_speech")) == [Call("free_tables", {"day": "Friday", "people": 4})]


def test_being_asked_twice_for_the_same_turn_gives_the_same_answer(lido: Any) -> None:
    lido.history.append(Line("user", "I'd like a table."))
    assert lido.think("user_speech") == lido.think("user_speech")


def test_yes_to_a_question_that_was_not_heard_is_asked_again(lido: Any) -> None:
    lido.say("A table for two on Friday at seven for Anna.")
    lido.history[-1] = Line("agent", "Seven in", interrupted=True)
    assert lido.say("Yes.").startswith("Just to be sure. Shall I book")
    lido.say("Yes.")
    assert [name for name, _ in lido.calls] == ["free_tables", "book_table"]


def test_yes_before_the_end_of_a_question_counts_when_most_of_it_was_heard(lido: Any) -> None:
    question = lido.say("A table for two on Friday at seven for Anna.")
    lido.history[-1] = Line("agent", question[:-20], interrupted=True)
    lido.say("Yes.")
    assert [name for name, _ in lido.calls] == ["free_tables", "book_table"]


def test_an_interruption_of_the_offer_with_a_choice(lido: Any) -> None:
    lido.say("A table for two on Friday.")
    lido.history[-1] = Line("agent", "On Friday for two people there is seven", interrupted=True)
    assert "What name" in lido.say("Seven is fine.")


def test_words_while_a_tool_is_at_work_do_not_call_it_again(lido: Any) -> None:
    lido.history.append(Line("user", "A table for two on Friday."))
    [call] = called(lido.think("user_speech"))
    lido.history.append(Line("user", "Hello?"))
    parts = lido.think("user_speech")
    assert called(parts) == []
    assert "moment" in said(parts) or "Hello" in said(parts)
    lido.answer(call)
    assert "seven or half past eight" in said(lido.think("tool_result"))


def test_a_correction_while_the_look_up_runs(lido: Any) -> None:
    lido.history.append(Line("user", "A table for two on Friday."))
    [first] = called(lido.think("user_speech"))
    lido.history.append(Line("user", "No, Saturday."))
    [second] = called(lido.think("user_speech"))
    assert second.arguments["day"] == "Saturday"
    lido.answer(first)
    assert lido.think("tool_result") == [], "nobody wants to know about Friday any more"
    lido.answer(second)
    assert "On Saturday" in said(lido.think("tool_result"))


def test_a_booking_that_was_made_is_told_even_if_the_caller_went_on(lido: Any) -> None:
    lido.say("A table for two on Friday at seven for Anna.")
    lido.history.append(Line("user", "Yes."))
    [booking] = called(lido.think("user_speech"))
    lido.history.append(Line("user", "Actually make it Saturday."))
    [look] = called(lido.think("user_speech"))
    lido.answer(booking)
    assert "for Anna is booked" in said(lido.think("tool_result"))
    lido.answer(look)
    assert "Shall I book a table on Saturday" in said(lido.think("tool_result"))


def test_a_booking_is_told_when_the_caller_spoke_before_its_result_could_be(lido: Any) -> None:
    lido.say("A table for two on Friday at seven for Anna.")
    lido.history.append(Line("user", "Yes."))
    [booking] = called(lido.think("user_speech"))
    lido.answer(booking)
    lido.history.append(Line("user", "Thank you."))
    assert "for Anna is booked. You're welcome." in said(lido.think("user_speech"))


def test_an_instruction_that_falls_together_with_a_turn(lido: Any) -> None:
    lido.history.append(Line("user", "I'd like a table."))
    parts = lido.think("user_speech", "Say 'Just a second.'")
    assert said(parts).startswith("Just a second. With pleasure.")


def test_closed_early_it_goes_on_from_the_history(lido: Any) -> None:
    async def begin(moment: Moment) -> Say | Call:
        async with aclosing(lido.brain.answer(moment)) as parts:
            async for part in parts:
                return part
        raise AssertionError

    lido.history.append(Line("user", "A table for two on Friday."))
    first = asyncio.run(begin(lido.moment("user_speech")))
    assert isinstance(first, Say)  # "One moment.": the call was never made
    lido.history.append(Line("user", "Sorry, for three."))
    assert called(lido.think("user_speech")) == [Call("free_tables", {"day": "Friday", "people": 3})]


def test_a_brain_that_joins_late_knows_what_was_said(lido: Any) -> None:
    for line in ("A table for two on Friday.", "Seven.", "Anna."):
        lido.say(line)
    lido.brain = RuleBrain()
    lido.say("Yes.")
    assert lido.calls[-1][0] == "book_table"


def test_tools_that_change_during_the_call(lido: Any, tool: Any) -> None:
    lido.say("I'd like a table on Friday.")
    lido.tools = [tool("roll_dice", "Roll the dice.")]
    lido.functions["roll_dice"] = lambda: 4
    assert "four" in lido.say("Roll the dice then.")


def test_without_fillers(lido: Any) -> None:
    lido.brain = RuleBrain(fill=False)
    assert lido.say("A table for two on Friday.").startswith("With pleasure. On Friday")


def test_a_mistake_of_the_rules_is_logged_and_apologised_for(
    lido: Any, caplog: pytest.LogCaptureFixture
) -> None:
    lido.history.append(Line("user", "Hello."))
    broken = Moment("user_speech", tuple(lido.history), "", [42])  # type: ignore[list-item]
    parts = asyncio.run(_collect(lido.brain, broken))
    assert said(parts).startswith("I'm sorry")
    assert "the rule-based brain failed" in caplog.text


async def _collect(brain: RuleBrain, moment: Moment) -> list[Say | Call]:
    return [part async for part in brain.answer(moment)]


def test_instructions_are_followed(lido: Any) -> None:
    assert lido.ask("Tell the caller that their table is ready.") == "Your table is ready."


def test_instructions_that_cannot_be_followed_are_owned_up_to(lido: Any) -> None:
    reply = lido.ask("Compose a haiku about autumn.")
    assert "cannot follow" in reply
    assert "rule-based stand-in" in reply


def test_asked_to_speak_without_instructions_it_takes_up_the_question(lido: Any) -> None:
    assert lido.ask() == "Hello! How can I help?"
    lido.say("I'd like a table.")
    assert lido.ask() == "Are you still there? With pleasure. What day would you like?"


def test_sorry_right_after_the_greeting(lido: Any) -> None:
    assert lido.say("Sorry?") == "Lido, good evening."


def test_instructions_behind_a_result_are_not_read_out(lido: Any) -> None:
    look = {**lido.tools[0], "response_instructions": {"success": "Offer two.", "error": "Be sorry."}}
    lido.tools = [look, *lido.tools[1:]]
    # As a session hands a result over: the instructions stand behind it.
    lido.functions["free_tables"] = lambda **asked: '["19:00", "20:30"]\nOffer two.'
    reply = lido.say("A table for two on Friday.")
    assert "there is seven or half past eight in the evening. Which would you like?" in reply
    assert "Offer" not in reply

    def closed(**asked: object) -> str:
        raise ValueError("closed for the winter\nBe sorry.")

    lido.functions["free_tables"] = closed
    assert lido.say("Saturday.").endswith("that did not work: closed for the winter. Shall I try again?")


PHRASES = """
    |...|Um.|Hello?|Yes.|No.|Yes, but...|No, wait.|Never mind.|Bye.|Thanks.|Thanks, yes.|Sorry?|Start over.
    A table.|A table for two on Friday.|Friday or Saturday.|Not Friday, Saturday.|The twenty-first.|Tomorrow.
    Four.|For for people.|Me, my wife and two kids.|No, five people.|Actually, six.|A couple of us.|Nobody.
    Seven.|Half past eight.|Quarter to nine.|Have past ate.|After eight.|Not seven.|The later one.|Neither.
    Anna.|Not Anna, Hanna.|It's Smith. S-M-I-T-H.|None of your business.|The name is wrong.|Same name.
    Do you have parking?|What times do you have?|What have you got so far?|Who are you?|You are useless.
    At seven, no, eight, for Tom, sorry, Tim.|Don't book it.|Book it.|That's it.|Say again?|%s {x} <b>
""".replace("\n", "|").split("|")


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_said_nothing_is_booked_without_a_question_and_a_voice_can_say_the_replies(
    lido: Any, seed: int
) -> None:
    chance = random.Random(seed)
    asked = ""
    for _ in range(15):
        before = len(lido.calls)
        reply = lido.say(chance.choice(PHRASES).strip())
        if any(name == "book_table" for name, _ in lido.calls[before:]):
            assert "Shall I book" in asked
        assert reply[0].isupper()
        assert reply[-1] in ".!?"
        quoted = "I heard" in reply or "You said" in reply or "I did get the words" in reply
        assert quoted or not re.search(r"[_{}\[\]<>#%@^~]|  |\.\.|\bNone\b|\d:\d|Sorry.*Sorry", reply), reply
        assert "lost my thread" not in reply
        assert len(reply.split()) < 80
        asked = reply
