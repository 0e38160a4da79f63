"""A virtual clock: an event loop whose time stands still while work is done and jumps while everything waits.

Code that asks its loop for the time and sleeps through it runs here unchanged, a minute in a second, in
the same order every time. Work for threads is done in place, and there is no network: both would let the
machine's speed decide what happens when.
"""

from __future__ import annotations

import asyncio
import itertools
import selectors
from collections.abc import Callable, Coroutine, Generator, Mapping
from concurrent.futures import Executor
from typing import Any, TypeVar

from voicenb.errors import InvalidConfiguration, VoicenbError, WaitTimeout
from voicenb.testing.elsewhere import Begun, elsewhere

T = TypeVar("T")

PATIENCE = 0.2
"""Real seconds that a loop with nothing due waits for a word from another thread before it gives up."""

GRACE = 60.0
"""Virtual seconds that are left for tidying up once the limit is reached."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on virtual time.

    ``time()`` moves only when every task waits: then it jumps to the next timer. Functions for an executor
    run in place (``run_in_executor``, ``asyncio.to_thread``). When everything waits and no timer is set, or
    the next one lies beyond the limit, the task given to :meth:`guard` is cancelled, and :attr:`stalled` says
    why.

    Args:
        start: what ``time()`` says at first, in seconds.
        limit: what it may say at most.
        patience: real seconds to wait for ``call_soon_threadsafe`` when nothing else is due.
    """

    def __init__(self, start: float = 0.0, limit: float = 3600.0, patience: float = PATIENCE) -> None:
        self.stalled: VoicenbError | None = None
        self._now = start
        self._limit = limit
        self._patience = patience
        self._guarded: asyncio.Task[Any] | None = None
        super().__init__(_Selector(self._advance))
        serial = itertools.count()
        self.set_task_factory(lambda loop, coro, **options: _Task(next(serial), coro, loop, **options))

    def time(self) -> float:
        """Virtual seconds."""
        return self._now

    def guard(self, task: asyncio.Task[Any]) -> None:
        """Cancel ``task`` when nothing can go on any more."""
        self._guarded = task

    def run_in_executor(  # type: ignore[override]  # a future that is done already is as good
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Call the function now, on this thread, and return its outcome as a future; it takes no time."""
        del executor
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def _advance(self, timeout: float | None, poll: Callable[[float], list[Any]]) -> list[Any]:
        """What the loop does when it would wait; ``timeout`` until its next timer, None without one."""
        if timeout is not None and timeout <= 0:
            return []
        woken = poll(0.0)
        if woken:
            return woken
        if timeout is None:
            woken = poll(self._patience)
            if not woken:
                self._stall(self._deadlock())
            return woken
        if self._now + timeout > self._limit:
            self._stall(self._overtime())
            return []
        self._now += timeout
        return []

    def _stall(self, error: VoicenbError) -> None:
        task = self._guarded
        if self.stalled is not None or task is None or task.done():
            raise error  # out of run_forever: nobody is left who could tidy up
        self.stalled = error
        self._limit = self._now + GRACE
        task.cancel()

    def _deadlock(self) -> WaitTimeout:
        waiting = [_where(task) for task in asyncio.all_tasks(self) if not task.done()]
        return WaitTimeout(
            f"Everything waits at {self._now:.3f} virtual seconds and no timer is set: "
            f"nothing can happen any more. Waiting: {'; '.join(sorted(waiting)) or 'no task'}.",
            remedy="Give the wait a timeout, or see why what it waits for never comes.",
            at=self._now,
            waiting=sorted(waiting),
        )

    def _overtime(self) -> WaitTimeout:
        return WaitTimeout(
            f"The run has reached its limit of {self._limit:g} virtual seconds.",
            remedy="Raise limit=, or see why it does not end.",
            at=self._now,
            limit=self._limit,
        )


class _Task(asyncio.Task[Any]):
    """A task that sets keep in order of creation: task groups and waits walk over sets."""

    def __init__(
        self,
        serial: int,
        coro: Generator[Any, None, Any] | Coroutine[Any, Any, Any],
        loop: asyncio.AbstractEventLoop,
        **options: Any,
    ) -> None:
        self._serial = serial
        super().__init__(coro, loop=loop, **options)

    def __hash__(self) -> int:
        return self._serial

    def __eq__(self, other: object) -> bool:
        return self is other


class _Selector(selectors.BaseSelector):
    """Knows one descriptor, the one through which other threads wake the loop; never waits by itself."""

    def __init__(self, advance: Callable[[float | None, Callable[[float], list[Any]]], list[Any]]) -> None:
        self._real = selectors.DefaultSelector()
        self._advance = advance

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        if self._real.get_map():
            raise InvalidConfiguration(
                "There is no network and no child process on the virtual clock: it jumps while they work.",
                remedy='Use an emulator of this process (vn.Emulator), or clock="real".',
            )
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return self._advance(timeout, self._real.select)


def _where(task: asyncio.Task[Any]) -> str:
    frames = task.get_stack(limit=1)
    if not frames:
        return task.get_name()
    code = frames[-1].f_code
    return f"{task.get_name()} in {code.co_qualname}, line {frames[-1].f_lineno}"


def run_virtually(
    main: Callable[[], Coroutine[Any, Any, T]], *, limit: float = 3600.0, start: float = 0.0
) -> T:
    """Run a coroutine function to its end on a virtual clock and return what it returns.

    It runs on a thread of its own with a loop of its own, so it may be called anywhere, also in a notebook,
    whose loop is running. What it raises is raised here.

    Args:
        main: called without arguments on the new loop.
        limit: virtual seconds it may take.
        start: what the loop's clock says at first.

    Raises:
        WaitTimeout: everything waits and nothing is due, or the limit is reached. ``main`` has been cancelled
            and could tidy up.
    """
    return elsewhere(lambda begun: _run(main, limit=limit, start=start, begun=begun))


def _run(
    main: Callable[[], Coroutine[Any, Any, T]],
    *,
    limit: float,
    start: float,
    begun: Begun,
) -> T:
    loop = VirtualLoop(start, limit)

    async def guarded() -> T:
        task = asyncio.current_task()
        assert task is not None
        loop.guard(task)
        begun(loop, task)
        return await main()

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        try:
            result = runner.run(guarded())
        except BaseException as error:
            if loop.stalled is None or error is loop.stalled:
                raise
            # What came of the cancellation is a consequence; the stall is the cause.
            raise loop.stalled from (None if isinstance(error, asyncio.CancelledError) else error)
    if loop.stalled is not None:
        raise loop.stalled
    return result
