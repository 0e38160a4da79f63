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

Values = npt.NDArray[np.float64]


def paired_bootstrap(
    calls: Sequence[Sequence[tuple[float, float]]], figure: Callable[[Values], float]
) -> tuple[float, float] | None:
    """The interval (95 %) of a figure's difference, second minus first, of values that belong together.

    From ten calls up whole calls are drawn anew, and of each its pairs: both arms have the same callers in
    every draw. Below, the pairs are, as if each stood for itself, which makes the interval narrower than it
    should be where a call's turns are alike.

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
    return float(low), float(high)
