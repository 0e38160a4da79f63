"""What all pictures have in common."""

from __future__ import annotations

from math import inf
from typing import Any

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import voicenb as vn
from voicenb.plot.axes import around, axes, clock, fitting, moments, quiet, tell_time


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


@pytest.mark.parametrize(
    ("span", "most", "told"),
    [
        ((0, 3600), 10, ["0:00", "10:00", "20:00", "30:00", "40:00", "50:00", "60:00"]),
        ((0, 62.3), 10, ["0:00", "0:10", "0:20", "0:30", "0:40", "0:50", "1:00"]),
        ((3.9, 8.2), 5, ["0:04", "0:05", "0:06", "0:07", "0:08"]),
        ((0, 0.04), 9, ["0:00"]),
        ((5, 5), 9, ["0:05"]),
        ((0, 10 * 3600), 3, ["0:00", "240:00", "480:00"]),
    ],
)
def test_ticks_are_round_as_clocks_count(span: tuple[float, float], most: int, told: list[str]) -> None:
    assert [clock(at) for at in moments(*span, most)] == told


@given(st.floats(-10, 50_000), st.floats(0, 50_000), st.integers(1, 20))
def test_there_are_no_more_ticks_than_have_room(start: float, length: float, most: int) -> None:
    found = moments(start, start + length, most)
    assert len(found) <= most + 1
    assert all(start - 1e-3 <= at <= start + length + 1e-3 for at in found)
    assert len({clock(at) for at in found if at >= 0}) == len([at for at in found if at >= 0])


def test_ticks_follow_who_zooms() -> None:
    _, ax = plt.subplots(figsize=(8, 2))
    tell_time(ax)
    ax.set_xlim(0, 3600)
    assert set(ax.get_xticks()) == {0, 900, 1800, 2700, 3600}
    ax.set_xlim(100, 104)
    assert set(ax.get_xticks()) == {100, 101, 102, 103, 104}
    assert next(label.get_text() for label in ax.get_xticklabels()) == "1:40"


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
