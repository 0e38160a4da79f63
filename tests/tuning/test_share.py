"""Shares, differences, and how many calls would tell."""

import numpy as np
import pytest

from voicenb.analysis.interval import wilson
from voicenb.tuning.share import (
    Share,
    calls_needed,
    clustering,
    difference,
    mean_difference,
    mean_interval,
)


def test_few_calls_have_wilsons_interval_and_no_percentage():
    share = Share.of([1, 0], [2, 3])
    assert (share.k, share.n, share.rate) == (1, 5, 0.2)
    assert share.interval == wilson(1, 5)
    assert str(share) == "1 of 5"
    assert str(Share.of([1], [10])).startswith("1 of 10 (10%, ")
    assert Share.of([], []).rate is None


def test_from_ten_calls_up_calls_are_drawn_not_pauses():
    # All cuts are in two of ten calls: far less sure than 20 cuts of 100 pauses by themselves.
    together = Share.of([10, 10, *[0] * 8], [10] * 10)
    apart = Share.of([2] * 10, [10] * 10)
    assert together.interval[1] - together.interval[0] > 0.4
    assert apart.interval == pytest.approx((0.2, 0.2))
    assert Share.of([0] * 10, [10] * 10).interval == wilson(0, 100)  # draws of nothing show nothing


def test_a_difference_over_the_same_pauses():
    before, after, totals = [4] * 12, [2] * 12, [10] * 12
    assert difference(before, after, totals) == pytest.approx((-0.2, -0.2))
    low, high = difference([4], [2], [10])
    assert low < -0.2 < 0 < high
    # Where no call tells them apart draws show nothing: as many as of 100 may be hidden, either way.
    unseen = wilson(0, 100)[1]
    assert difference([1] * 10, [1] * 10, [10] * 10) == pytest.approx((-unseen, unseen))


def test_a_difference_of_means():
    turns = np.array([0.1, 0.2, 0.3, 0.4])
    low, high = mean_difference(np.zeros(4), turns, np.array([0, 0, 1, 1]), 2)
    assert low < 0.25 < high
    assert low > 0
    assert mean_difference(np.zeros(1), np.ones(1), np.zeros(1, int), 1) is None
    of_calls = mean_difference(np.zeros(20), np.repeat([0.0, 1.0], 10), np.arange(20) // 2, 10)
    assert of_calls[0] < 0.5 < of_calls[1]


def test_calls_that_would_tell_ten_percent_from_five():
    # (1.96 + 0.84)² · (0.1 · 0.9 + 0.05 · 0.95) / 0.05² = 432 pauses of each
    assert calls_needed(0.10, 0.05, 1.0) == 432
    assert calls_needed(0.10, 0.05, 10.0) == 44
    assert calls_needed(0.1, 0.1, 10.0) is None


def test_the_interval_of_a_mean():
    values = np.array([1.0, 1.2, 0.8, 1.0])
    low, high = mean_interval(values, np.array([0, 0, 1, 1]), 2)
    assert 0.8 < low < 1.0 < high < 1.2
    assert mean_interval(values[:1], np.zeros(1, int), 1) is None
    # Ten calls of equal means, whatever is in each.
    assert mean_interval(np.tile([0.5, 1.5], 10), np.arange(20) // 2, 10) == pytest.approx((1.0, 1.0))


def test_what_goes_together_in_a_call_takes_more_calls():
    together = clustering([10, 10, *[0] * 8], [10] * 10)
    assert 7 < together < 11  # the pauses of one call all alike: as good as one
    assert clustering([2] * 10, [10] * 10) == 1.0  # never less
    assert clustering([1, 0], [2, 2]) == 1.0  # too few calls to tell
    assert calls_needed(0.10, 0.05, 10.0, 10.0) == 432
