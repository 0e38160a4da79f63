"""The browser's microphone where the page sends it to the service by itself: here is word of it only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from voicenb.session.backlog import BacklogElsewhere
from voicenb.session.capture_map import CaptureMap
from voicenb.session.microphone import RATE, FrameCount, Room
from voicenb.session.page_clock import PageClock
from voicenb.session.page_microphone import LATE
from voicenb.session.page_mirror import Went


class LineMicrophone:
    """Gives no frames: what was sent is noted by the transport, in its place among what came.

    Args:
        clock: the page's clock.

    Attributes:
        backlog: what the page keeps while it has no connection.
        count: frames that were sent late, or not at all.
    """

    label = "browser"

    def __init__(self, clock: PageClock) -> None:
        self.count = FrameCount()
        self.backlog = BacklogElsewhere()
        self._clock = clock
        self._captured = CaptureMap(clock)
        self._given = 0  # samples
        self._lost_before, self._lost = 0, 0  # by pages that have gone, and by this one

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        """No frame, for as long as the session lasts."""
        del room
        await asyncio.get_running_loop().create_future()
        yield b""

    def attach(self) -> None:
        """A page is there; it counts its losses anew."""
        self._lost_before, self._lost = self._lost_before + self._lost, 0

    def detach(self) -> None:
        """The page has gone."""

    def sleep(self, asleep: bool) -> None:
        """The page is there, and its browser holds the sound back, or no longer."""

    def went(self, sound: Went, now: float) -> None:
        """The page has sent this; ``now`` is the loop's time."""
        self._captured.page(self._given, sound.captured, now)
        samples = len(sound.pcm) // 2
        self._given += samples
        on_its_way = (sound.at - sound.captured) / 1000 - samples / RATE
        if on_its_way > LATE and not sound.held:
            self.count.late += 1

    def lost(self, frames: int) -> None:
        """So many frames the page's socket did not take, in all."""
        self._lost = frames
        self.count.lost = self._lost_before + frames

    def clocks(self, began: float) -> dict[str, Any]:
        """The maps so far: the page's clock, and when the caller's samples were captured by it."""
        return {"page": self._clock.comparisons(began), "caller": self._captured.points(began)}
