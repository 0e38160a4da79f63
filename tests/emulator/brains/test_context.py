"""Words around values: what means nothing, and what turns a value away."""

from __future__ import annotations

import re

import pytest

from voicenb.emulator.brains.context import FILLERS, NEGATED, Context


@pytest.mark.parametrize(
    "before",
    [
        "not ",
        "not the ",
        "not on ",
        "it isn't ",
        "instead of ",
        "rather than ",
        "any day but ",
        "every day but ",
    ],
)
def test_what_turns_the_next_value_away(before: str) -> None:
    assert NEGATED.search(before)


@pytest.mark.parametrize(
    "before", ["", "but ", "no ", "no more than ", "nothing on ", "not today , ", "why not go on to "]
)
def test_what_does_not(before: str) -> None:
    assert not NEGATED.search(before)


@pytest.mark.parametrize("text", ["well, ", "okay so ", "let's say ", "I'd like the ", "no, sorry, "])
def test_fillers(text: str) -> None:
    assert re.fullmatch(rf"(?i){FILLERS}+", text)


def test_contexts_share_no_lists() -> None:
    assert Context().refused is not Context().refused
