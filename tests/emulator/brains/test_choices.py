"""The caller's choice among the options of a look-up."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brain import Say
from voicenb.emulator.brains.choices import Choices
from voicenb.emulator.brains.corrections import Corrections
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.results import Result
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.state import Goal, State, key_of
from voicenb.emulator.brains.utterance import Utterance

ASKED = {"day": "Friday", "people": 2}
NAME = "What name shall I put it under?"


class Offered:
    """A look-up that has been answered, and what the caller says to it."""

    def __init__(self, tools: list[dict[str, Any]], options: Any, **values: Any) -> None:
        self.goal = Goal("book_table")
        for name, value in {**ASKED, **values}.items():
            self.goal.put(name, value)
        self.goal.results[key_of("free_tables", ASKED)] = Result(options)
        self.scene = Scene(Toolbox(tools), State(goal=self.goal))
        errands = Errands(self.scene)
        self.choices = Choices(self.scene, errands, Corrections(self.scene, errands))
        self.slots = {slot.name: slot for slot in self.scene.box.slots("book_table")}

    def hear(self, text: str, asked: str | None = "time") -> str | None:
        said = Utterance.of(text)
        found = self.scene.find(said, tuple(self.slots.values()), self.scene.context(asked, self.goal.recent))
        reply = self.choices.hear(said, self.goal, self.slots[asked] if asked else None, found)
        return None if reply is None else " ".join(part.text for part in reply if isinstance(part, Say))


@pytest.fixture
def offered(lido: Any) -> Any:
    return lambda options=("19:00", "20:30"), **values: Offered(lido.tools, list(options), **values)


@pytest.mark.parametrize(
    ("text", "time", "reply"),
    [
        ("Seven.", "19:00", f"All right. {NAME}"),
        ("The second one.", "20:30", f"Half past eight in the evening, then. {NAME}"),
        ("Either.", "19:00", f"Seven in the evening, then. {NAME}"),
        ("Seven, and the name is Anna.", "19:00", "All right. Shall I book a table on Friday for two people"),
    ],
)
def test_a_choice_is_taken_and_told_where_it_was_not_said(
    offered: Any, text: str, time: str, reply: str
) -> None:
    scene = offered()
    said = scene.hear(text)
    assert said.startswith(reply)
    assert scene.goal.values["time"] == time


def test_of_one_option_a_no_means_another_day(offered: Any) -> None:
    scene = offered(["19:00"])
    assert scene.hear("No.") == "All right, another day then. What day would you like?"
    assert "day" not in scene.goal.values
    assert offered(["19:00"]).hear("Yes.") == f"Seven in the evening, then. {NAME}"
    assert offered().hear("None of them.") == "All right, another day then. What day would you like?"


@pytest.mark.parametrize("text", ["Bananas.", "Yes.", "No.", "On Saturday.", "For three people."])
def test_what_is_no_choice(offered: Any, text: str) -> None:
    scene = offered()
    assert scene.hear(text) is None
    assert scene.goal.values == ASKED


@pytest.mark.parametrize(
    ("text", "news"),
    [
        ("What times do you have?", ""),
        ("Anything else?", "That is all I have: "),
        ("Is that all?", "That is all I have: "),
    ],
)
def test_what_is_asked_about_the_options(offered: Any, text: str, news: str) -> None:
    scene = offered()
    assert scene.choices.is_asked(Utterance.of(text), scene.slots["time"])
    reply = scene.hear(text)
    assert reply.startswith(f"{news}On Friday for two people there is seven or half past eight")


def test_nothing_is_asked_about_options_of_another_slot(offered: Any) -> None:
    scene = offered()
    assert not scene.choices.is_asked(Utterance.of("What times do you have?"), scene.slots["name"])


@pytest.mark.parametrize("text", ["Half past eight, then.", "The later one.", "No, at half past eight."])
def test_a_choice_is_changed_while_something_else_is_asked_for(offered: Any, text: str) -> None:
    scene = offered(time="19:00")
    assert scene.hear(text, "name").endswith(NAME)
    assert scene.goal.values["time"] == "20:30"


def test_a_bare_hour_behind_a_time_is_one_and_a_number_of_people_is_not(offered: Any) -> None:
    scene = offered(time="20:30")
    assert scene.hear("Seven, then.", "name").endswith(NAME)
    assert scene.goal.values == {**ASKED, "time": "19:00"}
    assert offered(time="20:30").hear("Seven people.", "name") is None
    assert offered(time="20:30").hear("Five.", "name") is None


def test_without_options_there_is_no_choice(lido: Any) -> None:
    scene = Offered(lido.tools, "We are open all evening.")
    assert scene.hear("Seven.") is None
    assert not scene.choices.is_asked(Utterance.of("What times do you have?"), scene.slots["time"])
