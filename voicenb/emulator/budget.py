"""One budget of processor time over all sessions: what is due first goes first, partials when none waits."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from typing import TypeVar

from voicenb.audio.processor import Processor

T = TypeVar("T")

SLACK = 0.7
"""Work that is due in more seconds than this leaves a place free for what is due at once."""


class Budget:
    """Hands the processor out to ears and mouths. Used from one loop.

    A job cannot be stopped once it runs. So partials, and sound that is not heard for a while, never take the
    last place: a final transcript or the first words of a reply at most wait for their like.

    Args:
        processor: where the work is done.
        places: how many jobs run at once.
    """

    def __init__(self, processor: Processor, places: int = 2) -> None:
        self._processor = processor
        self._places = places
        self._patient = max(1, places - 1)  # places that patient work may take
        self._running = 0
        self._patient_running = 0
        self._order = 0
        self._waiting: list[tuple[float, int, asyncio.Future[bool]]] = []

    @property
    def running(self) -> int:
        """Jobs at work now."""
        return self._running

    async def run(self, work: Callable[[], T], cost: float, due: float) -> T:
        """Do a piece of work that somebody waits for.

        Args:
            work: as `Processor.run` takes it.
            cost: its stated seconds.
            due: loop time at which its result is wanted; what is due first goes first.
        """
        self._order += 1
        ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (due, self._order, ready))
        self._offer()
        try:
            patient = await ready
        except asyncio.CancelledError:
            if ready.done() and not ready.cancelled():
                self._leave(patient=ready.result())
            raise
        return await self._do(work, cost, patient=patient)

    async def partial(self, work: Callable[[], T], cost: float) -> T | None:
        """Do a piece of work that is only worth doing when nobody waits; None at once when somebody does."""
        if self._waiting or self._running >= self._places or self._patient_running >= self._patient:
            return None
        self._enter(patient=True)
        return await self._do(work, cost, patient=True)

    async def _do(self, work: Callable[[], T], cost: float, *, patient: bool) -> T:
        try:
            return await self._processor.run(work, cost=cost)
        finally:
            self._leave(patient=patient)

    def _enter(self, *, patient: bool) -> None:
        self._running += 1
        self._patient_running += patient

    def _leave(self, *, patient: bool) -> None:
        self._running -= 1
        self._patient_running -= patient
        self._offer()

    def _offer(self) -> None:
        """Give the free places to what is due first."""
        while self._waiting and self._running < self._places:
            due, _, ready = self._waiting[0]
            if ready.done():  # given up
                heapq.heappop(self._waiting)
                continue
            patient = due - asyncio.get_running_loop().time() > SLACK
            if patient and self._patient_running >= self._patient:
                return  # and so is everything behind it
            heapq.heappop(self._waiting)
            self._enter(patient=patient)
            ready.set_result(patient)
