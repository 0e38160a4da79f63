"""How much may go wrong: as a count, and as a share whose interval has to keep to it."""

import pytest

from tests.testing.expectations.conftest import sample
from voicenb.errors import InvalidConfiguration
from voicenb.testing.expectations.limit import Case, Limit, amount, fraction


@pytest.fixture(scope="module")
def one(prompt):
    return sample(prompt)


def verdict(one, limit, wrong=0, right=0, unknown=0):
    cases = [*[Case(0, True)] * wrong, *[Case(0, False)] * right, *[Case(0, None)] * unknown]
    return limit.verdict(
        one, "x", cases, what="turns", wrong="late", nothing="There is none.", remedy="Talk."
    )


def test_a_count(one):
    none = Limit(at_most=0)
    assert verdict(one, none, right=3).outcome == "passed"
    assert verdict(one, none, wrong=1, right=3).outcome == "failed"
    assert verdict(one, Limit(at_most=1), wrong=1, right=3).outcome == "passed"
    told = verdict(one, none, wrong=1, right=3)
    assert (told.figure, told.n, told.value, told.limit, told.interval) == (
        "1 of 4 turns late",
        4,
        1,
        0,
        None,
    )


def test_what_was_not_captured_never_passes(one):
    none = Limit(at_most=0)
    assert verdict(one, none, right=3, unknown=1).outcome == "inconclusive"
    assert verdict(one, none, unknown=1).outcome == "inconclusive"
    assert verdict(one, none, wrong=1, unknown=5).outcome == "failed"  # that is known
    assert verdict(one, Limit(at_most=2), wrong=1, right=1, unknown=1).outcome == "passed"  # at the worst


def test_nothing_is_inconclusive(one):
    told = verdict(one, Limit(at_most=0))
    assert (told.outcome, told.why, told.remedy, told.n) == ("inconclusive", "There is none.", "Talk.", 0)
    assert verdict(one, Limit(share=0.5)).outcome == "inconclusive"


def test_all_of_an_interval_has_to_keep_to_a_share(one):
    """Wilson: none of 73 is 0 to 5 %, none of 72 a little more."""
    assert verdict(one, Limit(share=0.05), right=73).outcome == "passed"
    told = verdict(one, Limit(share=0.05), right=72)
    assert told.outcome == "inconclusive"
    assert told.interval[0] == 0
    assert told.interval[1] == pytest.approx(0.0506, abs=1e-3)
    assert "spans the limit" in told.why
    assert "counted=True" in told.remedy
    assert verdict(one, Limit(share=0.05), wrong=10, right=40).outcome == "failed"
    assert verdict(one, Limit(share=0.2), wrong=10, right=40).outcome == "inconclusive"


def test_a_share_that_is_counted(one):
    assert verdict(one, Limit(share=0.2, counted=True), wrong=1, right=4).outcome == "passed"
    assert verdict(one, Limit(share=0.19, counted=True), wrong=1, right=4).outcome == "failed"
    assert verdict(one, Limit(share=0.2, counted=True), right=4, unknown=2).outcome == "inconclusive"
    assert verdict(one, Limit(share=0.2, counted=True), wrong=1, right=4).interval is None


def test_what_is_not_known_widens_the_interval(one):
    sure, open_ = (
        verdict(one, Limit(share=0.1), right=40),
        verdict(one, Limit(share=0.1), right=40, unknown=3),
    )
    assert sure.outcome == "passed"
    assert open_.outcome == "inconclusive"
    assert open_.interval[1] > sure.interval[1]


def test_the_same_call_held_again_makes_no_interval_narrower(prompt, slow):
    again = sample(*[prompt] * 10)
    cases = [Case(call, False) for call in range(10) for _ in range(8)]
    told = Limit(share=0.05).verdict(again, "x", cases, what="turns", wrong="late", nothing="")
    assert told.outcome == "inconclusive"
    assert "0 of 8" in told.figure


def test_one_turn_may_be_cut_twice(one):
    told = Limit(at_most=1).verdict(one, "x", [Case(0, True, times=2)], what="turns", wrong="cut", nothing="")
    assert (told.outcome, told.figure) == ("failed", "2 in 1 turn cut")


def test_limits_that_somebody_gives():
    assert Limit.given("f", 2, None, False) == Limit(at_most=2)
    assert str(Limit.given("f", None, 0.05, True)) == "at most 5 %, counted"
    assert Limit(share=0.1).of_calls == " in 90 % of the calls"


@pytest.mark.parametrize(
    ("at_most", "share"),
    [(None, None), (1, 0.5), (-1, None), (1.5, None), (True, None), (None, 5), (None, "x")],
)
def test_limits_that_are_none(at_most, share):
    with pytest.raises(InvalidConfiguration):
        Limit.given("f", at_most, share, False)


@pytest.mark.parametrize("given", [-1, float("nan"), float("inf"), "1", True, None])
def test_amounts_that_are_none(given):
    with pytest.raises(InvalidConfiguration):
        amount(given, "at_most", "number of seconds")
    with pytest.raises(InvalidConfiguration):
        fraction(given, "share")
