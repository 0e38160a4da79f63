"""Pass^k, and how far figures lie apart."""

import pytest

from voicenb.testing.expectations.repeats import Repeats
from voicenb.testing.expectations.verdict import Verdict


def runs(*outcomes, values=None):
    values = values or [1.0] * len(outcomes)
    return [
        [Verdict("answers", outcome, value=value, limit=2.0)]
        for outcome, value in zip(outcomes, values, strict=True)
    ]


def test_pass_k_counts_the_choices():
    found = Repeats.of(runs("passed", "passed", "passed", "failed", "passed"), 5)
    assert (found.runs, found.passed) == (5, 4)
    assert [found.pass_k(k) for k in (1, 2, 3, 4, 5)] == pytest.approx([0.8, 0.6, 0.4, 0.2, 0.0])
    assert found.pass_k(6) is None
    assert found.pass_k(0) is None
    low, high = found.interval
    assert (low, high) == pytest.approx((0.376, 0.964), abs=0.01)


def test_an_inconclusive_run_did_not_pass():
    found = Repeats.of(runs("passed", "inconclusive"), 2)
    assert found.passed == 1
    assert "1 inconclusive" in found.lines()[0]


def test_the_spread():
    found = Repeats.of(runs("passed", "passed", "failed", values=[1.2, 0.9, 2.5]), 3)
    (spread,) = found.spread
    assert (spread.lowest, spread.highest, spread.n) == (0.9, 2.5, 3)
    assert Repeats.of(runs("passed", "passed"), 2).spread == ()  # they do not differ


def test_the_same_call_again_tells_nothing():
    found = Repeats.of(runs("passed", "passed", "passed"), 1)
    assert found.interval == (0.0, 1.0)
    assert "All are the same call: they tell no more than one." in found.lines()
    assert "Only 2 of them differ." in Repeats.of(runs("passed", "passed", "passed"), 2).lines()


def test_in_plain_values():
    told = Repeats.of(runs("passed", "failed", values=[1.0, 3.0]), 2).to_dict()
    assert told["pass_k"] == {"1": 0.5, "2": 0.0}
    assert told["spread"] == [{"expectation": "answers", "lowest": 1.0, "highest": 3.0, "n": 2}]
