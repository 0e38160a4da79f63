"""When a request is worth another attempt, and how long to wait before it."""

from __future__ import annotations

import datetime
import email.utils
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from voicenb.protocol.failures import RETRYABLE

SHORTEST, LONGEST = 0.5, 8.0
"""Seconds up to which the first wait is drawn, and the longest; twice as long each time, with full jitter."""

PATIENCE = 30.0

_OVERLOADED = RETRYABLE - {"internal_error"}


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a request is tried again, and who waits.

    A refusal for want of room (429, ``at_capacity``, ``concurrency_exceeded``) did nothing and is tried again
    whatever it was; a fault (5xx) and a connection that broke only where a second time does no harm. What is
    wrong with a request stays wrong, and is told at once.

    Attributes:
        most: further attempts; 0 for none.
        sleep: waits so many seconds.
        draw: a number from 0 to 1.
        patience: seconds that a server may ask to be left alone; one that wants more is not asked again.
    """

    most: int = 3
    sleep: Callable[[float], object] = time.sleep
    draw: Callable[[], float] = random.random
    patience: float = PATIENCE

    def wait(self, attempt: int, status: int | None, code: str, after: str | None, *, again: bool) -> bool:
        """Wait for the next attempt; False, at once, where there is none.

        Args:
            attempt: how many there have been before this one, which failed.
            status: of the answer; None when the connection broke before it.
            code: the service's, in lower case.
            after: the answer's ``Retry-After``.
            again: whether a second request does no harm where nobody knows what became of the first.
        """
        if attempt >= self.most or not is_worth_it(status, code, again=again):
            return False
        asked = seconds_of(after)
        if asked > self.patience:
            return False
        self.sleep(asked + self.draw() * min(LONGEST, SHORTEST * 2**attempt))
        return True


def is_worth_it(status: int | None, code: str, *, again: bool) -> bool:
    """Whether the same request may succeed later; see :meth:`Retries.wait`."""
    if status == 429 or code in _OVERLOADED:
        return True
    return (status is None or status >= 500) and status != 501 and again


def seconds_of(after: str | None, now: datetime.datetime | None = None) -> float:
    """The seconds that a ``Retry-After`` asks for, as a number or as a date; 0 where it says nothing.

    Args:
        after: the header.
        now: for a date; the clock's by default.
    """
    text = (after or "").strip()
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=datetime.UTC)
    return max(0.0, (until - (now or datetime.datetime.now(datetime.UTC))).total_seconds())
