"""The pulse of a connection: whether the other side still gives a sign of life.

A network that dies silently (a Wi-Fi that is left, a table of addresses that forgets) closes nothing: what is
sent just goes nowhere. So the other side is pinged, and its answers are counted on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

TICK = 1.0
"""Seconds from one ping to the next, where it is answered in time."""

DOUBT = 2
"""Ticks that a ping stays unanswered, without another sign of life, after which it is doubtful whether
what is sent arrives."""

DEAD = 7
"""Ticks after which the connection is taken as lost. A service that is busy with something else may be silent
for a few; of the 30 s for which it keeps a session, most are left to come back."""


class Pulse:
    """Listens for signs of life from the first frame on: until then a service may be loading its models.

    It counts ticks, not time: while this program itself is held up, by a cell in C perhaps, nothing is
    counted. Nor is it while nobody takes the frames that have come, behind which an answer may be waiting.

    Args:
        ping: sends a ping; returns True when it is answered, and False when the connection is closed.
        give_up: called once, when there was no sign for too long.

    Attributes:
        lost: whether that has happened.
        listening: whether somebody waits for the next frame.
    """

    def __init__(self, ping: Callable[[], Awaitable[bool]], give_up: Callable[[], object]) -> None:
        self.lost = False
        self.listening = False
        self._ping = ping
        self._give_up = give_up
        self._loop = asyncio.get_running_loop()
        self._seen = self._loop.time()
        self._without = 0  # ticks
        self._watching: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None

    @property
    def in_doubt(self) -> bool:
        """Whether nobody knows if what is sent now arrives."""
        return self._without >= DOUBT

    @property
    def silent(self) -> float:
        """Seconds since the last sign of life."""
        return self._loop.time() - self._seen

    def sign(self) -> None:
        """There is one: a frame has come, or the answer to a ping."""
        self._seen, self._without = self._loop.time(), 0
        if self._watching is None:
            self._watching = asyncio.ensure_future(self._watch())

    def stop(self) -> None:
        """Listen no longer; may be called twice."""
        for task in (self._watching, self._asking):
            if task is not None:
                task.cancel()

    async def _watch(self) -> None:
        while self._without < DEAD:
            await asyncio.sleep(TICK)
            if self._asking is None:
                self._asking = asyncio.ensure_future(self._ask())
            else:
                self._without += self.listening
        self.lost = True
        self._give_up()

    async def _ask(self) -> None:
        if await self._ping():
            self._asking = None
            self.sign()
