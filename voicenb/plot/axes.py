"""An Axes to draw on, and what all pictures have in common."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicenb.errors import InvalidConfiguration
from voicenb.plot.palette import Palette, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes


LETTERS = 14.0
"""Letters of the size "small" that go into an inch."""

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
"""Seconds from one tick to the next, as clocks count; a longer call has one every so many hours."""

APART = 1.1
"""Inches from one tick to the next, at least."""

PAD = 0.08
"""Inches between the Axes and what is written beside it, and as many to the figure's edge."""


def axes(ax: Axes | None, size: tuple[float, float]) -> tuple[Axes, Palette]:
    """The Axes that was given, or one in a new figure; and the colours for it.

    Args:
        ax: to draw on, or None.
        size: of a new figure, in inches.

    Raises:
        InvalidConfiguration: ``ax`` is no Axes.
    """
    from matplotlib.axes import Axes as Kind

    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=size, layout="constrained")
    elif not isinstance(ax, Kind):
        raise InvalidConfiguration(
            f"ax takes a matplotlib Axes, not {ax!r}.", remedy="fig, ax = plt.subplots()", param="ax"
        )
    return ax, palette(ax)


def quiet(ax: Axes, colours: Palette) -> None:
    """No frame, no ticks at the side, faint labels."""
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0, labelsize="small", colors=colours.faint)
    ax.set_axisbelow(True)


@dataclass(frozen=True, slots=True)
class Room:
    """What has room between the Axes and the edges of its figure; no end of it where the layout makes room.

    Attributes:
        left: letters beside it.
        right: letters behind it.
        below: inches.
    """

    left: float
    right: float
    below: float


def around(ax: Axes) -> Room:
    """The room that there is around the Axes."""
    if ax.figure.get_layout_engine() is not None:
        return Room(math.inf, math.inf, math.inf)
    box, dpi = ax.get_window_extent(), ax.figure.dpi
    left, right = (
        max(0.0, (pixels / dpi - PAD) * LETTERS) for pixels in (box.x0, ax.figure.bbox.width - box.x1)
    )
    return Room(left, right, box.y0 / dpi)


def clock(seconds: float) -> str:
    """Seconds of a call as people read them: ``1:05``; tenths where there are some."""
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{minutes:.0f}:{rest:02.0f}" if rest == int(rest) else f"{minutes:.0f}:{rest:04.1f}"


def moments(start: float, end: float, most: int) -> list[float]:
    """Round seconds between two moments, as clocks count.

    Args:
        start: the first moment.
        end: the last.
        most: how many there is room for, at least 1.
    """
    span = max(0.0, end - start)
    step = next((each for each in STEPS if span <= each * most), None)
    if step is None:
        step = STEPS[-1] * math.ceil(span / STEPS[-1] / most)
    first, last = math.ceil(start / step - 1e-9), math.floor(end / step + 1e-9)
    return [round(number * step, 6) for number in range(first, last + 1)]


def tell_time(ax: Axes) -> None:
    """Ticks at round seconds of a call, as many as there is room for, also when somebody zooms."""
    from matplotlib.ticker import Locator

    class Moments(Locator):
        def __call__(self) -> list[float]:
            return self.tick_values(*ax.get_xlim())

        def tick_values(self, vmin: float, vmax: float) -> list[float]:
            wide = ax.get_window_extent().width / ax.figure.dpi
            return moments(vmin, vmax, max(1, int(wide / APART)))

    ax.xaxis.set_major_locator(Moments())
    ax.xaxis.set_major_formatter(lambda seconds, _: clock(seconds))


def fitting(text: str, room: float) -> str:
    """As much of a text as has room, with an ellipsis where something is left out.

    Args:
        text: the text.
        room: for how many letters.
    """
    if len(text) <= room:
        return text
    return f"{text[: int(room) - 1].rstrip()}…" if room >= 5 else ""
