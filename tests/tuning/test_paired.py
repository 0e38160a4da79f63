"""Intervals of what belongs together."""

import numpy as np
import pytest

from voicenb.tuning import paired
from voicenb.tuning.paired import ENOUGH, FEWEST, paired_bootstrap


def calls(count, per_call, difference, spread, seed=0):
    """Pairs of turns: callers differ much from each other, and the arms by a little."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        caller = chance.normal(1.0, 0.5)
        one = caller + chance.normal(0, 0.02, per_call)
        other = one + difference + chance.normal(0, spread, per_call)
        made.append(list(zip(one.tolist(), other.tolist(), strict=True)))
    return made


def test_a_difference_that_is_small_beside_the_callers_is_found():
    """Drawn apart, callers would hide it: they differ by half a second, and the arms by a twentieth."""
    low, high = paired_bootstrap(calls(20, 4, 0.05, 0.03), np.mean)
    assert 0 < low < 0.05 < high < 0.1


def test_none_is_not_found():
    low, high = paired_bootstrap(calls(20, 4, 0.0, 0.1, seed=4), np.mean)
    assert low < 0 < high


def test_the_same_twice_differs_by_nothing():
    assert paired_bootstrap([[(1.0, 1.0)] * 3] * 12, np.median) == (0.0, 0.0)


def test_of_too_few_there_is_no_interval():
    assert paired_bootstrap([[(1.0, 2.0)] * (FEWEST - 1)], np.mean) is None
    assert paired_bootstrap([[(1.0, 2.0)] * FEWEST, []], np.mean) == (1.0, 1.0)
    assert paired_bootstrap([], np.mean) is None


def test_from_ten_calls_up_what_is_in_a_call_goes_together():
    """In each call all turns differ alike: as many turns as one likes tell no more than their calls do."""
    chance = np.random.default_rng(1)
    apart = chance.normal(0.1, 0.3, ENOUGH)
    few = [[(1.0, 1.0 + each)] * 2 for each in apart]
    many = [[(1.0, 1.0 + each)] * 50 for each in apart]
    assert paired_bootstrap(few, np.mean) == pytest.approx(paired_bootstrap(many, np.mean))
    below = [[(1.0, 1.0 + each)] * 50 for each in apart[:-1]]
    low, high = paired_bootstrap(below, np.mean)
    assert high - low < 0.2  # there each turn counts, and it says so


def test_it_holds_the_true_difference_as_often_as_it_says():
    held = 0
    for seed in range(16):
        low, high = paired_bootstrap(calls(15, 3, 0.2, 0.3, seed=seed), np.mean)
        held += low <= 0.2 <= high
    assert held >= 13  # 15 are to be expected


@pytest.mark.parametrize(("pairs", "count"), [(6, 1), (1, 10)])
def test_of_arms_alike_the_means_are_told_apart_no_more_often_than_they_may(monkeypatch, pairs, count):
    monkeypatch.setattr(paired, "ROUNDS", 200)
    chance, runs, told = np.random.default_rng(pairs), 250, 0
    for _ in range(runs):
        low, high = paired_bootstrap(chance.normal(1, 0.3, (count, pairs, 2)).tolist(), np.mean)
        told += not low <= 0 <= high
    assert told <= 0.08 * runs  # 5 in a hundred are meant, and chance has its share
