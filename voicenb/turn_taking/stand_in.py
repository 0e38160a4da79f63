"""The emulator's stand-in for the service's adaptive default, called *stand-in* wherever it is shown.

The service adapts to content in a way that is not published. The stand-in adapts to the caller's own
pauses, so that a session without settings behaves neither like fixed defaults nor like a claim about the
service.
"""

from __future__ import annotations

import numpy as np

FIRST_MIN_SILENCE = 700.0
MAX_SILENCE = 3000.0
LEAST, MOST = 400.0, 1400.0
SHORTEST_PAUSE = 0.2
"""Seconds from which a silence inside a turn is a pause and not a stop consonant."""

SOON = 1.0
"""A caller who goes on within so many seconds of being cut had only paused."""

_ENOUGH = 3


class StandIn:
    """Learns from a caller's pauses how long to wait; milliseconds, as settings are."""

    max_silence = MAX_SILENCE

    def __init__(self) -> None:
        self._pauses: list[float] = []
        self._min_silence = FIRST_MIN_SILENCE

    @property
    def min_silence(self) -> float:
        """700 at first; from three pauses on their 90th percentile plus 200, kept in 400…1400."""
        return self._min_silence

    @property
    def pauses(self) -> int:
        """How many pauses it rests on."""
        return len(self._pauses)

    def note(self, pause: float, resumed_after: float | None = None) -> None:
        """A pause inside a turn is over.

        Args:
            pause: its length in seconds; below 0.2 it does not count.
            resumed_after: seconds from the decision that cut it to the caller's going on, None when it was
                not cut. More than 1 s, and it was no pause but the end of a turn.
        """
        if pause < SHORTEST_PAUSE or (resumed_after is not None and resumed_after > SOON):
            return
        self._pauses.append(pause)
        if len(self._pauses) >= _ENOUGH:
            wanted = float(np.percentile(self._pauses, 90)) * 1000 + 200
            self._min_silence = min(max(wanted, LEAST), MOST)
