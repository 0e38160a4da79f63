"""A figure: what was measured several times, and what may be said of it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from voicenb.errors import InvalidConfiguration

FEWEST = {90: 20, 95: 60}
"""How many values a percentile needs (design, section 6); below, the median and the largest are told."""

BEYOND = 3
"""Values beyond a percentile further out than these: the 99th needs 300."""


def _fewest(share: float) -> int:
    """How many values a percentile needs; as many below the median as above it."""
    out = max(share, 100 - share)
    if out == 50:
        return 1
    known = [count for each, count in FEWEST.items() if out <= each]
    return known[0] if known else math.ceil(100 * BEYOND / (100 - out) - 1e-9)


@dataclass(frozen=True, slots=True)
class Figure:
    """Values in seconds.

    Attributes:
        values: each as it was measured, in the order of the calls and turns.
    """

    values: tuple[float, ...] = ()

    @classmethod
    def of(cls, values: Iterable[float | None]) -> Figure:
        """Of those that were captured."""
        return cls(tuple(value for value in values if value is not None))

    @property
    def n(self) -> int:
        """How many."""
        return len(self.values)

    @property
    def p50(self) -> float | None:
        """The median; None where there is no value."""
        return statistics.median(self.values) if self.values else None

    @property
    def p90(self) -> float | None:
        """The 90th percentile (nearest rank); None below 20 values."""
        return self.percentile(90)

    @property
    def p95(self) -> float | None:
        """The 95th percentile (nearest rank); None below 60 values."""
        return self.percentile(95)

    @property
    def largest(self) -> float | None:
        """The largest; None where there is no value."""
        return max(self.values, default=None)

    def percentile(self, share: int) -> float | None:
        """A percentile by nearest rank; None where there are too few values for it.

        Args:
            share: from 1 to 99. The median needs one value, up to the 90th (and down to the 10th) 20, to the
                95th 60; further out three lie beyond it: the 99th needs 300.

        Raises:
            InvalidConfiguration: there is no such percentile.
        """
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 100:
            raise InvalidConfiguration(
                f"There is no percentile {share!r}.", remedy="Give one between 0 and 100.", param="share"
            )
        if len(self.values) < _fewest(share):
            return None
        return sorted(self.values)[max(0, math.ceil(share / 100 * self.n - 1e-9) - 1)]

    def to_dict(self) -> dict[str, Any]:
        """What may be said of it: ``n``, ``p50``, ``p90`` and ``p95`` where they may be told, ``largest``."""
        known = {"p50": self.p50, "p90": self.p90, "p95": self.p95, "largest": self.largest}
        return {"n": self.n, **{name: round(v, 6) for name, v in known.items() if v is not None}}

    def __str__(self) -> str:
        if not self.values:
            return "not measured"
        parts = [f"p50 {self.p50:.2f} s"]
        told = {share: self.percentile(share) for share in FEWEST}
        parts += [f"p{share} {value:.2f}" for share, value in told.items() if value is not None]
        if self.n > 1 and self.p95 is None:
            parts.append(f"largest {self.largest:.2f}")
        return f"{', '.join(parts)} (n = {self.n})"
