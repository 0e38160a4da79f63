"""Loops of our own beside the caller's: a notebook's loop is running, and nothing may run inside it."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from typing import Any, TypeVar

from voicenb.errors import ToolError, WaitTimeout
from voicenb.session import exits

T = TypeVar("T")

TIDYING = 10.0
"""Real seconds that an interrupted run has to tidy up."""

Begun = Callable[[asyncio.AbstractEventLoop, "asyncio.Task[Any]"], None]
"""Is told which task on which loop to cancel when the caller is interrupted."""


def elsewhere(work: Callable[[Begun], T]) -> T:
    """Call ``work`` on a new thread and wait for it; what it raises is raised here.

    An interrupt (Ctrl-C, or the kernel's stop button) cancels the task that ``work`` has named, lets it tidy
    up and goes on from here. So do SIGTERM and SIGHUP, before the process dies of it.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = []

    interrupted = threading.Event()
    finished: Future[None] = Future()

    def begun(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
        running.append((loop, task))
        if interrupted.is_set():
            task.cancel()

    def body() -> None:
        try:
            outcome.append(work(begun))
        except BaseException as error:  # passes through to the caller's thread
            failure.append(error)
        finally:
            finished.set_result(None)

    def stop() -> Future[None]:
        interrupted.set()
        for loop, task in running:
            with suppress(RuntimeError):  # it has closed by itself
                loop.call_soon_threadsafe(task.cancel)
        return finished

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(body,), name="voicenb-run", daemon=True)
    let_go = exits.guard(stop)
    try:
        thread.start()
        finished.result()
    except KeyboardInterrupt:
        with suppress(FutureTimeout):
            stop().result(TIDYING)
        raise
    finally:
        let_go()
    thread.join()
    if failure:
        try:
            raise failure[0]
        finally:
            failure.clear()  # the traceback must not hold on to itself
    return outcome[0]


class AtOnce:
    """Work on a thread of its own, while the loop and its clock stand still until it is done.

    For tools on the virtual clock: they find no running loop, just as in a live session, and take no time.
    """

    async def run(self, work: Callable[[], T], *, cost: float) -> T:
        """Run ``work``; ``cost`` is not used.

        Raises:
            ToolError: ``work`` wanted to end the interpreter.
        """
        del cost
        try:
            return elsewhere(lambda begun: work())
        except Exception:
            raise
        except BaseException as error:
            raise ToolError(f"The tool gave up with {type(error).__name__}.") from error


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
