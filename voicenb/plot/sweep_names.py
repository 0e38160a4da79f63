"""The names in the picture of a sweep: each beside its mark where there is room, else in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from voicenb.plot.palette import Palette
from voicenb.plot.placing import Name, Placing
from voicenb.plot.sweep_marks import Mark, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.transforms import Bbox

ROUNDS = 3
"""How often names are placed anew because more of them went into the list."""

Line = list[tuple[float, float]]
"""Points in data."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What no name is written over; all of it in data.

    Attributes:
        front: its corners; the list is not laid over it either.
        lines: others.
        points: of the front.
        dots: smaller ones.
    """

    front: Line
    lines: Sequence[Line]
    points: Line
    dots: Line


def write(
    ax: Axes,
    marks: Sequence[Mark],
    notes: Sequence[Sequence[Name]],
    others: Sequence[Name],
    kept: Kept,
    colours: Palette,
    size: str,
) -> list[Mark]:
    """Write all names.

    Args:
        ax: with everything drawn but the names.
        marks: policies; those that have no place or no room are told in a list, none is missing.
        notes: names of lines and areas; for each where it may be, of which the first with room is taken.
        others: names of settings, written where there is room for them.
        kept: what no name is written over.
        colours: of the ground that it stands on.
        size: of the letters.

    Returns:
        Those in the list.
    """
    places = [mark.place for mark in marks if mark.place is not None]
    listed = [mark for mark in marks if mark.place is None]
    written = len(ax.texts)
    placing = Placing(ax, size)
    for _ in range(ROUNDS):
        for text in list(ax.texts)[written:]:
            text.remove()
        legend = _list(ax, listed, colours)
        lay_out(ax)
        if legend is not None:
            box = legend.get_window_extent()
            if _covers(ax, box, [*kept.dots, *places], kept.front):
                _make_room(ax, box)
                lay_out(ax)
        placing = Placing(ax, size)
        if legend is not None:
            placing.keep(legend.get_window_extent())
        placing.marks(kept.points, 3.0)
        placing.marks(kept.dots, 1.0)
        placing.marks(places)
        for line in [kept.front, *kept.lines]:
            placing.line(line)
        failed = [mark for mark in marks if mark not in listed and not placing.write(_name(mark))]
        if not failed:
            break
        listed += failed
    for several in notes:
        any(map(placing.write, several))
    for name in others:
        placing.write(name)
    return listed


def lay_out(ax: Axes) -> None:
    """Let the figure's layout make room for what stands around: places in pixels hold from then on."""
    ax.figure.canvas.figure.draw_without_rendering()  # of a part of a figure, the whole


def _name(mark: Mark) -> Name:
    assert mark.place is not None
    return Name(*mark.place, mark.texts, mark.colour, mark.ring)


def _list(ax: Axes, marks: Sequence[Mark], colours: Palette) -> Legend | None:
    """The names of marks that have no place in the picture, or no room beside it."""
    from matplotlib.lines import Line2D

    if not marks:
        return None
    handles = []
    for mark in marks:
        text = mark.texts[0] if mark.place is not None else f"{mark.listed}: {mark.missing}"
        handles.append(Line2D([], [], **look(mark, colours), label=text))
    found = ax.legend(
        handles=handles,
        loc="upper right",
        fontsize="x-small",
        labelcolor=colours.faint,
        facecolor=colours.ground,
        edgecolor="none",
        framealpha=0.8,
        borderaxespad=0.3,
        handletextpad=0.3,
        markerscale=0.8,
    )
    for each in found.get_texts():
        each.set_parse_math(False)
    return found


def _covers(ax: Axes, box: Bbox, points: Line, line: Line) -> bool:
    """Whether a list covers a mark, or a part of a line whose corners these are."""
    to_pixels = ax.transData.transform
    if any(box.padded(4).contains(x, y) for x, y in to_pixels(np.array(points).reshape(-1, 2)).tolist()):
        return True
    pieces = pairwise(to_pixels(np.array(line).reshape(-1, 2)).tolist())
    return any(
        box.x0 <= max(x, to_x)
        and min(x, to_x) <= box.x1
        and box.y0 <= max(y, to_y)
        and min(y, to_y) <= box.y1
        for (x, y), (to_x, to_y) in pieces
    )


def _make_room(ax: Axes, box: Bbox) -> None:
    """Push everything down below a list at the top."""
    inside = ax.get_window_extent()
    low, high = ax.get_ylim()
    share = min(0.6, (inside.y1 - box.y0) / inside.height + 0.03)
    ax.set_ylim(low, low + (high - low) / (1 - share))
