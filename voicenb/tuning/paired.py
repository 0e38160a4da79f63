"""Intervals of differences between two arms that the same callers called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from voicenb.analysis.interval import LEVEL, ROUNDS

ENOUGH = 10
"""Calls from which on they are drawn anew (design, section 6)."""

FEWEST = 6
"""Below so many pairs there is no interval: of fewer that all go one way, chance makes one in twenty."""

_Z = 1.959964  # of the normal distribution, for LEVEL

Values = npt.NDArray[np.float64]


def paired_bootstrap(
    calls: Sequence[Sequence[tuple[float, float]]], figure: Callable[[Values], float]
) -> tuple[float, float] | None:
    """The interval (95 %) of a figure's difference, second minus first, of values that belong together.

    From ten calls up whole calls are drawn anew, and of each its pairs: both arms have the same callers in
    every draw. Below, the pairs are, as if each stood for itself, which makes the interval narrower than it
    should be where a call's turns are alike. What is drawn anew spreads less than it should where there is
    little to draw from: the draws are widened (:func:`widened`).

    Args:
        calls: for each call the pairs that were measured in it.
        figure: of values, e.g. their median.

    Returns:
        None below six pairs.
    """
    pairs = [pair for call in calls for pair in call]
    if len(pairs) < FEWEST:
        return None
    known = [np.array(call, np.float64).reshape(-1, 2) for call in calls if call]
    groups = known if len(known) >= ENOUGH else [np.array([pair], np.float64) for pair in pairs]
    chance = np.random.default_rng(0)
    found = []
    for _ in range(ROUNDS):
        drawn = np.concatenate([groups[at] for at in chance.integers(0, len(groups), len(groups))])
        found.append(figure(drawn[:, 1]) - figure(drawn[:, 0]))
    low, high = np.percentile(found, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    both = np.array(pairs, np.float64)
    apart = figure(both[:, 1]) - figure(both[:, 0])
    return widened(float(apart), float(low), float(high), len(groups))


def widened(figure: float, low: float, high: float, groups: int) -> tuple[float, float]:
    """An interval about a figure, as much wider as Student's of so many is; 1.4 times of six.

    A draw's variance is by the nth part too small. Student's quantile is the series of Cornish and Fisher,
    to a thousandth or two from five degrees of freedom up.
    """
    free, z = max(1, groups - 1), _Z
    student = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    student += (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3)
    wider = float(student / z * np.sqrt(groups / free))
    return figure - wider * (figure - low), figure + wider * (high - figure)
