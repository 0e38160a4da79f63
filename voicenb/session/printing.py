"""What a tool prints: kept from the notebook, where it would land under whatever cell ran last."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

MOST = 10_000
"""Characters kept of what one call prints."""

_listening: ContextVar[list[str] | None] = ContextVar("voicenb_printed", default=None)
_lock = threading.Lock()
_running = 0


class _Router:
    """Stands in for a standard stream while tools run: what they print goes to them, the rest goes on.

    No ``io`` class: their destructors close, and what would be closed here is the real stream.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        heard = _listening.get()
        if heard is None:
            return self._stream.write(text)
        if sum(map(len, heard)) < MOST:
            heard.append(text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        if _listening.get() is None:
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def printed() -> Iterator[list[str]]:
    """Collect what is printed inside, in this thread or task and what it starts; others print as before."""
    texts: list[str] = []
    token = _listening.set(texts)
    _enter()
    try:
        yield texts
    finally:
        _leave()
        _listening.reset(token)


def _enter() -> None:
    global _running
    with _lock:
        _running += 1
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if stream is not None and type(stream) is not _Router:
                setattr(sys, name, _Router(stream))


def _leave() -> None:
    global _running
    with _lock:
        _running -= 1
        if _running:
            return
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if type(stream) is _Router:  # somebody may have put another in its place meanwhile
                setattr(sys, name, stream._stream)
