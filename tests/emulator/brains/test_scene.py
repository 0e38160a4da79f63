"""One moment of a conversation: values found, "the same" included, and the errand that fits best."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.state import Goal, State
from voicenb.emulator.brains.utterance import Utterance

LAST = {"day": "Friday", "people": 2, "time": "19:00", "name": "Anna"}


@pytest.fixture
def scene(lido: Any) -> Scene:
    return Scene(Toolbox(lido.tools), State(last=Goal("book_table", dict(LAST))))


def found(scene: Scene, text: str, asked: str | None = None) -> dict[str, Any]:
    slots = scene.box.slots("book_table")
    values = scene.find(Utterance.of(text), slots, scene.context(asked))
    return {name: value.value for name, value in values.items()}


@pytest.mark.parametrize(
    ("text", "asked", "values"),
    [
        ("Same time.", None, {"time": "19:00"}),
        ("The same name, but on Saturday.", None, {"name": "Anna", "day": "Saturday"}),
        ("Same day, same time.", None, {"day": "Friday", "time": "19:00"}),
        ("The same number of people.", None, {"people": 2}),
        ("The same.", "people", {"people": 2}),
        ("Same as before.", "name", {"name": "Anna"}),
        ("The same.", None, {}),
        ("On Saturday.", None, {"day": "Saturday"}),
    ],
)
def test_the_same_as_last_time(scene: Scene, text: str, asked: str | None, values: dict[str, Any]) -> None:
    assert found(scene, text, asked) == values


def test_without_a_last_time_nothing_is_the_same(lido: Any) -> None:
    assert found(Scene(Toolbox(lido.tools), State()), "Same time.", "people") == {}


def test_what_is_known_while_values_are_looked_for(lido: Any) -> None:
    today = datetime.date(2026, 3, 11)
    context = Scene(Toolbox(lido.tools), State(), today=today).context("day", ["people"])
    assert (context.asked, context.today, context.recent, context.refused) == ("day", today, ("people",), [])


def test_the_errand_that_fits_best(scene: Scene) -> None:
    name, fit = scene.best("i want to book a table")
    assert name == "book_table"
    assert fit > 2
    assert scene.best("bananas") == ("book_table", 0.0)
