"""What went wrong inside an emulator of this process, for the one who runs it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOGGER = "voicenb.emulator"


class Faults(logging.Handler):
    """Collects the exceptions that the emulator logs.

    To a client a broken brain is a sentence of regret, and broken ears are an ``internal_error``: all that
    the contract has words for. Whoever wrote the brain wants the exception.

    Args:
        everywhere: on whatever thread; otherwise on this one only.

    Attributes:
        found: what the emulator said of it, and the exception.
    """

    def __init__(self, *, everywhere: bool) -> None:
        super().__init__(logging.ERROR)
        self.found: list[tuple[str, BaseException]] = []
        self._thread = None if everywhere else threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record."""
        ours = self._thread in (None, record.thread)
        if ours and record.exc_info and record.exc_info[1] is not None:
            self.found.append((record.getMessage(), record.exc_info[1]))


@contextmanager
def faults(*, everywhere: bool) -> Iterator[Faults]:
    """Collect while inside; the log itself gets them as ever."""
    handler = Faults(everywhere=everywhere)
    logger = logging.getLogger(LOGGER)
    logger.addHandler(handler)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
