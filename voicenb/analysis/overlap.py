"""Overlap: how long two sides were heard at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Span(Protocol):
    """Anything that begins and ends, in seconds."""

    @property
    def start(self) -> float:
        """When it begins."""
        ...

    @property
    def end(self) -> float:
        """When it is over."""
        ...


def overlap(ones: Iterable[Span], others: Iterable[Span]) -> float:
    """Seconds in which a stretch of each side is under way; both sides are in order and free of overlaps."""
    mine, theirs = list(ones), list(others)
    total, here, there = 0.0, 0, 0
    while here < len(mine) and there < len(theirs):
        a, b = mine[here], theirs[there]
        total += max(0.0, min(a.end, b.end) - max(a.start, b.start))
        if a.end < b.end:
            here += 1
        else:
            there += 1
    return total
