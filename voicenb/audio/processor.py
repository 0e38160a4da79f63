"""The one seam for work that costs processor time: ears, mouth, detectors.

Live, the work runs on a thread and costs what it costs. On the virtual clock it runs in place, and its cost
in time is a stated number, so that a run is the same on every machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")


class Processor(Protocol):
    """Runs a function that would block the loop."""

    async def run(self, work: Callable[[], T], *, cost: float) -> T:
        """Run ``work`` and return what it returns.

        Args:
            work: a function without arguments; it must not touch the loop.
            cost: the seconds it is stated to take; used on the virtual clock only.
        """
        ...

    def close(self) -> None:
        """Give back what the processor holds."""
        ...


class ThreadProcessor:
    """Work on a pool of threads, at the price that it really has."""

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="voicenb-work")

    async def run(self, work: Callable[[], T], *, cost: float) -> T:
        """Run ``work`` on a thread; ``cost`` is not used."""
        del cost
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """Let the threads go; work that has begun is finished."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class InPlaceProcessor:
    """Work in place, on the loop's own thread, at a stated price in (virtual) time."""

    async def run(self, work: Callable[[], T], *, cost: float) -> T:
        """Run ``work`` at once, then let ``cost`` seconds of the loop's time pass."""
        result = work()
        if cost > 0:
            await asyncio.sleep(cost)
        return result

    def close(self) -> None:
        """Nothing to give back."""
