"""Processes that work: an executor that may be used in a notebook, and in a script without a guard.

Those of the standard library run the user's script once more in every child where they start it afresh, as
they do on Windows and macOS, and from Python 3.14 on everywhere; where they fork instead, the child has the
locks of threads that it has not got. These children are started as programs of their own.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeVar

from voicenb.session.children import dismiss, own_group, python
from voicenb.tuning.worker import receive, send

T = TypeVar("T")

_ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Threads of numerical libraries in each child: there is one child for each core."""


class WorkerLost(BrokenExecutor):
    """A process ended in the middle of its work. The others go on, and another one takes its place."""


class Processes(Executor):
    """So many child processes, each doing one piece of work at a time; they start when there is work.

    A function and its arguments are pickled: what was made up in a notebook cannot be sent. A process that is
    lost takes one piece of work with it, and no more.

    Args:
        count: how many.

    Example:
        >>> with Processes(2) as two:  # doctest: +SKIP
        ...     sweep = vn.whatif("calls/*", executor=two, min_silence=range(200, 2001, 100))
    """

    def __init__(self, count: int) -> None:
        self.count = self._max_workers = count  # the second as the library's pools have it
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[bytes]] = set()
        self._threads: list[threading.Thread] = []
        self._shut = self._killed = False

    @property
    def pids(self) -> list[int]:
        """Of the children that run."""
        with self._lock:
            return [child.pid for child in self._children if child.poll() is None]

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a function called in one of the processes.

        Raises:
            RuntimeError: after :meth:`shutdown`.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._shut:
                raise RuntimeError("These processes have been shut down.")
            self._jobs.put(_Job(future, fn, args, kwargs))
            if len(self._threads) < self.count:  # it starts its process once it has got work
                thread = threading.Thread(target=self._work, name="voicenb-worker", daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes.

        Args:
            wait: for the work to be done.
            cancel_futures: what has not begun is not done.
        """
        with self._lock:
            first, self._shut = not self._shut, True
        if cancel_futures:
            self._cancel()
        for _ in self._threads if first or cancel_futures else ():
            self._jobs.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def kill(self) -> None:
        """End the processes in the middle of their work."""
        with self._lock:
            self._killed = True
            for child in self._children:
                child.kill()
        self.shutdown(cancel_futures=True)

    def _cancel(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is not None:
                job.future.cancel()

    # --- on a thread for each process ---

    def _work(self) -> None:
        child: subprocess.Popen[bytes] | None = None
        while (job := self._jobs.get()) is not None:
            if job.future.set_running_or_notify_cancel():
                try:
                    data = pickle.dumps((job.work, job.args, job.named))
                except Exception as error:  # it cannot be sent
                    job.future.set_exception(error)
                else:
                    child = self._ask(child, job, data)
        if child is not None:
            self._end(child)

    def _ask(
        self, child: subprocess.Popen[bytes] | None, job: _Job, data: bytes
    ) -> subprocess.Popen[bytes] | None:
        """Have a child do it; the child, where it still lives."""
        try:
            child = child or self._start()
            assert child.stdin is not None
            assert child.stdout is not None
            send(child.stdin, data)
            answer = receive(child.stdout)
        except OSError:
            answer = None
        if answer is None:
            code = None if child is None else self._end(child)
            job.future.set_exception(WorkerLost(f"A process ended in the middle of its work (code {code})."))
            return None
        kind, found = pickle.loads(answer)
        if kind == "done":
            job.future.set_result(found)
        else:
            job.future.set_exception(found if kind == "raised" else pickle.PicklingError(found))
        return child

    def _start(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            python("-m", "voicenb.tuning.worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**_ALONE, **os.environ},
            **own_group(),
        )
        with self._lock:
            self._children.add(child)
            if self._killed:
                child.kill()
        return child

    def _end(self, child: subprocess.Popen[bytes]) -> int:
        code = dismiss(child)
        if child.stdout is not None:
            child.stdout.close()
        with self._lock:
            self._children.discard(child)
        return code


class _Job:
    """A call that is to be made, and where its outcome goes."""

    def __init__(self, future: Future[Any], work: Callable[..., Any], args: Any, named: Any) -> None:
        self.future, self.work, self.args, self.named = future, work, args, named
