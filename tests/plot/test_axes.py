"""What all pictures have in common."""

from __future__ import annotations

from math import inf
from typing import Any

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import voicenb as vn
from voicenb.plot.axes import around, axes, clock, fitting, quiet


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


@pytest.mark.parametrize("picture", [vn.plot.latency, vn.plot.timeline])
def test_nothing_is_cut_off_at_the_edge_of_a_small_figure(picture: Any, call: vn.Recording) -> None:
    figure, ax = plt.subplots(figsize=(3.2, 2.2))
    picture(call, ax=ax)
    figure.canvas.draw()
    whole = figure.bbox
    texts = [*ax.get_yticklabels(), *ax.get_xticklabels(), *ax.texts, ax.xaxis.label]
    for text in texts:
        box = text.get_window_extent()
        if text.get_text() and not text.get_clip_on():
            assert box.x0 >= whole.x0, text
            assert box.x1 <= whole.x1, text
            assert box.y0 >= whole.y0, text


def test_where_the_layout_makes_room_there_is_room() -> None:
    _, ax = plt.subplots(layout="constrained")
    assert around(ax).left == around(ax).below == inf
    _, ax = plt.subplots(figsize=(3, 2))
    assert 0 < around(ax).left < 8
