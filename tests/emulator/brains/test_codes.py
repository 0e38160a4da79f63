"""Codes, spelled out."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.codes import code, is_code
from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.slots import Slot

PLATE = Slot("plate", "text", "licence plate", "AB123")
ORDER = Slot("order_number", "text", "number of the order")
TITLE = Slot("title", "text", "title of the book", "Emma")


def test_which_slots_want_a_code() -> None:
    assert is_code(PLATE)
    assert is_code(ORDER)
    assert not is_code(TITLE)
    assert not is_code(Slot("order_number", "number"))


@pytest.mark.parametrize(
    ("slot", "text", "asked", "value"),
    [
        (PLATE, "A B one two three", True, "AB123"),
        (PLATE, "AB 123.", True, "AB123"),
        (PLATE, "It's A B, one two three, please.", True, "AB123"),
        (PLATE, "My plate is A B 1 2 3", False, "AB123"),
        (PLATE, "plate ab123", False, "AB123"),
        (PLATE, "I have a car", True, None),
        (PLATE, "I need a service for a car at three", False, None),
        (PLATE, "not AB 123", True, None),
        (PLATE, "Is my car ready? It's A B one two three.", False, "AB123"),
        (ORDER, "Where is my order A one two three four?", False, "A1234"),
        (ORDER, "order number 1234", False, "1234"),
        (ORDER, "X dash 12 dash 7", True, "X-12-7"),
        (Slot("code", "text", "the code", "ab12"), "a b 3 4", True, "ab34"),
    ],
)
def test_codes(slot: Slot, text: str, asked: bool, value: str | None) -> None:
    found = code(slot, line_of(text, times=False), text, asked)
    assert (found.value if found else None) == value
