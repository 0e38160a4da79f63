"""Options that a look-up brought: what they mean for a slot, which of them was chosen."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brains.options import choose, field_of, is_named, slot_for
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.utterance import Utterance

TIME = Slot("time", "time")
FLIGHT = Slot("flight_id", "text")
COLOUR = Slot("colour", "text")
TIMES = ["18:00", "19:00", "20:30"]
FLIGHTS = [
    {"flight_id": "AB12", "departs": "09:15", "airline": "Alpha Air"},
    {"flight_id": "XY9", "departs": "18:40", "airline": "Xenon Air"},
]


def chosen(text: str, items: list[Any] = TIMES, slot: Slot = TIME) -> Any:
    said = Utterance.of(text)
    return choose(said.text, items, slot, said.acts)


@pytest.mark.parametrize(
    ("item", "slot", "value"),
    [
        ("19:00", TIME, "19:00"),
        ({"time": "19:00", "room": 3}, TIME, "19:00"),
        ({"start": "19:00"}, TIME, "19:00"),
        ({"start": "soon"}, TIME, None),
        ({"id": "AB12"}, FLIGHT, "AB12"),
        ({"departure_time": "9:15 am"}, TIME, "9:15 am"),
    ],
)
def test_what_an_option_means_for_a_slot(item: Any, slot: Slot, value: Any) -> None:
    assert field_of(item, slot) == value


@pytest.mark.parametrize(
    ("items", "slots", "slot"),
    [
        (TIMES, [Slot("name", "name"), TIME], TIME),
        (["red", "blue"], [TIME, COLOUR], COLOUR),
        (FLIGHTS, [Slot("name", "name"), FLIGHT], FLIGHT),
        (["Anna", "Bob"], [Slot("name", "name"), TIME], None),
        ([1, 2], [Slot("people", "number")], None),
        ([], [TIME], None),
        ([{"x": 1}], [TIME], None),
    ],
)
def test_the_slot_that_a_choice_fills(items: list[Any], slots: list[Slot], slot: Slot | None) -> None:
    assert slot_for(items, slots) == slot


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Half past eight.", "20:30"),
        ("Seven.", "19:00"),
        ("8.30", "20:30"),
        ("18:00", "18:00"),
        ("Seven, no, half past eight.", "20:30"),
        ("Half past eight would be late, so seven it is.", "19:00"),
        ("The first one.", "18:00"),
        ("Number two.", "19:00"),
        ("Option three.", "20:30"),
        ("The last one.", "20:30"),
        ("The latest.", "20:30"),
        ("The earlier one.", "18:00"),
        ("I don't mind.", "18:00"),
        ("Not the first, the second.", "19:00"),
        ("Not six, seven.", "19:00"),
        ("The earlier of the two.", "18:00"),
        ("Eight.", "20:30"),
        ("Past eight, please.", "20:30"),
    ],
)
def test_times_that_are_chosen(text: str, time: str) -> None:
    assert chosen(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "Eight o'clock.",
        "At eight.",
        "Nine.",
        "Nine o'clock.",
        "Number four.",
        "Anything later?",
        "Bananas.",
        "Yes.",
        "Not seven.",
        "The fourth one.",
    ],
)
def test_nothing_is_chosen(text: str) -> None:
    assert chosen(text) is None


def test_a_bare_hour_with_two_options_in_it_chooses_none() -> None:
    assert chosen("Eight.", ["19:00", "20:15", "20:30"]) is None
    assert chosen("Eight.", ["20:00", "20:30"]) == "20:00"


@pytest.mark.parametrize(
    ("text", "time"),
    [("Not seven.", "20:30"), ("Not the first one.", "20:30"), ("Not half past eight.", "19:00")],
)
def test_what_is_refused_leaves_the_only_other_one(text: str, time: str) -> None:
    assert chosen(text, ["19:00", "20:30"]) == time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Anything after eight?", "20:30"),
        ("Not before eight.", "20:30"),
        ("Before seven.", None),  # two of them
        ("Before half past six", "18:00"),
        ("After nine.", None),
        ("Later than six.", None),  # all of them, or two
        ("At the latest until six, please.", "18:00"),
    ],
)
def test_after_and_before(text: str, time: str | None) -> None:
    assert chosen(text) == time


@pytest.mark.parametrize(
    ("text", "named"),
    [("Seven.", True), ("19:00, please", True), ("The first one.", False), ("Not six.", False)],
)
def test_whether_an_option_was_said(text: str, named: bool) -> None:
    assert is_named(text, "19:00", TIME) is named


def test_the_only_option_is_chosen_with_a_yes() -> None:
    assert chosen("Yes, please.", ["19:00"]) == "19:00"
    assert chosen("Fine, no, wait.", ["19:00"]) is None
    assert chosen("Yes.", ["19:00", "20:30"]) is None
    assert chosen("Yes.", []) is None


@pytest.mark.parametrize(
    ("text", "flight"),
    [
        ("The one at quarter past nine.", "AB12"),
        ("The evening one, at twenty to seven.", "XY9"),
        ("Alpha.", "AB12"),
        ("The second.", "XY9"),
        ("The later one.", "XY9"),
        ("XY9", "XY9"),
        ("Air.", None),
        ("The one at noon.", None),
    ],
)
def test_records(text: str, flight: str | None) -> None:
    item = chosen(text, FLIGHTS, FLIGHT)
    assert (item and item["flight_id"]) == flight


def test_words() -> None:
    colours = ["dark red", "light red", "blue"]
    assert chosen("The dark one.", colours, COLOUR) == "dark red"
    assert chosen("Blue, please.", colours, COLOUR) == "blue"
    assert chosen("Red.", colours, COLOUR) is None
