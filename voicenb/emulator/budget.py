"""One budget of processor time over all sessions: what must begin first goes first, partials last."""

from __future__ import annotations

import asyncio
import bisect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from voicenb.audio.processor import Processor

T = TypeVar("T")

SLACK = 0.7
"""Work that need not begin for more seconds than this leaves a place free for what must begin at once."""

QUICK = 0.3
"""Work of at most so many seconds does not wait behind long work when it must begin now."""

EXPRESS = 2
"""Places for such work beyond the others, which then share the processor with it."""


@dataclass(frozen=True, slots=True, order=True)
class _Job:
    """Work that waits.

    Attributes:
        latest: when it must begin to be done in time.
        order: in which it came.
        cost: its stated seconds.
        ready: told when it may begin, and whether it takes a patient place.
    """

    latest: float
    order: int
    cost: float = field(compare=False)
    ready: asyncio.Future[bool] = field(compare=False)


class Budget:
    """Hands the processor out to ears and mouths. Used from one loop.

    A job cannot be stopped once it runs. So what is not wanted for a while never takes the last place,
    partials take none (they run in the background, one at a time), and short work that must begin now takes
    a place more: the first words of a reply at most wait for their like, not for a long final transcript.

    Args:
        processor: where the work is done.
        places: how many jobs run at once, without the partials.
    """

    def __init__(self, processor: Processor, places: int = 2) -> None:
        self._processor = processor
        self._places = places
        self._patient = max(1, places - 1)  # places that patient work may take
        self._running = 0
        self._patient_running = 0
        self._alarm: asyncio.TimerHandle | None = None
        self._partial = False
        self._order = 0
        self._waiting: list[_Job] = []  # what must begin first stands first

    @property
    def running(self) -> int:
        """Jobs at work now, partials not counted."""
        return self._running

    async def run(self, work: Callable[[], T], cost: float, due: float) -> T:
        """Do a piece of work that somebody waits for.

        Args:
            work: as `Processor.run` takes it.
            cost: its stated seconds.
            due: loop time at which its result is wanted; what must begin first to be in time goes first.
        """
        self._order += 1
        ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        job = _Job(due - cost, self._order, cost, ready)
        bisect.insort(self._waiting, job)
        self._offer()
        try:
            patient = await ready
        except asyncio.CancelledError:
            if job in self._waiting:
                self._waiting.remove(job)
            elif not ready.cancelled():
                self._leave(patient=ready.result())
            raise
        try:
            return await self._processor.run(work, cost=cost)
        finally:
            self._leave(patient=patient)

    async def partial(self, work: Callable[[], T], cost: float) -> T | None:
        """Do a piece of work that is only worth doing when nobody waits; None at once when somebody does."""
        if self._waiting or self._partial:
            return None
        self._partial = True
        try:
            return await self._processor.run(work, cost=cost, background=True)
        finally:
            self._partial = False

    def _leave(self, *, patient: bool) -> None:
        self._running -= 1
        self._patient_running -= patient
        self._offer()

    def _offer(self) -> None:
        """Give the places to what must begin first."""
        now = asyncio.get_running_loop().time()
        for job in list(self._waiting):
            if job.ready.done():  # given up
                continue
            patient = job.latest - now > SLACK
            if self._may_begin(job, now, patient=patient):
                self._waiting.remove(job)
                self._running += 1
                self._patient_running += patient
                job.ready.set_result(patient)
        self._set_alarm(now)

    def _may_begin(self, job: _Job, now: float, *, patient: bool) -> bool:
        if self._running < self._places:
            return not patient or self._patient_running < self._patient
        return job.cost <= QUICK and job.latest <= now and self._running < self._places + EXPRESS

    def _set_alarm(self, now: float) -> None:
        """Look again when waiting short work must begin: no job that ends may tell before."""
        if self._alarm is not None:
            self._alarm.cancel()
        moments = [job.latest for job in self._waiting if job.cost <= QUICK and job.latest > now]
        self._alarm = asyncio.get_running_loop().call_at(min(moments), self._offer) if moments else None
