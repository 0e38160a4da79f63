"""Choices named in what was said."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.enums import all_of, one_of
from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.slots import Slot

ACCOUNTS = ("checking", "savings")
FROM = Slot("from_account", "enum", choices=ACCOUNTS)
TO = Slot("to_account", "enum", choices=ACCOUNTS)
SIZE = Slot("size", "enum", choices=("small", "extra_large"))


@pytest.mark.parametrize(
    ("text", "origin", "target"),
    [
        ("Transfer 50 euros from savings to checking.", "savings", "checking"),
        ("To checking, from my savings, please.", "savings", "checking"),
        ("From savings, please.", "savings", None),
        ("Put 50 into checking", None, "checking"),
    ],
)
def test_two_ends_with_the_same_choices(text: str, origin: str | None, target: str | None) -> None:
    found = [one_of(slot, line_of(text)) for slot in (FROM, TO)]
    assert [value.value if value else None for value in found] == [origin, target]


def test_the_last_choice_counts_and_not_the_refused_one() -> None:
    assert all_of(SIZE, line_of("Small, no, extra large.")) == ["small", "extra_large"]
    last = one_of(SIZE, line_of("Extra large, not small."))
    assert last is not None
    assert last.value == "extra_large"
    assert one_of(SIZE, line_of("Medium.")) is None
