"""Numbers, times, days and dates, as lines and as values."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.context import Context
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.values import find


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        (Slot("email", "email"), "It's anna.berger@example.com.", "anna.berger@example.com"),
        (Slot("email", "email"), "anna dot berger at example dot com", "anna.berger@example.com"),
        (Slot("phone", "phone"), "plus four nine, one five one, two three four", "+49151234"),
        (Slot("city", "place"), "What's the weather like in New York today?", "New York"),
        (Slot("nights", "number", whole=True), "for three nights", 3),
        (Slot("nights", "number", whole=True), "two point five nights", None),
        (Slot("guests", "number", as_text=True), "table for six", "6"),
        (Slot("size", "enum", choices=("small", "extra_large")), "Extra large, please.", "extra_large"),
        (Slot("size", "enum", choices=("small", "large")), "Not small, large.", "large"),
        (Slot("topic", "text"), "Tell me about the moon.", "moon"),
    ],
)
def test_single_values(slot: Slot, text: str, value: object) -> None:
    found = find(text, [slot], Context())
    assert (found[slot.name].value if slot.name in found else None) == value
