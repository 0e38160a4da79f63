"""Numbers put right further on in the same breath."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.amends import amended
from voicenb.emulator.brains.line import line_of

TABLE = "A table for five on Monday"


@pytest.mark.parametrize(
    "correction",
    [
        ". No, make that six.",
        ", sorry, I meant six.",
        ". Wait, six.",
        ". Not five, six.",
        ". No, not five but six, please.",
        ". Six, not five.",
        ", or rather six.",
        ". Could you make it six?",
        ". On second thought, six.",
        ". Scratch that, six.",
        ". Oh no, sorry, we'll be six.",
        ". Six instead.",
        ". Actually let's say six, please.",
        ". Correction: six.",
        ". No. Six.",
        ". Make it seven. No, six.",
        ". Change that to six, please.",
        ", no, wait, I mean for six.",
    ],
)
def test_a_number_is_put_in_the_place_of_the_one_before(correction: str) -> None:
    line = amended(line_of(TABLE + correction))
    assert line.startswith("A table for #6 on %Monday")
    assert line.count("#") == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Three nights for two people. Sorry, I meant four.", "#3 nights for #4 people ."),
        ("For two people, three nights from Monday. No, four.", "For #2 people , #4 nights from %Monday ."),
        ("Eight people at seven on Friday. No, make that nine.", "#8 people at @09:00~ on %Friday ."),
        ("At eight in the evening on Friday, I mean nine.", "At @21:00 on %Friday ,"),
        ("At seven on Friday for two, no, not seven, eight.", "At @08:00~ on %Friday for #2 ,"),
        ("At 19:00 on Friday, sorry, 20.", "At @20:00 on %Friday ,"),
        ("For two on March 5th. No, make that the sixth.", "For #2 on &03-06 ."),
        ("Set it to 20 degrees. Actually, 21.5, please.", "Set it to #21.5 degrees . , please ."),
        ("For two at seven. No, make that 30.", "For #30 at @07:00~ ."),
    ],
)
def test_which_value_it_is_that_is_put_right(text: str, line: str) -> None:
    assert amended(line_of(text)).rstrip(" .") == line.rstrip(" .")


@pytest.mark.parametrize(
    "text",
    [
        "No, make that six.",
        "A table for five on Monday, and I have two questions.",
        "A table for five on Monday. No, make that six nights.",
        "My number is five five five, one two three. No, one two four.",
        "A table for five on Monday, no smoking, at eight.",
        "A table for five. Sorry, my name is Anna.",
        "A table for five. I have no 6 of hearts.",
        "Not five, six.",
    ],
)
def test_what_puts_nothing_right(text: str) -> None:
    assert amended(line_of(text)) == line_of(text)
