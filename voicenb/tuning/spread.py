"""Work that is spread over processes or machines, and comes back in order.

Whatever `concurrent.futures.Executor` does it, the results are those of the serial run. What an executor does
not bring back (a process was killed, a machine went away, something cannot be sent there) is done again:
elsewhere once, where it still takes work, else in place; that is told once. An error of the work's own is
raised, and the work not done again.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeVar
from uuid import uuid4

from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.names import warn
from voicenb.tuning.processes import Processes

I = TypeVar("I")  # noqa: E741
R = TypeVar("R")

WORTH = 4.0
"""Seconds of work on one core from which on processes of their own pay: to start one takes half a second."""


class NotHere(RecordingError):
    """Raised by work whose recording is not there; in another process, that may be so there alone."""


def check_executor(executor: Any) -> None:
    """Refuse what is no executor.

    Raises:
        InvalidConfiguration: it has no ``submit``, or is a class.
    """
    if executor is None or (isinstance(executor, Executor) and not isinstance(executor, type)):
        return
    remedy = "Try executor=concurrent.futures.ProcessPoolExecutor()."
    if hasattr(executor, "get_executor"):
        remedy = "A client of Dask's gives one: executor=client.get_executor()."
    raise InvalidConfiguration(f"{executor!r} is no executor.", remedy=remedy, param="executor")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workers_for(seconds: float, items: int) -> int:
    """How many processes are worth their start; 1 where the work is best done in place.

    Args:
        seconds: that it takes on one core.
        items: pieces that it comes in.
    """
    return min(cores(), items) if seconds >= WORTH else 1


def spread(
    work: Callable[[I], R],
    items: Iterable[I],
    *,
    executor: Executor | None = None,
    workers: int = 1,
    ahead: int | None = None,
    what: str = "pieces of work",
) -> Iterator[R]:
    """Do work for each item; the results in the items' order.

    Args:
        work: a function of a module, which may be called in another process.
        items: what it is done for.
        executor: does it; it is not shut down. None: processes of our own.
        workers: so many of those; with 1 it is done in place, one item after the other.
        ahead: items that may be under way; None: all.
        what: the items are called, where one was lost.

    Raises:
        InvalidConfiguration: ``executor`` is none.
    """
    check_executor(executor)
    if executor is not None:
        yield from _Spread(work, executor, what).over(items, ahead)
    elif workers <= 1:
        yield from map(work, items)
    else:
        own = Processes(workers)
        try:
            yield from _Spread(work, own, what).over(items, ahead)
        finally:
            own.kill()


class _Spread:
    def __init__(self, work: Callable[[I], R], executor: Executor, what: str) -> None:
        self._work: Callable[[Any], Any] = work
        self._executor = executor
        self._what = what
        self._name = uuid4().hex
        self._again: dict[int, str] = {}  # by place: why it was done again

    def over(self, items: Iterable[Any], ahead: int | None) -> Iterator[Any]:
        waiting: deque[tuple[int, Any, Future[Any] | None]] = deque()
        place = -1
        try:
            for place, item in enumerate(items):
                waiting.append((place, item, self._submit(place, item)))
                if ahead is not None and len(waiting) >= ahead:
                    yield self._result(*waiting.popleft())
            while waiting:
                yield self._result(*waiting.popleft())
        finally:
            for _, _, future in waiting:
                if future is not None:
                    future.cancel()
            self._tell(place + 1)

    def _submit(self, place: int, item: Any) -> Future[Any] | None:
        """None where the executor takes no more."""
        try:
            return self._executor.submit(_attempt, self._work, item, f"{self._name}-{place}")
        except Exception as error:  # each executor has its own
            self._again.setdefault(place, _told(error))
            return None

    def _result(self, place: int, item: Any, future: Future[Any] | None) -> Any:
        for once_more in (True, False):
            if future is None:
                break
            try:
                found, error = future.result()
            except Exception as lost:
                self._again.setdefault(place, _told(lost))
                again = once_more and isinstance(lost, BrokenExecutor)
                future = self._submit(place, item) if again else None
                continue
            if error is None:
                return found
            if not isinstance(error, NotHere):
                raise error
            self._again.setdefault(place, _told(error))
            break
        return self._work(item)

    def _tell(self, items: int) -> None:
        if self._again:
            many, why = len(self._again), next(iter(self._again.values()))
            warn(
                f"{many} of {items} {self._what} did not come back from {type(self._executor).__name__} and "
                f"{'was' if many == 1 else 'were'} done again: {why}. The results are the same."
            )


def _attempt(work: Callable[[I], R], item: I, name: str) -> tuple[R | None, Exception | None]:
    """What came of it, or the work's own error: told apart from what an executor raises.

    Args:
        work: to be done.
        item: for it.
        name: of this attempt alone: Dask does what is the same but once.
    """
    del name
    try:
        return work(item), None
    except Exception as error:
        return None, error


def _told(error: BaseException) -> str:
    text = str(error).strip().rstrip(".").partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
