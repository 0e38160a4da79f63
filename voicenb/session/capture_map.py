"""When the samples of a page's microphone were captured, for the recording."""

from __future__ import annotations

from typing import Any

from voicenb.session.microphone import RATE
from voicenb.session.page_clock import EVERY, PageClock

JUMP = 20.0
"""Milliseconds by which a frame must be off its place behind the one before to be told of by itself."""


class CaptureMap:
    """Points between which the caller's track runs evenly: where it jumps, and one every ten seconds.

    Args:
        clock: the page's clock.
    """

    def __init__(self, clock: PageClock) -> None:
        self._clock = clock
        self._points: list[tuple[int, float, float]] = []  # sample, loop's seconds, uncertainty
        self._told: dict[int, tuple[int, float]] = {}  # by number of the point: page, page's milliseconds
        self._from: tuple[int, int, float] | None = None  # page, sample and page's milliseconds of the last

    def page(self, start: int, at: float, now: float) -> None:
        """Take note of a frame of the page's.

        Args:
            start: place of its first sample in the caller's track.
            at: when that was captured, in the page's milliseconds.
            now: the loop's seconds.
        """
        if not self._clock.known:
            return
        if self._from is not None and self._from[0] == self._clock.page:
            _, begin, begun = self._from
            on_time = abs(begun + 1000 * (start - begin) / RATE - at) < JUMP
            if on_time and start - begin < EVERY * RATE:
                return
        self._improve()
        self._told[len(self._points)] = self._clock.page, at
        moment, uncertainty = self._clock.on_loop(at, now)
        self._points.append((start, moment, uncertainty))
        self._from = self._clock.page, start, at

    def silence(self, start: int, moment: float) -> None:
        """Take note of zeros in the place of a page that is not there, by the loop's own clock."""
        if self._from is not None or not self._points:
            self._points.append((start, moment, 0.0))
            self._from = None

    def _improve(self) -> None:
        """What was not known well when a point was noted may be known better by now.

        A page's first frames come before its clock was compared to within more than a guess.
        """
        for number, (page, at) in self._told.items():
            start, _, uncertainty = self._points[number]
            known = self._clock.in_the_past(at)
            if page == self._clock.page and known is not None and known[1] < uncertainty:
                self._points[number] = start, *known

    def points(self, began: float) -> list[dict[str, Any]]:
        """What the recording keeps: ``{start, t, uncertainty}``, sample ``start`` was at the mouth at ``t``.

        The way from the mouth through the sound card to the page is not in it; no browser tells it.

        Args:
            began: when the engine began, in the loop's seconds.
        """
        self._improve()
        return [
            {"start": start, "t": round(moment - began, 6), "uncertainty": round(uncertainty, 6)}
            for start, moment, uncertainty in self._points
        ]
