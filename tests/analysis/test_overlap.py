"""How long two sides sound at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.overlap import overlap


def side(lengths: list[int]) -> list[Speech]:
    """Silence and speech by turns, in seconds."""
    places = [0, *np.cumsum(lengths)]
    return [Speech(float(start), float(end)) for start, end in zip(places[1::2], places[2::2], strict=False)]


@given(st.lists(st.integers(1, 9), max_size=12), st.lists(st.integers(1, 9), max_size=12))
def test_it_is_the_seconds_in_which_both_sound(ones: list[int], others: list[int]) -> None:
    mine, theirs = side(ones), side(others)

    def sounding(speech: list[Speech]) -> set[int]:
        return {second for each in speech for second in range(int(each.start), int(each.end))}

    both = len(sounding(mine) & sounding(theirs))
    assert overlap(mine, theirs) == overlap(theirs, mine) == both
