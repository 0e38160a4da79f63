"""One budget of recogniser time over all sessions: finals first, partials when there is capacity."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from voicenb.audio.processor import Processor

T = TypeVar("T")


class Budget:
    """Hands the recogniser out. Used from one loop.

    Partials never take the last place, so a final at most waits for other finals.

    Args:
        processor: where the work is done.
        places: how many recognitions run at once.
    """

    def __init__(self, processor: Processor, places: int = 2) -> None:
        self._processor = processor
        self._places = places
        self._running = 0
        self._partials = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def running(self) -> int:
        """Recognitions at work now."""
        return self._running

    async def final(self, work: Callable[[], T], cost: float) -> T:
        """Run a recognition that a turn waits for; waits for a place, first come, first served."""
        while self._running >= self._places:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                # A place that was already offered goes to the next in the queue.
                if turn.done() and not turn.cancelled():
                    self._offer()
                else:
                    self._waiting.remove(turn)
                raise
        return await self._run(work, cost)

    async def partial(self, work: Callable[[], T], cost: float) -> T | None:
        """Run a recognition for a partial transcript; None at once when there is no capacity for it."""
        if self._waiting or self._running >= self._places or self._partials >= max(1, self._places - 1):
            return None
        self._partials += 1
        try:
            return await self._run(work, cost)
        finally:
            self._partials -= 1

    async def _run(self, work: Callable[[], T], cost: float) -> T:
        self._running += 1
        try:
            return await self._processor.run(work, cost=cost)
        finally:
            self._running -= 1
            self._offer()

    def _offer(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
