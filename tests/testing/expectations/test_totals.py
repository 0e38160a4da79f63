"""Talk-over, cost and duration."""

import pytest

import voicenb as vn
from tests.testing.expectations.conftest import lacking, plain


def only(expectation):
    (verdict,) = expectation.verdicts
    return verdict


def test_talk_over_in_seconds(prompt, interrupted):
    assert only(vn.expect(prompt).talk_over(at_most=0.0)).passed
    seconds = vn.report(interrupted).calls[0].talk_over
    assert seconds > 0.1
    told = only(vn.expect(interrupted).talk_over(at_most=0.1))
    assert (told.outcome, told.value, told.limit) == ("failed", seconds, 0.1)
    assert only(vn.expect([prompt, interrupted]).talk_over(at_most=0.1)).turns[0].call == 2


def test_talk_over_as_a_share_wants_ten_calls(interrupted):
    told = only(vn.expect(interrupted).talk_over(share=0.9))
    assert (told.outcome, told.value) == ("inconclusive", vn.report(interrupted).talk_over_share)
    assert only(vn.expect(interrupted).talk_over(share=0.9, counted=True)).passed
    assert only(vn.expect(interrupted).talk_over(share=0.001, counted=True)).outcome == "failed"


def test_talk_over_as_a_share_of_many_calls(tmp_path):
    calls = [plain(tmp_path / str(n), [-0.1 - n / 40]) for n in range(12)]  # it comes in too early
    share = vn.report(calls).talk_over_share
    assert share > 0.01
    told = only(vn.expect(calls).talk_over(share=0.5))
    assert told.passed
    assert told.interval[0] < share < told.interval[1]
    assert only(vn.expect(calls).talk_over(share=0.001)).outcome == "failed"
    assert only(vn.expect(calls).talk_over(share=share)).outcome == "inconclusive"
    assert only(vn.expect(calls[:1] * 12).talk_over(share=0.5)).outcome == "inconclusive"  # one call, really


def test_talk_over_without_sound(prompt, tmp_path):
    mute = lacking(prompt, tmp_path / "x", "sound")
    assert only(vn.expect(mute).talk_over(at_most=9)).outcome == "inconclusive"
    assert only(vn.expect(mute).talk_over(share=0.9, counted=True)).outcome == "inconclusive"


def test_cost(prompt, booked):
    assert only(vn.expect(booked).cost(at_most=0)).passed  # the emulator's
    unknown = only(vn.expect(prompt).cost(at_most=9))
    assert unknown.outcome == "inconclusive"
    assert "cost_rate" in unknown.remedy
    told = only(vn.expect(prompt, cost_rate=4.5).cost(at_most=0.01))
    assert (told.outcome, told.value) == ("failed", vn.report(prompt, cost_rate=4.5).cost)
    assert only(vn.expect(prompt, cost_rate=4.5).cost(at_most=0.06)).passed


def test_duration(prompt, booked):
    assert only(vn.expect(prompt).duration(at_most=41)).passed
    told = only(vn.expect([prompt, booked]).duration(at_most=20))
    assert (told.outcome, told.n, [each.call for each in told.turns]) == ("failed", 2, [1])
    assert told.value == vn.report(prompt).connected


@pytest.mark.parametrize(
    "ask",
    [
        lambda e: e.talk_over(),
        lambda e: e.talk_over(at_most=1, share=0.1),
        lambda e: e.cost(at_most="much"),
        lambda e: e.duration(at_most=-1),
    ],
)
def test_limits_that_are_none(prompt, ask):
    with pytest.raises(vn.InvalidConfiguration):
        ask(vn.expect(prompt))
