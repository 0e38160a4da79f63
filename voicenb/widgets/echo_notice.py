"""The notice that the agent hears itself: once in a call, and gone some time after it was last so."""

from __future__ import annotations

import time
from collections.abc import Callable

HEARS_ITSELF = {
    "message": "The agent seems to hear itself.",
    "remedy": "Use headphones, or turn the loudspeaker down.",
}

SHOWN = 30.0
"""Seconds that the notice stands behind the last time."""


class EchoNotice:
    """Whether the notice stands.

    Args:
        clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: float | None = None

    def note(self) -> None:
        """The agent has just interrupted itself."""
        if self._last is None or self.shown:
            self._last = self._clock()

    @property
    def shown(self) -> bool:
        """Whether it is to be seen now."""
        return self._last is not None and self._clock() - self._last < SHOWN
