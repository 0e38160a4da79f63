"""What is said where nobody looks: errors in the log, and exceptions of a loop that nobody took."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Complaints(logging.Handler):
    """Collects them."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            self.heard.append(f"{record.name}: {record.getMessage()} {record.exc_info}")

    def listen(self) -> None:
        """Hear of what the running loop says as well."""

        def tell(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            del loop
            self.heard.append(f"loop: {context.get('message')} {context.get('exception')!r}")

        asyncio.get_running_loop().set_exception_handler(tell)


@contextmanager
def none() -> Iterator[Complaints]:
    """Inside, nobody complains."""
    complaints = Complaints()
    root = logging.getLogger()
    root.addHandler(complaints)
    try:
        yield complaints
    finally:
        root.removeHandler(complaints)
    assert complaints.heard == []
