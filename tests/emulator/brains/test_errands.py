"""The next step of an errand: a question, a look-up, a confirmation, the call, the telling of its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from voicenb.emulator.brain import Call, Say
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.results import Result
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.state import State, key_of

Make = Callable[..., dict[str, Any]]
LOOK = {"day": "Friday", "people": 2}
BOOK = {**LOOK, "time": "19:00", "name": "Anna"}


def said(reply: list[Say | Call]) -> str:
    return " ".join(part.text for part in reply if isinstance(part, Say))


def called(reply: list[Say | Call]) -> list[Call]:
    return [part for part in reply if isinstance(part, Call)]


@pytest.fixture
def errands(lido: Any) -> Errands:
    return Errands(Scene(Toolbox(lido.tools), State()))


def filled(errands: Errands, **values: Any) -> None:
    goal = errands.begin("book_table")
    for name, value in values.items():
        goal.put(name, value)


def test_it_asks_for_one_thing_after_the_other_the_look_up_s_first(errands: Errands) -> None:
    goal = errands.begin("book_table")
    assert said(errands.advance("Gladly.")) == "Gladly. What day would you like?"
    goal.put("day", "Friday")
    assert said(errands.advance()) == "How many people?"
    goal.put("people", 2)
    assert called(errands.advance()) == [Call("free_tables", LOOK)]
    reply = errands.hear_result("free_tables", LOOK, Result(["19:00", "20:30"]))
    assert "Which would you like?" in said(reply)


def test_nothing_is_changed_before_the_caller_agrees_to_just_that(errands: Errands) -> None:
    filled(errands, **BOOK)
    errands.hear_result("free_tables", LOOK, Result(["19:00"]))
    assert said(errands.advance()).startswith("Shall I book a table on Friday for two people")
    assert errands.state.goal is not None
    errands.state.goal.agreed = errands.key()
    assert called(errands.advance()) == [Call("book_table", BOOK)]
    errands.state.goal.put("name", "Bob")
    assert called(errands.advance()) == [], "to another name nobody has agreed"


def test_a_look_up_is_not_asked_about(tool: Make) -> None:
    box = Toolbox([tool("get_weather", "Get the weather.", city={"type": "string"})])
    errands = Errands(Scene(box, State()))
    errands.begin("get_weather").put("city", "Rome")
    reply = errands.advance()
    assert called(reply) == [Call("get_weather", {"city": "Rome"})]
    assert said(errands.hear_result("get_weather", {"city": "Rome"}, Result("Sunny."))) == "Sunny."
    assert errands.state.finished == 1


def test_without_fillers_a_call_is_made_in_silence(lido: Any) -> None:
    errands = Errands(Scene(Toolbox(lido.tools), State(), fill=False))
    filled(errands, **LOOK)
    assert errands.advance() == [Call("free_tables", LOOK)]


def test_what_is_asked_already_is_not_asked_again(lido: Any) -> None:
    waiting = [key_of("free_tables", LOOK)]
    errands = Errands(Scene(Toolbox(lido.tools), State(), waiting))
    filled(errands, **LOOK)
    reply = errands.advance()
    assert called(reply) == []
    assert "moment" in said(reply)


def test_what_the_caller_said_of_themselves_is_kept_and_nothing_else(errands: Errands) -> None:
    filled(errands, **BOOK)
    errands.hear_result("book_table", BOOK, Result("Booked."))
    assert errands.state.about == {"name": "Anna"}
    assert errands.begin("book_table").values == {"name": "Anna"}


def test_after_a_change_there_may_be_more(errands: Errands) -> None:
    filled(errands, **BOOK)
    assert (
        said(errands.hear_result("book_table", BOOK, Result("Booked."))) == "Booked. Is there anything else?"
    )
    assert errands.state.asking == "more"
    assert errands.state.goal is None
    assert errands.state.last is not None
    assert errands.state.last.values == BOOK


def test_an_errand_that_was_put_off_is_taken_up_again(errands: Errands, tool: Make, lido: Any) -> None:
    box = Toolbox([*lido.tools, tool("opening_hours", "Tell when the house is open.")])
    errands = Errands(Scene(box, State()))
    errands.state.aside = errands.begin("book_table")
    errands.state.aside.asked = {"day": 1}
    errands.begin("opening_hours")
    reply = errands.hear_result("opening_hours", {}, Result("From six."))
    assert said(reply) == "From six. Back to where we were. What day would you like?"
    assert errands.state.aside is None


def test_a_failure_that_names_a_field_asks_for_it_again(errands: Errands) -> None:
    filled(errands, **BOOK)
    errands.hear_result("free_tables", LOOK, Result(["19:00"]))
    reply = errands.hear_result("book_table", BOOK, Result("the name is too short", is_error=True))
    assert said(reply).endswith("the name is too short. What name shall I put it under?")


def test_another_failure_may_be_tried_again(errands: Errands) -> None:
    filled(errands, **BOOK)
    reply = errands.hear_result("book_table", BOOK, Result("out of order", is_error=True))
    assert said(reply).endswith("out of order. Shall I try again?")
    assert errands.state.asking == "retry"


@pytest.mark.parametrize(
    ("name", "result", "told"),
    [
        ("book_table", Result("Booked."), "Booked."),
        ("book_table", Result("full", is_error=True), "I'm sorry, that did not work: full."),
        ("free_tables", Result(["19:00"]), ""),
        ("gone", Result("x"), ""),
    ],
)
def test_answers_that_nobody_waits_for_any_more(
    errands: Errands, name: str, result: Result, told: str
) -> None:
    filled(errands, day="Saturday", people=3)
    errands.state.ask("nothing")
    assert said(errands.hear_result(name, LOOK, result)) == told


def test_a_late_answer_does_not_lose_the_open_question(errands: Errands) -> None:
    filled(errands, day="Saturday")
    errands.advance()
    reply = errands.hear_result("book_table", BOOK, Result("Booked."))
    assert said(reply) == "Booked. How many people?"


def test_the_question_again_gets_help_and_patience_does_not_count(errands: Errands) -> None:
    errands.begin("book_table")
    assert said(errands.advance()) == "What day would you like?"
    assert said(errands.patient("I see.")) == "I see. What day would you like?"
    assert said(errands.again()).startswith("Sorry, I need a day")
    assert "never mind" in said(errands.again())


def test_it_is_sorry_once(errands: Errands) -> None:
    errands.begin("book_table")
    errands.advance()
    reply = said(errands.again("Sorry, I did not catch that."))
    assert reply == "Sorry, I did not catch that. I need a day, Friday for instance. What day would you like?"


def test_without_an_errand_there_is_only_the_news(errands: Errands) -> None:
    assert errands.advance() == errands.again() == errands.patient("") == []
    assert errands.advance("Well.") == errands.again("Well.") == errands.patient("Well.") == [Say("Well.")]
    assert errands.key() == ""


@pytest.mark.parametrize(
    ("asking", "question"), [("change", "What should I change?"), ("retry", "Shall I try again?")]
)
def test_other_open_questions(errands: Errands, asking: Any, question: str) -> None:
    filled(errands, **BOOK)
    errands.state.ask(asking)
    assert said(errands.again("Hm.")) == f"Hm. {question}"


def test_what_is_to_be_said_by_the_tool_s_own_instructions(tool: Make) -> None:
    rolling = tool("roll_dice", "Roll the dice.")
    rolling["response_instructions"] = {"success": 'Say "Alea iacta est."', "error": "Say 'No dice.'"}
    errands = Errands(Scene(Toolbox([rolling]), State()))
    errands.begin("roll_dice")
    assert said(errands.hear_result("roll_dice", {}, Result(4))) == "Alea iacta est."
    errands.begin("roll_dice")
    assert (
        said(errands.hear_result("roll_dice", {}, Result("x", is_error=True)))
        == "No dice. Shall I try again?"
    )
