"""The browser's microphone, as its frames come in from the page."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

from voicenb.session.capture_map import CaptureMap
from voicenb.session.microphone import FRAME, RATE, FrameCount, Room
from voicenb.session.page_clock import PageClock
from voicenb.session.page_frames import Captured

LATE = 0.15
"""Seconds after its last sample was captured by which a frame counts as late."""

MOST = 350
"""Frames that may wait for the service's socket: five seconds and a half of 16 ms."""

LEAP = 10_000
"""A jump in the numbers beyond this is another count, not so many lost frames."""


class PageMicrophone:
    """Frames from the page in the order in which they came; silence while no page is there.

    Args:
        clock: the page's clock.
        open_page: asks the page, now and whenever it comes back, to send.
    """

    label = "browser"

    def __init__(self, clock: PageClock, open_page: Callable[[], None]) -> None:
        self.count = FrameCount()
        self._clock = clock
        self._open_page = open_page
        self._frames: deque[tuple[int, Captured]] = deque()  # each with the page whose clock it tells
        self._given = 0  # samples
        self._captured = CaptureMap(clock)
        self._changed = asyncio.Event()
        self._attached = False
        self._asleep = False  # the browser holds the page's sound back
        self._next: int | None = None

    def attach(self) -> None:
        """A page is there; it counts its frames anew."""
        self._attached = True
        self._asleep = False
        self._next = None
        self._changed.set()

    def detach(self) -> None:
        """The page has gone."""
        self._attached = False
        self._changed.set()

    def sleep(self, asleep: bool) -> None:
        """The page is there, and its browser holds the sound back, or no longer."""
        self._asleep = asleep
        self._changed.set()

    def take(self, frame: Captured, now: float) -> None:
        """A frame has come in at ``now``, in the loop's seconds."""
        if self._next is not None and self._next < frame.seq < self._next + LEAP:
            self.count.lost += frame.seq - self._next
        self._next = frame.seq + 1
        if self._clock.known:
            captured, _ = self._clock.on_loop(frame.at, now)
            if now - captured - len(frame.pcm) / 2 / RATE > LATE:
                self.count.late += 1
        if len(self._frames) >= MOST:  # the service's socket does not take them
            self._frames.popleft()
            self.count.lost += 1
        self._frames.append((self._clock.page, frame))
        self._changed.set()

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        """The page's frames; while none can come, zeros at real time, for the service waits for nobody."""
        del room
        loop = asyncio.get_running_loop()
        self._open_page()
        silent_since: float | None = None
        sent = 0
        while True:
            if self._frames:
                silent_since = None
                page, frame = self._frames.popleft()
                if page == self._clock.page:
                    self._captured.page(self._given, frame.at, loop.time())
                self._given += len(frame.pcm) // 2
                yield frame.pcm
                continue
            self._changed.clear()
            if self._attached and not self._asleep:
                silent_since = None
                await self._changed.wait()
                continue
            if silent_since is None:
                silent_since, sent = loop.time(), 0
            sent += 1
            due = silent_since + sent * FRAME / RATE
            try:
                async with asyncio.timeout_at(due):
                    await self._changed.wait()
            except TimeoutError:
                self._captured.silence(self._given, due - FRAME / RATE)
                self._given += FRAME
                yield bytes(2 * FRAME)

    def clocks(self, began: float) -> dict[str, Any]:
        """The maps so far: the page's clock, and when the caller's samples were captured by it."""
        return {"page": self._clock.comparisons(began), "caller": self._captured.points(began)}
