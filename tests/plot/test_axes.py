"""What all pictures have in common."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import voicenb as vn
from voicenb.plot.axes import axes, clock, fitting, quiet


def test_the_axes_that_were_given_or_new_ones() -> None:
    _, mine = plt.subplots()
    before = plt.get_fignums()
    ax, _ = axes(mine, (3, 2))
    assert ax is mine
    assert plt.get_fignums() == before
    ax, colours = axes(None, (3, 2))
    assert list(ax.figure.get_size_inches()) == [3, 2]
    quiet(ax, colours)
    assert not any(spine.get_visible() for spine in ax.spines.values())


@pytest.mark.parametrize("wrong", ["ax", 3, plt])
def test_what_is_no_axes_is_refused(wrong: object) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="matplotlib Axes"):
        axes(wrong, (3, 2))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (5, "0:05"), (65.2, "1:05.2"), (59.96, "1:00"), (600, "10:00")]
)
def test_times(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@given(st.text("abc de", max_size=30), st.floats(0, 40))
def test_words_that_fit(text: str, room: float) -> None:
    told = fitting(text, room)
    assert len(told) <= room or told == ""
    assert told == text or told == "" or told.endswith("…")
