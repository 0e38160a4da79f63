"""When each frame of a client's track came in: a client may send faster than it speaks, or late."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voicenb.turn_taking.detector import FRAME, Frame

RATE = 24_000

KEPT = 300.0
"""Seconds of the track whose arrival can be looked up; a turn is seldom longer."""


class Arrivals:
    """Maps places of the track to moments.

    A sample counts as come when its message came, less what follows it in that message: exact for a client
    that sends what it has just heard. No sample counts as come before the message ahead of its own, so that
    the error is at most one message for a client that sends sooner or later than that.
    """

    def __init__(self) -> None:
        # One number a frame, by the frame's end; no objects, for sixty clients' sake.
        self._moments = np.full(round(KEPT * RATE / FRAME), np.nan)
        self._last = 0  # the newest frame's end, in frames
        self._received = 0.0  # seconds
        self._before = -np.inf  # when the message ahead came

    def note(self, frames: Sequence[Frame], seconds: float, now: float) -> None:
        """A message came.

        Args:
            frames: what is known now that was not before.
            seconds: how long the message sounds.
            now: the moment.
        """
        if not len(self._moments):
            return
        if not self._received:
            self._moments[0] = now - seconds
        self._received += seconds
        for frame in frames:
            behind = max(0.0, self._received - frame.end / RATE)
            self._last = frame.end // FRAME
            self._moments[self._last % len(self._moments)] = max(now - behind, min(self._before, now))
        self._before = now

    def at(self, position: float) -> float | None:
        """When the sample at ``position`` (seconds of the track) came; None when that is forgotten."""
        place = min(max(round(position * RATE / FRAME), 0), self._last)
        if self._last - place >= len(self._moments):
            return None
        moment = float(self._moments[place % len(self._moments)])
        return None if np.isnan(moment) else moment

    def forget(self) -> None:
        """Give the memory back; nothing can be looked up any more."""
        self._moments = self._moments[:0].copy()
