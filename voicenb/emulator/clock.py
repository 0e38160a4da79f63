"""Stamps: a fixed start plus the loop's own time, so that a virtual clock stamps as a real one does."""

from __future__ import annotations

import asyncio
import datetime
import time

FIXED_START = 1_790_000_000.0
"""Where the epoch of a repeatable run begins (September 2026)."""


class Stamps:
    """Epoch seconds from the loop's clock.

    Args:
        start: the epoch second at loop time 0; None takes the wall clock once, at the first stamp.
    """

    def __init__(self, start: float | None = None) -> None:
        self._start = start

    @staticmethod
    def loop_time() -> float:
        """Seconds of the running loop's clock."""
        return asyncio.get_running_loop().time()

    def now(self) -> float:
        """Epoch seconds, to the microsecond."""
        return self.at(self.loop_time())

    def at(self, loop_time: float) -> float:
        """The stamp of a moment of the running loop's clock."""
        if self._start is None:
            # The one look at the wall clock: it only labels, nothing is timed by it.
            self._start = time.time() - self.loop_time()
        return round(self._start + loop_time, 6)

    def iso(self, loop_time: float | None = None) -> str:
        """A moment (now, when None) as the REST resources write it: UTC, ISO, without a zone suffix."""
        return iso(self.now() if loop_time is None else self.at(loop_time))


def iso(stamp: float) -> str:
    """An epoch second as the REST resources write it."""
    moment = datetime.datetime.fromtimestamp(stamp, datetime.UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")
