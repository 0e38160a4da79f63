"""Answers in time, and an agent that gives way in time."""

import pytest

import voicenb as vn
from tests.testing.expectations.conftest import lacking, plain
from voicenb.errors import InvalidConfiguration
from voicenb.testing.expectations.latency import figure_named, limit_of, untold
from voicenb.testing.expectations.limit import Limit


def only(expectation):
    (verdict,) = expectation.verdicts
    return verdict


def test_each_turn_is_answered_in_time(prompt):
    told = only(vn.expect(prompt).answers_within(2.1))
    assert (told.outcome, told.n, told.turns) == ("passed", 3, ())
    assert told.value == vn.report(prompt).latency.largest
    assert told.limit == 2.1


def test_a_late_one_is_named(slow):
    told = only(vn.expect(slow).answers_within(2.0))
    assert (told.outcome, told.n, told.figure) == ("failed", 3, "largest 3.00 s, 2 of 3 plain turns later")
    assert [(each.turn.number, each.note) for each in told.turns] == [(3, "after 3.00 s"), (5, "unanswered")]
    assert only(vn.expect(slow).answers_within(2.0, at_most=2)).outcome == "passed"
    assert only(vn.expect(slow).answers_within(4.0)).outcome == "failed"  # one was not answered at all


def test_turns_with_tools_are_never_pooled_with_others(booked):
    report = vn.report(booked)
    told = only(vn.expect(booked).answers_within(5.0))
    assert (told.n, told.value) == (1, report.latency.largest)
    answer = only(vn.expect(booked).answers_within(5.0, of="first_answer"))
    assert (answer.n, answer.value) == (1, report.first_answer.largest)
    assert only(vn.expect(booked).answers_within(5.0, of="first_sound")).value == report.first_sound.largest


def test_without_a_turn_of_that_kind_it_is_inconclusive(prompt):
    told = only(vn.expect(prompt).answers_within(2.0, of="first_answer"))
    assert (told.outcome, told.n) == ("inconclusive", 0)
    assert "without of=" in told.remedy


def test_a_percentile_is_a_share_with_an_interval(prompt, slow):
    told = only(vn.expect(prompt).answers_within(2.1, percentile=50))
    assert (told.outcome, told.value) == ("inconclusive", vn.report(prompt).latency.p50)
    assert told.interval[0] == 0
    assert only(vn.expect(prompt).answers_within(2.1, percentile=50, counted=True)).outcome == "passed"
    assert only(vn.expect(slow).answers_within(2.0, percentile=50, counted=True)).outcome == "failed"


def test_a_percentile_that_too_few_turns_have_is_not_told(prompt):
    told = only(vn.expect(prompt).answers_within(2.1, percentile=95, counted=True))
    assert (told.outcome, told.value) == ("inconclusive", None)
    assert "needs 60" in told.why


def test_many_calls_pass_a_percentile(tmp_path):
    calls = [plain(tmp_path / str(n), [1.3 + n / 50, 1.4 + n / 50]) for n in range(15)]
    told = only(vn.expect(calls).answers_within(2.0, percentile=85))
    assert (told.outcome, told.n) == ("passed", 30)
    assert told.value == vn.report(calls).latency.percentile(85)
    assert only(vn.expect(calls).answers_within(1.35, percentile=85)).outcome == "failed"


def test_a_turn_that_the_end_left_open_is_no_part_of_it(booked, tmp_path):
    """The caller hangs up 3 s behind the second turn, which nobody has answered by then."""
    call = plain(tmp_path / "whole", [1.5, None])
    part = call[: vn.turns(call).caller[1].end + 3.0]
    assert vn.turns(part).caller[1].unanswered is None
    assert only(vn.expect(part).answers_within(4.0)).n == 1
    told = only(vn.expect(part).answers_within(2.0))  # so long it had time
    assert told.outcome == "failed"
    assert "no answer in the 3.0 s" in told.turns[0].note


def test_a_turn_whose_sound_is_not_there_is_inconclusive(prompt, tmp_path):
    mute = lacking(prompt, tmp_path / "call", "sound")
    (mute.folder / "caller.wav").unlink()
    with pytest.warns(UserWarning, match="missing"):
        silent = vn.load(mute.folder)
    assert only(vn.expect(silent).answers_within(9.0)).outcome == "inconclusive"
    assert only(vn.expect(silent).talk_over(at_most=9.0)).outcome == "inconclusive"


def test_the_agent_gives_way(interrupted):
    latency = vn.report(interrupted).yield_latency.largest
    told = only(vn.expect(interrupted).yields_within(1.0))
    assert (told.outcome, told.n, told.value) == ("passed", 1, latency)
    late = only(vn.expect(interrupted).yields_within(0.1))
    assert late.outcome == "failed"
    assert late.turns[0].turn.yield_latency == latency


def test_where_nobody_interrupted_that_is_inconclusive(prompt, tmp_path):
    assert only(vn.expect(prompt).yields_within(1.0)).outcome == "inconclusive"
    told = only(vn.expect(lacking(prompt, tmp_path / "x", "interruptions")).yields_within(1.0))
    assert told.outcome == "inconclusive"
    assert "Nobody noted the interruptions" in told.turns[0].note


def test_what_cannot_be():
    assert limit_of(90, None, False, "f").share == pytest.approx(0.1)
    assert limit_of(None, 2, False, "f") == Limit(at_most=2)
    for percentile, at_most in [(0, None), (100, None), ("x", None), (50, 1), (True, None)]:
        with pytest.raises(InvalidConfiguration):
            limit_of(percentile, at_most, False, "f")
    with pytest.raises(InvalidConfiguration, match="no figure"):
        figure_named("p50")


def test_what_was_not_captured_is_told_in_the_recordings_words(prompt, tmp_path):
    call = vn.report(lacking(prompt, tmp_path / "x", "tools")).calls[0]
    assert untold(call, "decisions", "tools") == "not captured: Nobody noted the tools."
    assert untold(call, "decisions") == "not captured"
