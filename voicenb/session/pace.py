"""Pace: when each frame of a microphone without a browser is due."""

from __future__ import annotations

import asyncio

from voicenb.session.microphone import FRAME, RATE

STALL = 1.0
"""Seconds by which a frame may be late and those behind it still catch up; a service takes no longer burst
for real time."""


class Pace:
    """A frame every 20 ms of the running loop's clock, each when its last sample would have been spoken.

    The schedule is absolute, so a frame that goes out late does not delay those after it. Where nothing could
    go out for long (the machine was busy, the line narrow), it gives way and goes on from now: what comes
    then comes later, but at real time.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._begin = self._loop.time()
        self._frames = 0

    async def next(self) -> None:
        """Wait until the next frame is due."""
        self._frames += 1
        wait = self._begin + self._frames * FRAME / RATE - self._loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        elif wait < -STALL:
            self._begin -= wait
