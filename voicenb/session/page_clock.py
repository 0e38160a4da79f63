"""The page's clock on the engine's: when something was that the page tells the time of."""

from __future__ import annotations

from collections import deque
from typing import Any

WINDOW = 60.0
"""Seconds for which a comparison counts: beyond, two quartz clocks may have drifted by some milliseconds."""

DRIFT = 100e-6
"""Seconds a second that a page's clock may run fast or slow against the loop's."""

EVERY = 10.0
"""Seconds that one kept comparison stands for."""

UNKNOWN = 0.25
"""Uncertainty, in seconds, while the clocks were not compared yet."""


class PageClock:
    """Maps ``performance.now()`` to the loop's time.

    A message is never early, only late: the quickest of the last minute tells the difference of the clocks
    plus the time of travel, and half the shortest round trip is that time of travel, give or take itself.
    The clocks may drift apart meanwhile: a comparison is worth :data:`DRIFT` less with every second of its
    age, and so much more uncertain.
    """

    def __init__(self) -> None:
        self._echoes: deque[tuple[float, float, float | None]] = deque()
        self._offset: float | None = None
        self._travel = 0.0
        self._uncertainty = UNKNOWN
        self.page = 0  # counts the pages
        self._kept: list[tuple[int, float, float, float]] = []  # page, loop's seconds, offset, uncertainty
        self._keeps_since = 0.0

    def reset(self) -> None:
        """Forget the comparisons: another page has another clock."""
        self.page += 1
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
        late, offset = min((offset + DRIFT * (received - then), offset) for then, offset, _ in self._echoes)
        self._uncertainty = self._travel + late - offset if trips else UNKNOWN
        self._offset = offset - self._travel
        self._keep(received, self._offset)

    def _keep(self, now: float, offset: float) -> None:
        if self._kept and self._kept[-1][0] == self.page and now < self._keeps_since + EVERY:
            self._kept.pop()  # known better now
        else:
            self._keeps_since = now
        self._kept.append((self.page, now, offset, self._uncertainty))

    def comparisons(self, began: float) -> list[dict[str, Any]]:
        """What the recording keeps: ``{page, t, offset, uncertainty}`` for each ten seconds of each page.

        ``offset`` makes the page's seconds the engine's, around the engine's second ``t``.

        Args:
            began: when the engine began, in the loop's seconds.
        """
        return [
            {
                "page": page,
                "t": round(at - began, 6),
                "offset": round(offset - began, 6),
                "uncertainty": round(uncertainty, 6),
            }
            for page, at, offset, uncertainty in self._kept
        ]

    @property
    def known(self) -> bool:
        """Whether the clocks were compared."""
        return self._offset is not None

    @property
    def travel(self) -> float:
        """Seconds that a message takes to the page, or from it; 0 while that is not known."""
        return self._travel

    def on_loop(self, at: float, now: float) -> tuple[float, float]:
        """The loop's seconds of a moment of the page's, and how far that may be off.

        Args:
            at: the page's milliseconds.
            now: the loop's seconds; stands in while the clocks were not compared.
        """
        if self._offset is None:
            return now, UNKNOWN
        since = now - self._echoes[-1][0]
        return at / 1000 + self._offset, self._uncertainty + DRIFT * max(0.0, since)

    def in_the_past(self, at: float) -> tuple[float, float] | None:
        """The same of a moment that is past, by what is known now; None while nothing is.

        Args:
            at: the page's milliseconds.
        """
        if self._offset is None:
            return None
        second = at / 1000 + self._offset
        return second, self._uncertainty + DRIFT * abs(second - self._echoes[-1][0])
