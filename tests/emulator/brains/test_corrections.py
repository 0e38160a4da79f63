"""What a caller puts right."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brain import Say
from voicenb.emulator.brains.corrections import Corrections
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.results import Result
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.state import Goal, Reply, State, key_of
from voicenb.emulator.brains.utterance import Utterance

BOOK = {"day": "Friday", "people": 2, "time": "19:00", "name": "Anna"}


@pytest.fixture
def goal() -> Goal:
    found = Goal("book_table")
    for name, value in BOOK.items():
        found.put(name, value)
    for day in ("Friday", "Saturday"):
        found.results[key_of("free_tables", {"day": day, "people": 2})] = Result(["19:00", "20:30"])
    return found


@pytest.fixture
def corrections(lido: Any, goal: Goal) -> Corrections:
    scene = Scene(Toolbox(lido.tools), State(goal=goal))
    return Corrections(scene, Errands(scene))


def said(reply: Reply) -> str:
    return " ".join(part.text for part in reply if isinstance(part, Say))


@pytest.mark.parametrize(
    ("changed", "text", "asked", "told"),
    [
        ({"people": 5}, "No, five people.", None, "Five people, then."),
        (
            {"people": 5, "day": "Saturday"},
            "Actually, five on Saturday",
            None,
            "Five people and Saturday, then.",
        ),
        ({"people": 5}, "Five.", "people", "All right."),
        ({"people": 5}, "No, five.", "people", "All right."),  # it is the answer to the question
        ({"people": 5}, "Five people.", "day", "All right."),
    ],
)
def test_what_was_put_right_is_said_back(
    corrections: Corrections, goal: Goal, changed: dict[str, Any], text: str, asked: str | None, told: str
) -> None:
    assert corrections.taken(goal, changed, Utterance.of(text), asked) == told


def test_short_words_take_turns(corrections: Corrections, goal: Goal) -> None:
    words = set()
    for turn in range(4):
        corrections.scene.state.heard = turn
        words.add(corrections.taken(goal, {}, Utterance.of("Five."), None))
    assert len(words) == 4


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("No, Smythe.", "name", "Smythe"),  # what was filled last
        ("Actually Petra.", "name", "Petra"),
        ("The name is Petra.", "name", "Petra"),
        ("Change the name to Petra", "name", "Petra"),
        ("The day. Make it Saturday.", "day", "Saturday"),
        ("no the time, half past eight", "time", "20:30"),
    ],
)
def test_a_correction_with_its_value(
    corrections: Corrections, goal: Goal, text: str, name: str, value: str
) -> None:
    reply = said(corrections.change(text, goal))
    assert goal.values == {**BOOK, name: value}
    assert ", then." in reply


@pytest.mark.parametrize(
    ("text", "name", "question"),
    [
        ("The name.", "name", "What name shall I put it under?"),
        ("Can I change the day?", "day", "What day would you like?"),
        ("That time is wrong.", "time", "Which would you like?"),
        ("The number of people is wrong", "people", "How many people?"),
    ],
)
def test_a_correction_without_one_is_asked_for(
    corrections: Corrections, goal: Goal, text: str, name: str, question: str
) -> None:
    reply = said(corrections.change(text, goal))
    assert name not in goal.values
    assert reply.startswith("All right.")
    assert reply.endswith(question)


@pytest.mark.parametrize(
    "text", ["No.", "", "No, thanks.", "No, goodbye.", "No, it is not quite like that yet"]
)
def test_what_is_no_correction(corrections: Corrections, goal: Goal, text: str) -> None:
    assert corrections.change(text, goal) == []
    assert goal.values == BOOK


def test_second_thoughts_need_a_word_for_them(corrections: Corrections, goal: Goal) -> None:
    assert corrections.reconsidered(Utterance.of("What time is it?"), goal) == []
    assert corrections.reconsidered(Utterance.of("Could we have a different day?"), goal)
    assert "day" not in goal.values


def test_what_is_not_known_yet_cannot_be_wrong(corrections: Corrections, goal: Goal) -> None:
    goal.drop("time")
    goal.recent.clear()
    assert corrections.change("the time", goal) == []


def test_it_asks_what_is_wrong(corrections: Corrections) -> None:
    assert said(corrections.ask()) == "All right. What should I change?"
    assert corrections.scene.state.asking == "change"
