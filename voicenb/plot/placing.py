"""Names beside points of a picture, where nothing lies beneath them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

AROUND = (
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, 1.0),
    (0.0, -1.0),
    (0.8, 0.8),
    (0.8, -0.8),
    (-0.8, 0.8),
    (-0.8, -0.8),
)
"""Where a name may stand: to the right, left, above, below, and in the corners between."""

NEAR, FAR = 8.0, (8.0, 18.0, 30.0, 44.0, 60.0)
"""Points from the middle of a mark to its name; beyond the first a line leads there."""

STEP = 3.0
"""Pixels between the places of a line that are kept free."""


Point = tuple[float, float]

Box = tuple[float, float, float, float]
"""Left, low, right, high."""


@dataclass(frozen=True, slots=True)
class Name:
    """One point's name.

    Attributes:
        x: of the point, in the Axes' data.
        y: of the point.
        texts: the longest first; the first that has room is written.
        colour: of the letters.
        bold: whether it is written bold.
        sides: where it may stand, the best place first.
        leads: whether a line leads to it where it stands apart from its point.
    """

    x: float
    y: float
    texts: tuple[str, ...]
    colour: str
    bold: bool = False
    sides: tuple[tuple[float, float], ...] = AROUND
    leads: bool = True


class Placing:
    """Writes names one after the other; what is named first has the best place.

    The layout of the figure must stand when names are placed (``figure.draw_without_rendering()``).

    Args:
        ax: the Axes.
        size: of the letters.
    """

    def __init__(self, ax: Axes, size: str = "small") -> None:
        self._ax, self._size = ax, size
        self._inside = ax.get_window_extent()
        self._points = ax.figure.dpi / 72
        self._taken: list[Box] = []
        self._lines: list[Point] = []

    def marks(self, points: Iterable[tuple[float, float]], reach: float = 5.0) -> None:
        """Keep marks free.

        Args:
            points: their middles, in data.
            reach: from the middle to the edge, in points.
        """
        far = reach * self._points
        for x, y in self._pixels(list(points)):
            self._taken.append((x - far, y - far, x + far, y + far))

    def line(self, points: Sequence[tuple[float, float]]) -> None:
        """Keep a line free: no name is written over it.

        Args:
            points: its corners, in data.
        """
        for one, other in pairwise(self._pixels(list(points))):
            self._lines += _between(one, other)

    def keep(self, box: Bbox) -> None:
        """Keep a box free, in pixels."""
        self._taken.append((box.x0, box.y0, box.x1, box.y1))

    def write(self, name: Name) -> bool:
        """Write a name where it has room.

        Args:
            name: of a point.

        Returns:
            Whether it had.
        """
        for text in name.texts:
            note = self._ax.annotate(
                text,
                (name.x, name.y),
                (0.0, 0.0),
                textcoords="offset points",
                ha="center",
                va="center",
                color=name.colour,
                fontsize=self._size,
                fontweight="bold" if name.bold else "normal",
                zorder=8,
                parse_math=False,
            )
            box = note.get_window_extent()
            where = self._free(name, box.width, box.height)
            if where is not None:
                self._put(note, where, name)
                return True
            note.remove()
        return False

    def _free(self, name: Name, wide: float, high: float) -> tuple[float, float] | None:
        """Where the middle of a text may be, in pixels from the point."""
        ((x, y),) = self._pixels([(name.x, name.y)])
        for far in FAR:
            for right, up in name.sides:
                dx = right * (far * self._points) + np.sign(right) * wide / 2
                dy = up * (far * self._points) + np.sign(up) * high / 2
                box = (x + dx - wide / 2, y + dy - high / 2, x + dx + wide / 2, y + dy + high / 2)
                leader = self._leader((x, y), box) if name.leads else []
                apart = [each for each in self._taken if not _inside([(x, y)], each)]
                if self._is_free(box) and not any(_inside(leader, each) for each in apart):
                    self._taken.append(box)
                    self._lines += leader
                    return float(dx), float(dy)
        return None

    def _is_free(self, box: Box) -> bool:
        left, low, right, high = box
        inside = self._inside
        if left < inside.x0 or right > inside.x1 or low < inside.y0 or high > inside.y1:
            return False
        if any(left < r and lo < high and le < right and low < hi for le, lo, r, hi in self._taken):
            return False
        return not _inside(self._lines, box)

    def _leader(self, point: Point, box: Box) -> list[Point]:
        """The line from a point to a text that stands apart from it; none where it is close by."""
        x, y = point
        near = min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
        if np.hypot(near[0] - x, near[1] - y) <= 1.6 * NEAR * self._points:
            return []
        return _between(point, near)

    def _put(self, note: Annotation, where: tuple[float, float], name: Name) -> None:
        dx, dy = (each / self._points for each in where)
        note.set_position((dx, dy))
        if not name.leads:
            return
        (point,) = self._pixels([(name.x, name.y)])
        box = note.get_window_extent()
        leader = self._leader(point, (box.x0, box.y0, box.x1, box.y1))
        if leader:
            across, up = ((to - at) / self._points for to, at in zip(leader[-1], point, strict=True))
            self._ax.annotate(
                "",
                (name.x, name.y),
                (across, up),
                textcoords="offset points",
                arrowprops={"arrowstyle": "-", "color": name.colour, "linewidth": 0.6, "shrinkB": 4.0},
                zorder=7,
            )

    def _pixels(self, points: Sequence[tuple[float, float]]) -> list[Point]:
        if not points:
            return []
        found = self._ax.transData.transform(np.array(points, np.float64))
        return [(float(x), float(y)) for x, y in found]


def _between(one: Point, other: Point) -> list[Point]:
    """Places of a line, close to each other."""
    steps = max(2, int(np.hypot(other[0] - one[0], other[1] - one[1]) / STEP))
    xs, ys = (np.linspace(start, end, steps).tolist() for start, end in zip(one, other, strict=True))
    return list(zip(xs, ys, strict=True))


def _inside(points: Iterable[Point], box: Box) -> bool:
    left, low, right, high = box
    return any(left < x < right and low < y < high for x, y in points)
