"""Cursors of lists: places in the order of creation, which outlive what stood there."""

from __future__ import annotations

from voicenb.emulator import errors
from voicenb.emulator.errors import Refusal


def before(cursor: str, newest: int) -> int | Refusal:
    """Below which place the next page begins.

    Args:
        cursor: a ``next_cursor``, or empty for the first page.
        newest: the highest place that the list has had.
    """
    if not cursor:
        return newest + 1
    place = int(cursor) if cursor.isascii() and cursor.isdecimal() and len(cursor) < 16 else 0
    if not 1 <= place <= newest:
        return errors.value("'cursor' must be a next_cursor of this list", "cursor")
    return place
