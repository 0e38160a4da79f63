"""Loops of our own beside the caller's: a notebook's loop is running, and nothing may run inside it."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from voicenb.errors import WaitTimeout

T = TypeVar("T")

Begun = Callable[[asyncio.AbstractEventLoop, "asyncio.Task[Any]"], None]
"""Is told which task on which loop to cancel when the caller is interrupted."""


def elsewhere(work: Callable[[Begun], T]) -> T:
    """Call ``work`` on a new thread and wait for it; what it raises is raised here.

    An interrupt (Ctrl-C, or the kernel's stop button) cancels the task that ``work`` has named, lets it tidy
    up and goes on from here.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = []

    def body() -> None:
        try:
            outcome.append(work(lambda loop, task: running.append((loop, task))))
        except BaseException as error:  # passes through to the caller's thread
            failure.append(error)

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(body,), name="voicenb-run", daemon=True)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        for loop, task in running:
            if not loop.is_closed():
                loop.call_soon_threadsafe(task.cancel)
        thread.join()
        raise
    if failure:
        try:
            raise failure[0]
        finally:
            failure.clear()  # the traceback must not hold on to itself
    return outcome[0]


def run_really(main: Callable[[], Coroutine[Any, Any, T]], *, limit: float) -> T:
    """Run a coroutine function to its end on a new loop, in real time, and return what it returns.

    Args:
        main: called without arguments on the new loop.
        limit: seconds it may take.

    Raises:
        WaitTimeout: the limit is reached; ``main`` has been cancelled and could tidy up.
    """

    async def limited(begun: Begun) -> T:
        task = asyncio.current_task()
        assert task is not None
        begun(asyncio.get_running_loop(), task)
        try:
            async with asyncio.timeout(limit) as watch:
                return await main()
        except TimeoutError as late:
            if not watch.expired():
                raise
            raise WaitTimeout(
                f"The run has reached its limit of {limit:g} seconds.",
                remedy="Raise limit=, or see why it does not end.",
                limit=limit,
            ) from late

    return elsewhere(lambda begun: asyncio.run(limited(begun)))
