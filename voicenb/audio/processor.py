"""The one seam for work that costs processor time: ears, mouth, detectors.

Live, the work runs on a thread and costs what it costs. On the virtual clock it runs in place, and its cost
in time is a stated number, so that a run is the same on every machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")

_BACKGROUND = 10
"""How nice a thread of the background is: with two others at work on two processors it gets a tenth."""


class Processor(Protocol):
    """Runs a function that would block the loop."""

    async def run(self, work: Callable[[], T], *, cost: float, background: bool = False) -> T:
        """Run ``work`` and return what it returns.

        Args:
            work: a function without arguments; it must not touch the loop.
            cost: the seconds it is stated to take; used on the virtual clock only.
            background: nobody waits for it: it gets what the others leave of the machine.
        """
        ...

    def close(self) -> None:
        """Give back what the processor holds."""
        ...


class ThreadProcessor:
    """Work on a pool of threads, at the price that it really has.

    Args:
        threads: how much of it runs at once; in the background one more.
    """

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="voicenb-work")
        self._background = ThreadPoolExecutor(1, thread_name_prefix="voicenb-background", initializer=_yield)

    async def run(self, work: Callable[[], T], *, cost: float, background: bool = False) -> T:
        """Run ``work`` on a thread; ``cost`` is not used.

        Raises:
            asyncio.CancelledError: the pool was closed, or the interpreter is about to end.
        """
        del cost
        pool = self._background if background else self._pool
        try:
            working = asyncio.get_running_loop().run_in_executor(pool, work)
        except RuntimeError:  # no thread takes work any more: whoever waits for this is over as well
            raise asyncio.CancelledError from None
        return await working

    def close(self) -> None:
        """Let the threads go; work that has begun is finished."""
        for pool in (self._pool, self._background):
            pool.shutdown(wait=False, cancel_futures=True)


def _yield() -> None:
    """Let other threads go first. Only Linux knows how nice a single thread is."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BACKGROUND)


class InPlaceProcessor:
    """Work in place, on the loop's own thread, at a stated price in (virtual) time."""

    async def run(self, work: Callable[[], T], *, cost: float, background: bool = False) -> T:
        """Run ``work`` at once, then let ``cost`` seconds of the loop's time pass."""
        del background
        result = work()
        if cost > 0:
            await asyncio.sleep(cost)
        return result

    def close(self) -> None:
        """Nothing to give back."""
