"""When the caller's samples were captured, by the clock of the browser that captured them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voicenb.recording.events import Events
from voicenb.recording.layout import RATE, JSONObject

SLACK = 0.005
"""Seconds by which a sample may seem to be captured after it was sent, beyond the stated uncertainty."""

HELD = 15.0
"""Seconds that what was said may have waited for a connection; what seems to have waited longer did not."""

Block = tuple[int, int, float]
"""A stretch of the caller's track: first sample, how many, the latest second at which sample 0 was said."""


@dataclass(slots=True)
class Capture:
    """Points of ``session.json`` that tell of samples when they were captured.

    Between two points the samples follow evenly. The points count what was captured; what was captured while
    the connection was lost, and for which there was no room, is not in the track (``gaps``).

    Attributes:
        points: (sample, second, uncertainty), in order; empty where no browser captured.
        gaps: (first sample of the track behind it, how many samples are missing), in order.
    """

    points: list[tuple[int, float, float]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, events: Sequence[JSONObject], clocks: object) -> Capture:
        """What a recording tells.

        Args:
            events: all events.
            clocks: of its session; whatever is no such map tells nothing.
        """
        told = clocks.get("caller") if isinstance(clocks, Mapping) else None
        points = [
            (int(each["start"]), float(each["t"]), float(each.get("uncertainty") or 0.0))
            for each in (told if isinstance(told, list) else ())
            if isinstance(each, Mapping) and _is_point(each)
        ]
        return cls(sorted(points), _gaps(events) if points else [])

    @property
    def marks(self) -> list[int]:
        """Samples of the track from which on something else is told than before."""
        marks = {begin for begin, _ in self.gaps}
        for sample, _, _ in self.points:
            marks |= {sample, *(sample - missing for missing in self._sums if sample >= missing)}
        return sorted(marks)

    def settle(self, blocks: Sequence[Block]) -> None:
        """Leave out gaps that cannot be: a page that sends by itself counts what it sent.

        Args:
            blocks: of the track, which begin at the marks at least. Nothing is sent before it was captured.
        """
        kept: list[tuple[int, int]] = []
        for number, (begin, missing) in enumerate(self.gaps):
            end = self.gaps[number + 1][0] if number + 1 < len(self.gaps) else float("inf")
            trial = Capture(self.points, [*kept, (begin, missing)])
            behind = [block for block in blocks if begin <= block[0] < end]
            if all(trial.second(first, latest) is not None for first, _, latest in behind):
                kept.append((begin, missing))
        self.gaps = kept

    def second(self, sample: int, latest: float) -> tuple[float, float] | None:
        """When sample 0 was captured, by what is told of this one, and how far that may be off.

        Args:
            sample: of the track.
            latest: the second at which sample 0 was said at the latest, by when this one was sent.

        Returns:
            None where nothing is told, or something that cannot be.
        """
        if not self.points:
            return None
        missing = sum(count for begin, count in self.gaps if begin <= sample)
        number = bisect_right(self.points, (sample + missing, float("inf"), 0.0)) - 1
        counted, moment, uncertainty = self.points[max(0, number)]
        second = moment - (counted - missing) / RATE
        return (second, uncertainty) if -SLACK - uncertainty <= latest - second <= HELD else None

    @property
    def _sums(self) -> list[int]:
        sums, total = [0], 0
        for _, missing in self.gaps:
            total += missing
            sums.append(total)
        return sums


def _is_point(told: Mapping[str, object]) -> bool:
    numbers = (told.get("start"), told.get("t"), told.get("uncertainty") or 0)
    return all(isinstance(each, int | float) for each in numbers)


def _gaps(events: Sequence[JSONObject]) -> list[tuple[int, int]]:
    gaps: list[tuple[int, int]] = []
    if not isinstance(events, Events):
        return gaps
    which, _, sound = events.places("caller")
    for number in events.find("reconnected", direction="local").tolist():
        missing = round(float((events[number].get("msg") or {}).get("left_out") or 0.0) * RATE)
        behind = bisect_right(which.tolist(), number)
        if missing > 0 and behind < len(which):
            gaps.append((int(sound[behind][0]), missing))
    return gaps
