"""One thing after the other, in the order in which they were asked for."""

from __future__ import annotations

import logging
import threading
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
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], object]] = deque()
        self._running = False

    def ask(self, work: Callable[..., object], *arguments: Any) -> None:
        """Run ``work`` when all that was asked for before has been done; returns at once."""
        with self._lock:
            self._waiting.append(partial(work, *arguments))
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._run, name=self._name, daemon=True).start()

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
            self._running = False
            return None
