"""Numbers for slots: named, bare, corrected, out of range."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brains.context import Context
from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.quantities import bare_number, fit, number
from voicenb.emulator.brains.slots import Slot

PEOPLE = Slot("people", "number", "size of the party", whole=True, low=1, high=8)
NIGHTS = Slot("nights", "number", whole=True)
DEGREES = Slot("degrees", "number", low=5, high=30)


@pytest.mark.parametrize(
    ("slot", "given", "value"),
    [
        (PEOPLE, 8, 8),
        (PEOPLE, 9, None),
        (PEOPLE, 0, None),
        (PEOPLE, 2.5, None),
        (DEGREES, 21.5, 21.5),
        (DEGREES, 21.0, 21),
        (DEGREES, 4.9, None),
        (Slot("guests", "number", as_text=True), 6.0, "6"),
        (Slot("order_id", "number", as_text=True), 12345678, "12345678"),
        (Slot("guests", "number", "number of guests"), 0, None),
        (Slot("score", "number"), 0, 0),
        (Slot("score", "number"), -3, -3),
    ],
)
def test_what_a_slot_takes(slot: Slot, given: float, value: Any) -> None:
    found = fit(slot, given)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        (NIGHTS, "for three nights", 3),
        (NIGHTS, "three nights, no, four nights", 4),
        (NIGHTS, "not three nights, four nights", 4),
        (NIGHTS, "not three nights", None),
        (NIGHTS, "three nights, no, wait, four", 4),
        (NIGHTS, "three nights, sorry, at four", 3),
        (PEOPLE, "there's seven of us, no, sorry, eight", 8),
        (PEOPLE, "for four, no, three nights", 4),
        (DEGREES, "set it to degrees of about 21", 21),
        (DEGREES, "twenty one degrees", 21),
        (PEOPLE, "a table for four", 4),
        (PEOPLE, "three nights", None),
        (NIGHTS, "three", None),
        (Slot("adults", "number"), "two adults and three children", 2),
        (Slot("children", "number"), "two adults and three children", 3),
    ],
)
def test_with_a_word_that_says_what_is_counted(slot: Slot, text: str, value: Any) -> None:
    found = number(slot, line_of(text, times=False), [], Context())
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("text", "nights"),
    [
        ("a week", 7),
        ("for two weeks", 14),
        ("a fortnight", 14),
        ("a single night", 1),
        ("in two weeks", None),
    ],
)
def test_nights_in_weeks(text: str, nights: int | None) -> None:
    found = number(NIGHTS, line_of(text, times=False), [], Context())
    assert (found.value if found else None) == nights


def test_a_number_that_is_not_taken_is_noted() -> None:
    context, taken = Context(), [(0, 0)]
    assert number(PEOPLE, line_of("twelve people"), taken, context) is None
    assert context.refused == [PEOPLE]
    assert taken == [(0, 0), (0, len("#12 people"))]


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("order one two three four", None, 1234),
        ("It's 12, 34.", "order_id", 1234),
        ("order number 42", None, 42),
        ("twelve thirty four on Friday", None, 1234),
        ("one two or three four", None, None),
    ],
)
def test_a_number_that_names_something_is_told_digit_by_digit(
    text: str, asked: str | None, value: int | None
) -> None:
    order = Slot("order_id", "number", "number of the order", whole=True)
    found = number(order, line_of(text, times=False), [], Context(asked))
    assert (found.value if found else None) == value


def bare(text: str, *slots: Slot, asked: str | None = None, recent: tuple[str, ...] = ()) -> dict[str, Any]:
    found: dict[str, Any] = {}
    bare_number(line_of(text), slots, Context(asked, None, recent), found, [])
    return {name: value.value for name, value in found.items()}


def test_a_bare_number_goes_where_it_was_asked_for() -> None:
    assert bare("Three.", PEOPLE, NIGHTS, asked="nights") == {"nights": 3}
    assert bare("Three.", PEOPLE, NIGHTS) == {}
    assert bare("Three.", PEOPLE) == {"people": 3}
    assert bare("Three.", PEOPLE, asked="name") == {"people": 3}
    assert bare("Three.", PEOPLE, asked="name", recent=("people",)) == {}, "it is known already"
    assert bare("Three.", PEOPLE, NIGHTS, asked="name") == {}


def test_a_correction_goes_to_what_was_filled_last() -> None:
    assert bare("Make that three.", PEOPLE, NIGHTS, recent=("people", "nights")) == {"nights": 3}
    assert bare("No, three.", PEOPLE, NIGHTS, asked="name", recent=("nights", "people")) == {"people": 3}


@pytest.mark.parametrize("text", ["I have two questions.", "ten past", "two hours", "three things"])
def test_numbers_of_something_else(text: str) -> None:
    assert bare(text, PEOPLE) == {}


@pytest.mark.parametrize("text", ["two on Friday", "two, please", "just two", "two then", "maybe two or"])
def test_numbers_that_nothing_else_claims(text: str) -> None:
    assert bare(text, PEOPLE) == {"people": 2}


def test_of_several_the_last_that_is_meant() -> None:
    assert bare("two, no, three", PEOPLE) == {"people": 3}
    assert bare("three, not two", PEOPLE) == {"people": 3}


def test_places_that_are_taken_are_left_alone() -> None:
    found: dict[str, Any] = {}
    line = "#4 #2"
    bare_number(line, [PEOPLE], Context(), found, [(3, 5)])
    assert found == {}, "the four is followed by another number"
    bare_number(line, [PEOPLE], Context(), found, [(0, 2)])
    assert found["people"].value == 2
