"""Shares: k of n, and how far that may be off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from voicenb.analysis.interval import LEVEL, ROUNDS, newcombe, wilson
from voicenb.tuning.paired import FEWEST, widened

MANY_CALLS = 10
"""Calls from which on an interval is the bootstrap's over calls; below it is Wilson's."""

TELLS = 10
"""How many a percentage needs beside it."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many.

    Attributes:
        k: of them.
        n: in all.
        interval: of the share, 95 %.
    """

    k: int
    n: int
    interval: tuple[float, float]

    @classmethod
    def of(cls, hits: Sequence[int], totals: Sequence[int]) -> Share:
        """Of counts for each call.

        Below ten calls the interval is Wilson's, as if each pause stood for itself: where the pauses of a
        call go together it is narrower than it should be. From ten calls up it is the wider of that and of
        the one from calls drawn anew, whole, which knows how they go together but not how few calls they are.

        Args:
            hits: in each call.
            totals: in each call.
        """
        k, n = int(np.sum(hits)), int(np.sum(totals))
        low, high = wilson(k, n)
        if len(totals) >= MANY_CALLS and 0 < k < n:
            least, most = _interval(drawn(hits, totals))
            low, high = min(low, least), max(high, most)
        return cls(k, n, (low, high))

    @property
    def rate(self) -> float | None:
        """K / n; None where there is nothing."""
        return self.k / self.n if self.n else None

    def __str__(self) -> str:
        if self.n < TELLS:
            return f"{self.k} of {self.n}"
        low, high = self.interval
        return f"{self.k} of {self.n} ({self.k / self.n:.0%}, {low:.0%} to {high:.0%})"


def drawn(hits: Sequence[int], totals: Sequence[int]) -> npt.NDArray[np.float64]:
    """The share when calls are drawn anew, whole; NaN where a draw has nothing; shape ``(ROUNDS,)``."""
    weights = _weights(len(totals))
    with np.errstate(invalid="ignore", divide="ignore"):
        share: npt.NDArray[np.float64] = (weights @ np.asarray(hits)) / (weights @ np.asarray(totals))
    return share


def difference(before: Sequence[int], after: Sequence[int], totals: Sequence[int]) -> tuple[float, float]:
    """The interval of a share's difference, after minus before, over the same pauses.

    From ten calls up calls are drawn anew, the same for both, and the draws are widened as
    :func:`mean_difference`'s are; below, Newcombe's for two samples apart, which
    is wide. Where no call tells them apart a draw shows nothing: then it is as far as Wilson's for none of so
    many pauses, either way.
    """
    n = int(np.sum(totals))
    if len(totals) >= MANY_CALLS:
        if list(before) == list(after):
            unseen = wilson(0, n)[1]
            return -unseen, unseen
        low, high = _interval(drawn(after, totals) - drawn(before, totals))
        apart = (int(np.sum(after)) - int(np.sum(before))) / n
        return widened(apart, low, high, int(np.count_nonzero(totals)))
    return newcombe((int(np.sum(before)), n), (int(np.sum(after)), n))


def mean_difference(
    before: npt.NDArray[np.float64], after: npt.NDArray[np.float64], call: npt.NDArray[np.intp], calls: int
) -> tuple[float, float] | None:
    """The interval of a mean's difference, after minus before, of the same turns; None below six turns.

    What is drawn anew spreads less than it should where there is little to draw from: the draws are widened
    about the mean as Student's t is wider than the normal distribution.

    Args:
        before: seconds, for each turn.
        after: seconds, for each turn.
        call: which call each turn is of.
        calls: how many there are; where ten or more have a turn they are drawn anew, else the turns are, as
            if each stood for itself.
    """
    apart = after - before
    if len(apart) < FEWEST:
        return None
    have = np.bincount(call, minlength=calls) > 0
    group = call if have.sum() >= MANY_CALLS else np.arange(len(apart))
    counts = np.bincount(group)
    sums, counts = np.bincount(group, apart)[counts > 0], counts[counts > 0]
    weights = _weights(len(counts))
    low, high = _interval((weights @ sums) / (weights @ counts))
    return widened(float(apart.mean()), low, high, len(counts))


def mean_interval(
    values: npt.NDArray[np.float64], call: npt.NDArray[np.intp], calls: int
) -> tuple[float, float] | None:
    """The interval of a mean, drawn as :func:`mean_difference`'s is; None below six values.

    It does not go below zero where no value does.

    Args:
        values: seconds, for each turn, shape ``(e,)``.
        call: which call each turn is of, shape ``(e,)``.
        calls: how many there are.
    """
    found = mean_difference(np.zeros(len(values)), values, call, calls)
    if found is None:
        return None
    low, high = found
    return max(low, min(0.0, float(values.min()))), high


def calls_needed(one: float, other: float, pauses_per_call: float, together: float = 1.0) -> int | None:
    """How many calls would tell two shares apart, at 80 % power and a level of 95 %; None for equal ones.

    For two samples of calls, which is more than two settings on the same calls need.

    Args:
        one: a share, 0 to 1.
        other: the other.
        pauses_per_call: how many a call has, on average.
        together: how much more a share varies than if each pause were by itself (:func:`clustering`).
    """
    if one == other or pauses_per_call <= 0:
        return None
    spread = one * (1 - one) + other * (1 - other)
    pauses = (1.959964 + 0.841621) ** 2 * spread / (one - other) ** 2
    return int(np.ceil(together * pauses / pauses_per_call))


def clustering(hits: Sequence[int], totals: Sequence[int]) -> float:
    """How much more a share varies from call to call than if each pause were by itself; at least 1.

    Below ten calls that cannot be told, and it is 1.

    Args:
        hits: in each call.
        totals: in each call.
    """
    k, n = int(np.sum(hits)), int(np.sum(totals))
    if len(totals) < MANY_CALLS or not 0 < k < n:
        return 1.0
    draws = drawn(hits, totals)
    alone = k / n * (1 - k / n) / n
    return max(1.0, float(np.nanvar(draws)) / alone)


@lru_cache(maxsize=4)
def _weights(calls: int) -> npt.NDArray[np.float64]:
    chance = np.random.default_rng(0)
    return chance.multinomial(calls, np.full(calls, 1 / calls), ROUNDS).astype(np.float64)


def _interval(draws: npt.NDArray[np.float64]) -> tuple[float, float]:
    known = draws[np.isfinite(draws)]
    low, high = np.percentile(known, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return float(low), float(high)
