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
    assert apart.interval == wilson(20, 100)  # never less than pauses by themselves
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
    turns = np.array([0.1, 0.2, 0.3, 0.4, 0.2, 0.3])
    low, high = mean_difference(np.zeros(6), turns, np.array([0, 0, 0, 1, 1, 1]), 2)
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
    values = np.array([1.0, 1.2, 0.8, 1.0, 1.1, 0.9])
    low, high = mean_interval(values, np.array([0, 0, 0, 1, 1, 1]), 2)
    assert 0.8 < low < 1.0 < high < 1.2
    # Ten calls of equal means, whatever is in each.
    assert mean_interval(np.tile([0.5, 1.5], 10), np.arange(20) // 2, 10) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("few", [0, 1, 2, 5])
def test_of_a_handful_there_is_no_interval(few):
    values = np.linspace(0.5, 1.5, few)
    assert mean_interval(values, np.zeros(few, int), 1) is None
    assert mean_difference(values, values + 1, np.zeros(few, int), 1) is None
    assert mean_interval(np.linspace(0.5, 1.5, 6), np.zeros(6, int), 1) is not None


def test_calls_are_drawn_where_ten_have_a_turn():
    # Two of twelve calls have turns: they are not what could be drawn.
    values = np.linspace(0.5, 1.5, 8)
    of_two = mean_interval(values, np.repeat([3, 7], 4), 12)
    assert of_two == mean_interval(values, np.zeros(8, int), 1)


def test_a_mean_of_waits_is_never_less_than_none():
    low, _ = mean_interval(np.array([0.0, 0.0, 0.0, 0.0, 0.0, 10.0]), np.zeros(6, int), 1)
    assert low == 0.0


@pytest.mark.parametrize(
    ("turns", "calls"), [(6, 1), (10, 1), (20, 1), (40, 10), (60, 20)], ids=lambda n: f"{n}"
)
def test_the_interval_of_a_mean_holds_it_as_often_as_it_says(turns, calls):
    """Nominal 95 %; a percentile bootstrap as it is holds it in 87 % of such samples of six."""
    chance = np.random.default_rng(7)
    call = np.arange(turns) % calls
    held = 0
    for _ in range(400):
        low, high = mean_interval(1.0 + 0.3 * chance.standard_normal(turns), call, calls)
        held += low <= 1.0 <= high
    assert 0.92 <= held / 400 <= 0.99


@pytest.mark.parametrize(("calls", "pauses", "rate"), [(10, 10, 0.1), (12, 30, 0.02), (20, 10, 0.03)])
def test_the_interval_of_a_share_holds_it_as_often_as_it_says(calls, pauses, rate):
    """Of pauses by themselves; drawing calls alone holds it in 86 to 91 % of such samples."""
    chance = np.random.default_rng(7)
    held = 0
    for _ in range(400):
        hits = chance.binomial(pauses, rate, calls)
        low, high = Share.of(hits.tolist(), [pauses] * calls).interval
        held += low <= rate <= high
    assert held / 400 >= 0.94


@pytest.mark.parametrize("calls", [10, 20])
def test_the_interval_of_a_shares_difference_holds_it_as_often_as_it_says(calls):
    """Of the same pauses, every other of those that are cut; as they are, draws hold it in 90 %."""
    chance = np.random.default_rng(7)
    held = 0
    for _ in range(400):
        totals = chance.poisson(8, calls) + 1
        before = chance.binomial(totals, 0.2)
        after = chance.binomial(before, 0.5)
        low, high = difference(before.tolist(), after.tolist(), totals.tolist())
        held += low <= -0.1 <= high
    assert 0.92 <= held / 400 <= 0.99


def test_ten_calls_do_not_tell_more_than_nine():
    nine, ten = Share.of([1] * 9, [10] * 9).interval, Share.of([1] * 10, [10] * 10).interval
    assert ten == wilson(10, 100)
    assert ten[1] - ten[0] > 0.9 * (nine[1] - nine[0])


def test_what_goes_together_in_a_call_takes_more_calls():
    together = clustering([10, 10, *[0] * 8], [10] * 10)
    assert 7 < together < 11  # the pauses of one call all alike: as good as one
    assert clustering([2] * 10, [10] * 10) == 1.0  # never less
    assert clustering([1, 0], [2, 2]) == 1.0  # too few calls to tell
    assert calls_needed(0.10, 0.05, 10.0, 10.0) == 432
