"""Cursors of lists."""

from __future__ import annotations

import pytest

from voicenb.emulator.cursor import before
from voicenb.emulator.errors import Refusal


@pytest.mark.parametrize(("cursor", "place"), [("", 6), ("5", 5), ("1", 1)])
def test_where_a_page_begins(cursor, place):
    assert before(cursor, 5) == place


@pytest.mark.parametrize("cursor", ["0", "6", "-1", "1e0", "²", " 1", "9" * 5000, "x"])
def test_what_nobody_gave_is_refused(cursor):
    refusal = before(cursor, 5)
    assert isinstance(refusal, Refusal)
    assert refusal.param == "cursor"
