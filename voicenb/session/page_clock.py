"""The page's clock on the engine's: when something was that the page tells the time of."""

from __future__ import annotations

from collections import deque

WINDOW = 60.0
"""Seconds for which a comparison counts: beyond, two quartz clocks may have drifted by a millisecond."""

UNKNOWN = 0.25
"""Uncertainty, in seconds, while the clocks were not compared yet."""


class PageClock:
    """Maps ``performance.now()`` to the loop's time.

    A message is never early, only late: the quickest of the last minute tells the difference of the clocks
    plus the time of travel, and half the shortest round trip is that time of travel, give or take itself.
    """

    def __init__(self) -> None:
        self._echoes: deque[tuple[float, float, float | None]] = deque()
        self._offset: float | None = None
        self._travel = 0.0
        self._uncertainty = UNKNOWN

    def reset(self) -> None:
        """Forget the comparisons: another page has another clock."""
        self._echoes.clear()
        self._offset, self._travel, self._uncertainty = None, 0.0, UNKNOWN

    def echo(self, at: float, received: float, round_trip: float | None = None) -> None:
        """Take note of a comparison.

        Args:
            at: the page's milliseconds when it sent the message.
            received: the loop's seconds when it came.
            round_trip: milliseconds that an earlier echo took there and back, as the page saw it.
        """
        self._echoes.append(
            (received, received - at / 1000, None if round_trip is None else round_trip / 1000)
        )
        while self._echoes[0][0] < received - WINDOW:
            self._echoes.popleft()
        trips = [trip for _, _, trip in self._echoes if trip is not None]
        self._travel = min(trips) / 2 if trips else 0.0
        self._uncertainty = self._travel if trips else UNKNOWN
        self._offset = min(offset for _, offset, _ in self._echoes) - self._travel

    @property
    def known(self) -> bool:
        """Whether the clocks were compared."""
        return self._offset is not None

    def on_loop(self, at: float, now: float) -> tuple[float, float]:
        """The loop's seconds of a moment of the page's, and how far that may be off.

        Args:
            at: the page's milliseconds.
            now: the loop's seconds; stands in while the clocks were not compared.
        """
        if self._offset is None:
            return now, UNKNOWN
        return at / 1000 + self._offset, self._uncertainty
