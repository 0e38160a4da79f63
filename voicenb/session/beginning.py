"""A beginning that an interrupt (Ctrl-C) cannot part from what it has begun."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Beginning:
    """Begins something on a thread of its own.

    An interrupt comes to the main thread between any two steps, also when something runs already and has yet
    to be given a name: then nobody could end it. Here the main thread only waits.

    Args:
        begin: begins it and keeps it by its name; returns soon. Called once, or never.
    """

    def __init__(self, begin: Callable[[], object]) -> None:
        self._begin = begin
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._unwanted = False
        self._error: BaseException | None = None

    def run(self) -> None:
        """Begin; returns when that is done.

        Raises:
            BaseException: what ``begin`` raised, or the interrupt; then :meth:`call_off`.
        """
        threading.Thread(target=self._run, name="voicenb-begin", daemon=True).start()
        self._over.wait()
        if self._error is not None:
            raise self._error

    def call_off(self) -> None:
        """Return when it has either been begun, with its name, or will never be."""
        with self._lock:
            self._unwanted = True

    def _run(self) -> None:
        with self._lock:
            if not self._unwanted:
                try:
                    self._begin()
                except BaseException as error:
                    self._error = error
        self._over.set()
