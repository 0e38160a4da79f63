"""Tells of frames that were late or lost: when that has changed, once a second at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from voicenb.session.microphone import Counting, FrameCount, Microphone

EVERY = 1.0
"""Seconds between two reports."""


class FrameReport:
    """Watches a microphone's count.

    Args:
        microphone: the microphone; one that does not count is never reported.
        clock: seconds.
        tell: takes the count when it is to be told.
    """

    def __init__(
        self, microphone: Microphone, clock: Callable[[], float], tell: Callable[[FrameCount], object]
    ) -> None:
        self._microphone = microphone if isinstance(microphone, Counting) else None
        self._clock = clock
        self._tell = tell
        self._told = FrameCount()
        self._told_at = -EVERY

    def look(self, *, last: bool = False) -> None:
        """Tell the count where it has changed; the last look does not wait for the second to pass."""
        if self._microphone is None or self._microphone.count == self._told:
            return
        if last or self._clock() >= self._told_at + EVERY:
            self._told, self._told_at = replace(self._microphone.count), self._clock()
            self._tell(self._told)
