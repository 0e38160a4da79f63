"""A figure: what was measured several times, and what may be said of it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FEWEST = {90: 20, 95: 60}
"""How many values a percentile needs (design, section 6); below, the median and the largest are told."""


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
        """A percentile by nearest rank; None where there are too few values for it."""
        if len(self.values) < FEWEST.get(share, 1):
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
