"""Intervals: how far a figure may be off, seeing how little it rests on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

LEVEL = 0.95
"""How sure an interval is."""

ROUNDS = 2_000
"""How often calls are drawn anew; the same draws every time."""

_Z = 1.959964  # of the normal distribution, for LEVEL


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Wilson's interval for a share of ``hits`` of ``total``; all of 0…1 where there is nothing."""
    if total == 0:
        return 0.0, 1.0
    share, square = hits / total, _Z**2 / total
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * math.sqrt(share * (1 - share) / total + square / (4 * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(before: tuple[int, int], after: tuple[int, int]) -> tuple[float, float]:
    """Newcombe's interval for the difference of two shares, after minus before; each ``(hits, total)``."""
    shares = [hits / total if total else 0.5 for hits, total in (before, after)]
    (low_before, high_before), (low_after, high_after) = wilson(*before), wilson(*after)
    difference = shares[1] - shares[0]
    down = math.hypot(shares[1] - low_after, high_before - shares[0])
    up = math.hypot(high_after - shares[1], shares[0] - low_before)
    return difference - down, difference + up


def bootstrap(
    before: Sequence[T], after: Sequence[T], figure: Callable[[Sequence[T]], float | None]
) -> tuple[float, float] | None:
    """The interval of a figure's difference, after minus before: calls are drawn anew, whole.

    What is in one call goes together and is no sample of its own, so turns are never drawn apart.

    Args:
        before: calls.
        after: calls.
        figure: of some calls; None where they do not have it.

    Returns:
        None where too few draws have the figure.
    """
    chance = np.random.default_rng(0)
    found: list[float] = []
    for _ in range(ROUNDS):
        one = figure([before[at] for at in chance.integers(0, len(before), len(before))])
        other = figure([after[at] for at in chance.integers(0, len(after), len(after))])
        if one is not None and other is not None:
            found.append(other - one)
    if len(found) < ROUNDS // 2:
        return None
    low, high = np.percentile(found, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return float(low), float(high)
