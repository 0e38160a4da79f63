"""Calls held one after the other or several at once, within a budget."""

from __future__ import annotations

import math
import pickle
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from voicenb.errors import ServiceError
from voicenb.names import warn
from voicenb.tuning.budget import Budget
from voicenb.tuning.processes import Processes
from voicenb.tuning.replay_call import Held, Job, hold
from voicenb.tuning.spread import workers_for

AHEAD = 32
"""Calls that are handed to an executor at once."""

TIMES = 8.0
"""So often faster than real time a call is on the virtual clock, about, on one core."""

T = TypeVar("T")

Stop = Callable[[Held], bool]


def hold_all(
    jobs: Sequence[Job],
    budget: Budget,
    executor: Executor | None,
    *,
    done: Callable[[], object],
    stop: Stop,
) -> list[Held | None]:
    """Hold calls; of each what came of it, None where it was not begun.

    Args:
        jobs: the calls.
        budget: that they share.
        executor: holds them; None: processes of our own where they are on the virtual clock and that pays,
            else here, one after the other.
        done: is called after each.
        stop: whether what came of one says that no other is to be begun.
    """
    if executor is not None:
        return _Work(jobs, budget, executor, done, stop).all()
    virtual = all(job.way.clock == "virtual" for job in jobs)
    workers = workers_for(sum(job.seconds for job in jobs) / TIMES, len(jobs)) if virtual else 1
    if workers <= 1 or not all(map(_can_be_sent, jobs)):
        return _Work(jobs, budget, _InPlace(), done, stop).all()
    own = Processes(workers)
    try:
        return _Work(jobs, budget, own, done, stop).all()
    finally:
        own.kill()


class _InPlace(Executor):
    """Calls a function when it is submitted."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class _Work:
    def __init__(
        self,
        jobs: Sequence[Job],
        budget: Budget,
        executor: Executor,
        done: Callable[[], object],
        stop: Stop,
    ) -> None:
        self._jobs = jobs
        self._budget = budget
        self._executor = executor
        self._done = done
        self._stop = stop
        self._waiting = deque(range(len(jobs)))
        self._running: dict[Future[Held], tuple[int, float]] = {}
        self._found: list[Held | None] = [None] * len(jobs)
        self._lost: list[str] = []

    def all(self) -> list[Held | None]:
        try:
            while self._waiting or self._running:
                while self._waiting and len(self._running) < self._at_once and self._begin():
                    pass
                if not self._running:
                    break  # the budget has nothing left for those that wait
                for future in wait(self._running, return_when=FIRST_COMPLETED).done:
                    self._end(future)
        finally:
            for future in self._running:
                future.cancel()
            if self._lost:
                warn(
                    f"{len(self._lost)} of {len(self._jobs)} calls did not come back from "
                    f"{type(self._executor).__name__} and were held again here: {self._lost[0]}."
                )
        return self._found

    @property
    def _at_once(self) -> int:
        return 1 if isinstance(self._executor, _InPlace) else AHEAD

    def _begin(self) -> bool:
        number = self._waiting[0]
        longest = self._budget.allot(self._jobs[number].seconds, alone=self._at_once == 1)
        if longest is None:
            return False
        self._waiting.popleft()
        job = self._jobs[number]
        if longest < job.longest:
            job = replace(job, longest=longest, why_longest="budget")
        work = partial(hold, job)
        try:
            future = self._executor.submit(work)
        except Exception as error:  # each executor has its own
            self._lost.append(_told(error))
            future = _InPlace().submit(work)
        self._running[future] = number, longest
        return True

    def _end(self, future: Future[Held]) -> None:
        number, longest = self._running.pop(future)
        try:
            held = future.result()
        except Exception as error:  # it was lost on the way
            if isinstance(self._executor, _InPlace):
                raise
            held = self._lost_on_the_way(number, longest, error)
        self._budget.settle(longest, held.seconds)
        self._found[number] = held
        self._done()
        if self._stop(held):
            self._waiting.clear()

    def _lost_on_the_way(self, number: int, longest: float, error: Exception) -> Held:
        """Hold it here; one that is paid for may have been paid, and is not paid again."""
        if self._budget.rate:
            lost = ServiceError(f"What held the call was lost in the middle of it: {_told(error)}.")
            # Nobody knows how far it came: it counts as having taken all that it might.
            took = longest if math.isfinite(longest) else self._jobs[number].longest
            return Held(None, took, "error", lost)
        self._lost.append(_told(error))
        return hold(self._jobs[number])


def _can_be_sent(job: Job) -> bool:
    """Whether processes of our own can take it: what was made in a notebook or script is not known there."""
    try:
        return b"__main__" not in pickle.dumps(job)
    except Exception:  # each object has its own
        return False


def _told(error: BaseException) -> str:
    text = str(error).strip().rstrip(".").partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
