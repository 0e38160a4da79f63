"""What the libraries of the wire may log: nothing that was on it."""

from __future__ import annotations

import logging
from functools import lru_cache


@lru_cache(maxsize=1)
def wire_logger() -> logging.Logger:
    """The logger that every socket of ours is given in place of the library's own.

    The library's would write each header at DEBUG, the key among them, and what people say. In a notebook
    with ``logging.basicConfig(level=logging.DEBUG)`` that lands in its saved output. So only warnings and
    errors pass, whatever level anybody sets.
    """
    logger = logging.getLogger("voicenb.wire")
    logger.setLevel(logging.WARNING)
    logger.addFilter(_no_content)
    return logger


def _no_content(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
