"""One thing after the other, in the order in which they were asked for."""

from __future__ import annotations

import atexit
import logging
import threading
import weakref
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

_log = logging.getLogger(__name__)


class Errands:
    """Runs what it is asked to on a thread of its own, one at a time and in order.

    The thread begins with the first errand and ends when none is left. An errand that fails is logged; those
    behind it are run all the same.

    Args:
        name: of the thread.
        patience: seconds that the interpreter's exit waits for the errand under way. One that runs code of a
            library's own threads (onnxruntime's) wants some: left alone, it takes the whole process down.
    """

    def __init__(self, name: str, *, patience: float = 0.0) -> None:
        self._name = name
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], object]] = deque()
        self._thread: threading.Thread | None = None
        self._closed = False
        _all.add(self)

    def ask(self, work: Callable[..., object], *arguments: Any) -> None:
        """Run ``work`` when all that was asked for before has been done; returns at once."""
        with self._lock:
            if self._closed:
                return
            self._waiting.append(partial(work, *arguments))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Begin no more errands, and wait for the one under way; for the interpreter's exit."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            thread = self._thread
        if thread is not None:
            thread.join(self._patience)

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception:
                _log.exception("%s: an errand failed.", self._name)

    def _next(self) -> Callable[[], object] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._thread = None
            return None


_all: weakref.WeakSet[Errands] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for errands in list(_all):
        errands.close()
