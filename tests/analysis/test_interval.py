"""How far a figure may be off."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.analysis.interval import bootstrap, newcombe, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    # Computed by hand from the formula of Wilson (1927), z = 1.96.
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 100, 0.0018, 0.0545)],
)
def test_wilson(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=2e-4)


def test_newcombe_s_own_example() -> None:
    """Newcombe (1998), example (a): 56 of 70 against 48 of 80, his method 10."""
    assert newcombe((48, 80), (56, 70)) == pytest.approx((0.0524, 0.3339), abs=2e-4)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_an_interval_holds_its_difference(a: int, b: int, c: int, d: int) -> None:
    before, after = (min(a, b), max(a, b)), (min(c, d), max(c, d))
    low, high = newcombe(before, after)
    assert -1 - 1e-9 <= low <= high <= 1 + 1e-9 or not (before[1] and after[1])
    if before[1] and after[1]:
        assert low - 1e-9 <= after[0] / after[1] - before[0] / before[1] <= high + 1e-9


def test_calls_are_drawn_whole() -> None:
    """Ten turns of one call are no ten samples: the interval is as wide as that of the calls."""
    chance = np.random.default_rng(1)
    calls = [[value] * 10 for value in chance.normal(1.0, 0.2, 12)]
    later = [[value] * 10 for value in chance.normal(1.0, 0.2, 12)]

    def middle(some: list[list[float]]) -> float:
        return statistics.median(value for call in some for value in call)

    low, high = bootstrap(calls, later, middle)
    single = bootstrap([[call[0]] for call in calls], [[call[0]] for call in later], middle)
    assert (low, high) == pytest.approx(single)
    assert high - low > 0.1
    assert bootstrap(calls, later, middle) == (low, high), "the same every time"


def test_what_few_draws_have_has_no_interval() -> None:
    assert bootstrap([1], [1], lambda some: None) is None
