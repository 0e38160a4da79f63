"""Each policy is named: beside its mark, or in the list."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes

from tests.plot.sweeps import swept
from voicenb.plot.palette import LIGHT
from voicenb.plot.placing import Name
from voicenb.plot.sweep_marks import Mark, policies
from voicenb.plot.sweep_names import Kept, write

NOTHING = Kept([], [], [], [])
MARKS = policies(swept(2, 1), LIGHT)


def made(size: tuple[float, float]) -> Axes:
    _, ax = plt.subplots(figsize=size, layout="constrained")
    ax.set(xlim=(0, 2.5), ylim=(0, 1))
    return ax


def told(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    listed = [] if legend is None else [text.get_text() for text in legend.get_texts()]
    return [text.get_text() for text in ax.texts if text.get_text()] + listed


@pytest.mark.parametrize("size", [(8.0, 5.0), (3.0, 2.0), (2.2, 1.6)])
def test_none_is_missing_whatever_room_there_is(size: tuple[float, float]) -> None:
    ax = made(size)
    listed = write(ax, MARKS, [], [], NOTHING, LIGHT, "small")
    names = told(ax)
    for mark in MARKS:
        assert sum(any(each.startswith(text) for text in mark.texts) for each in names) == 1, mark.texts
    assert bool(listed) == (ax.get_legend() is not None)


def test_the_list_covers_no_mark() -> None:
    ax = made((5.0, 3.5))
    missing: Mark = MARKS[0]
    absent = replace(missing, score=replace(missing.score, latency=None))
    kept = replace(NOTHING, front=[(0.2, 0.95), (2.4, 0.95), (2.4, 0.1)])
    assert write(ax, [absent, *MARKS[1:]], [], [], kept, LIGHT, "small")[0] == absent
    box = ax.get_legend().get_window_extent()
    for x, y in [*kept.front, *(mark.place for mark in MARKS[1:] if mark.place)]:
        assert not box.contains(*ax.transData.transform((x, y)))
    assert ax.get_ylim()[1] > 1


def test_of_the_places_of_a_note_the_first_with_room_is_taken() -> None:
    ax = made((5.0, 3.5))
    note = [Name(-5.0, 0.5, ("a note",), "black"), Name(1.0, 0.5, ("a note",), "black")]
    others = [Name(1.0, 0.5, ("x" * 200,), "black")]
    assert write(ax, [], [[*note, note[1]]], others, NOTHING, LIGHT, "small") == []
    assert told(ax) == ["a note"]
