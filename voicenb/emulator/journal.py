"""What the emulator tells of its work, a line each: sessions, refusals, and keys that it ignores.

No words of callers and no secrets are in it. Nobody is told unless `to_stderr` was called, or the logger was
set to INFO.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from voicenb.emulator.errors import Refusal

log = logging.getLogger(__name__)

LONGEST = 300
"""Letters of a line's message."""

_WHY = {
    "close": "its client has gone",
    "duration": "its time is over",
    "fault": "a fault",
    "stop": "the emulator ends",
}
"""Ends in words; what is not here is said as it is."""


def to_stderr() -> None:
    """Tell it to whoever sits at the terminal."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def on() -> bool:
    """Whether anybody is told."""
    return log.isEnabledFor(logging.INFO)


class SessionJournal:
    """What is told of one session.

    Args:
        session_id: of the session.
    """

    def __init__(self, session_id: str) -> None:
        self._id = session_id
        self._ignored: set[str] = set()

    def begun(self, agent_id: str) -> None:
        """It is ready; the id of its agent is its own where it has none that is stored."""
        log.info("session %s begun%s", self._id, "" if agent_id == self._id else f", agent {agent_id}")

    def away(self) -> None:
        """Its client has gone without a word."""
        log.info("session %s: its client has gone, and may come back", self._id)

    def back(self) -> None:
        """Its client is back."""
        log.info("session %s: its client is back", self._id)

    def ended(self, why: str, seconds: float) -> None:
        """It is over."""
        log.info("session %s ended after %.1f s: %s", self._id, seconds, _WHY.get(why, why))

    def refused(self, code: str, refusal: Refusal) -> None:
        """Something of it was refused, with this code."""
        if on():
            close = "" if refusal.close is None else f" (closed with {refusal.close})"
            log.info("session %s: %s%s", self._id, refusal_line(code, refusal.param, refusal.message), close)

    def ignored(self, paths: Iterable[str]) -> None:
        """Keys of its client are ignored; each is told once."""
        for path in paths:
            if path not in self._ignored:
                self._ignored.add(path)
                log.info("session %s: ignored %s", self._id, line(path))


def ignored(where: str, paths: Iterable[str]) -> None:
    """Keys of a request are ignored.

    Args:
        where: the request's method and path.
        paths: what is ignored.
    """
    for path in paths:
        log.info("%s: ignored %s", where, line(path))


def refusal_line(code: Any, param: Any, message: Any) -> str:
    """A refusal in one line."""
    return line(f"{code}{f', {param}' if param else ''}: {message}")


def line(text: str) -> str:
    """In one line, whatever a client has put into it."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in text)
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
