"""Scores of many policies are those of each by itself; more patience never cuts more; a front is a front."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tuning.calls import HAND, POLICY, F, calls, heard, sweep_of
from voicenb.tuning.scores import TIMEOUT, Ground, Heard
from voicenb.tuning.silences import Row
from voicenb.turn_taking.completeness import Words as Judge
from voicenb.turn_taking.decide import Ending, Pauses, decide
from voicenb.turn_taking.settings import Settings

# Computed by hand: 20 frames of speech, a pause of 25, 20 of speech, and the end, decided 40 frames behind it
# and answered after 50. The next turn begins 100 frames behind it, is decided 45 frames behind its end and
# answered after 50.


def test_by_hand():
    found = sweep_of([HAND], min_silence=[400, 800, 832, 1200, 1280, 1500], vad_threshold=0.5)
    # 832 ms are the first frame of the resumption, which still counts as silence.
    assert found.scores.pauses_cut.tolist() == [1, 1, 1, 0, 0, 0]
    frames = [13, 25, 26, 38, 40, 47]
    np.testing.assert_allclose(found.scores.mean, np.array(frames) * F)
    np.testing.assert_allclose(found.scores.p50, np.array(frames) * F)
    # The decisions came 40 and 45 frames behind the ends, the answers 10 and 5 behind those.
    assert found.scores.beyond.tolist() == [0, 0, 0, 0, 0, 2]
    np.testing.assert_allclose(found.scores.response, (np.array(frames) + 7.5) * F)
    assert found.scores.turns_cut.tolist() == [1, 1, 1, 0, 0, 0]
    assert (found[0].turns.k, found[0].turns.n, found[0].calls.k, found[0].calls.n) == (1, 2, 1, 1)


def test_a_caller_who_was_done_waits_as_long_as_it_takes():
    # The caller speaks again 3.2 s behind the first end, because the agent answered: nobody would have else.
    found = sweep_of([HAND], min_silence=4000, max_silence=5000)
    assert found.scores.missed.tolist() == [0]
    assert found[0].latency == pytest.approx(125 * F)
    assert not found[0].observed


def test_an_end_that_is_not_heard_as_one_costs_the_timeout():
    # Noise behind the end, as loud as speech to a low threshold, until the next turn.
    call = heard([(20, 400), (20, 200)], replies=[(60, 90), (480, 520)], decided=[50, 470])
    values = call.evidence.values
    values[20:430] = 0.3
    low = sweep_of([call], vad_threshold=0.2, min_silence=500)
    assert low.scores.missed.tolist() == [1]
    assert low[0].latency == pytest.approx((TIMEOUT + 16 * F) / 2)
    assert sweep_of([call], vad_threshold=0.6, min_silence=500).scores.missed.tolist() == [0]


@settings(max_examples=40)
@given(st.lists(calls(), min_size=1, max_size=3), st.lists(POLICY, min_size=1, max_size=4))
def test_many_at_once_are_each_by_itself(found, policies):
    ground = Ground(found, Judge())
    taken = sweep_of(found, min_silence=[p[0] for p in policies], max_silence=[p[1] for p in policies])
    rows, of_turn, of_pause = ground.silences(0.5)
    for k, policy in enumerate(taken.grid):
        one = Settings(min_silence=policy.min_silence, max_silence=policy.max_silence)
        cut_pauses, cut_turns, doubtful, ends = set(), set(), set(), {}
        for row, turn, pause in zip(rows, of_turn.tolist(), of_pause.tolist(), strict=True):
            complete = next((s for s, e in row.spans if e > math.ceil(one.min_silence / 32) * F), math.inf)
            decision = decide(Pauses(row.length, complete, row.resumed), one)
            if decision.by == Ending.NONE:
                continue
            if row.kind is Row.MID:
                cut_pauses.add(pause)
            if row.kind in (Row.MID, Row.SPEECH):
                cut_turns.add(turn)
            elif row.kind is Row.DOUBTFUL:
                doubtful.add(turn)
            else:
                late = max(0.0, row.offset + float(decision.at))
                ends[turn] = min(ends.get(turn, TIMEOUT), late)
        assert taken.scores.pauses_cut[k] == len(cut_pauses)
        assert taken.scores.turns_cut[k] == len(cut_turns)
        assert taken.scores.doubtful_cut[k] == len(doubtful)
        latency = [ends.get(turn, TIMEOUT) for turn in ground.end_turn.tolist()]
        if latency:
            assert taken.scores.mean[k] == pytest.approx(np.mean(latency))
            assert taken.scores.p50[k] == pytest.approx(np.median(latency))
        assert taken.of(policy) == taken[k]


@settings(max_examples=40)
@given(st.lists(calls(), min_size=1, max_size=3), POLICY, st.integers(0, 2000), st.integers(0, 2000))
def test_more_patient_never_cuts_more_and_is_never_sooner(found, policy, more, longer):
    low, high = policy
    one = sweep_of(found, min_silence=low, max_silence=high)
    other = sweep_of(found, min_silence=low + more, max_silence=high + more + longer)
    for name in ("pauses_cut", "turns_cut", "calls_cut", "doubtful_cut"):
        assert getattr(other.scores, name)[0] <= getattr(one.scores, name)[0]
    if one[0].ends:
        assert other.scores.mean[0] >= one.scores.mean[0]
        assert other.scores.beyond[0] >= one.scores.beyond[0]


PLAIN = st.lists(st.lists(st.integers(7, 80), max_size=3), min_size=1, max_size=4)
"""The pauses of each turn, in frames."""


def plain(turns):
    """A call without a doubt in it: each turn is decided 45 frames behind its end and answered after 50."""
    pattern, replies, decided, at = [], [], [], 0
    for pauses in turns:
        pattern += [(20, pause) for pause in pauses] + [(20, 150)]
        end = at + sum(20 + pause for pause in pauses) + 20
        replies.append((end + 50, end + 80))
        decided.append(end + 45)
        at = end + 150
    return heard(pattern, replies=replies, decided=decided)


@settings(max_examples=60)
@given(st.lists(PLAIN, min_size=1, max_size=4), st.lists(st.integers(50, 2900), min_size=1, max_size=5))
def test_of_plain_calls_every_figure_is_arithmetic(made, limits):
    taken = sweep_of([plain(turns) for turns in made], min_silence=limits)
    every = [pause for call in made for turn in call for pause in turn]
    turns = [turn for call in made for turn in call]
    for score, limit in zip(taken, dict.fromkeys(limits), strict=True):
        frames = math.ceil(limit / 32)

        def cut(pauses, frames=frames):
            return sum(pause + 1 >= frames for pause in pauses)  # the first frame of the resumption counts

        assert (score.false_cutoffs.k, score.false_cutoffs.n) == (cut(every), len(every))
        assert (score.turns.k, score.turns.n) == (sum(cut(turn) > 0 for turn in turns), len(turns))
        hit = [any(cut(turn) for turn in call) for call in made]
        assert (score.calls.k, score.calls.n) == (sum(hit), len(made))
        assert (score.doubtful.n, score.missed, score.ends) == (0, 0, len(turns))
        assert score.latency == score.latency_p50 == pytest.approx(frames * F)
        assert score.response_latency == pytest.approx((frames + 5) * F)  # the answer comes 5 behind it
        assert score.beyond == (len(turns) if frames > 46 else 0)


@settings(max_examples=40)
@given(st.lists(calls(), min_size=1, max_size=3), st.integers(900, 3000))
def test_along_a_sweep_a_longer_silence_never_raises_the_cutoff_rate(found, longest):
    taken = sweep_of(found, min_silence=range(50, 900, 50), max_silence=longest)
    assert taken.grid.min_silence.tolist() == sorted(taken.grid.min_silence.tolist())
    for name in ("pauses_cut", "turns_cut", "calls_cut", "doubtful_cut"):
        assert (np.diff(getattr(taken.scores, name)) <= 0).all(), name
    if len(taken.ground.pause_call):
        assert (np.diff(taken.rates) <= 0).all()
    if taken[0].ends:
        assert (np.diff(taken.scores.mean) >= 0).all()
        assert (np.diff(taken.scores.p50) >= 0).all()


@settings(max_examples=40)
@given(st.lists(calls(), min_size=1, max_size=3), POLICY)
def test_counts_are_of_what_there_is_and_latencies_end_at_the_timeout(found, policy):
    (score,) = sweep_of(found, min_silence=policy[0], max_silence=policy[1])
    for share in (score.false_cutoffs, score.turns, score.calls, score.doubtful):
        assert 0 <= share.k <= share.n
        low, high = share.interval
        assert 0 <= low <= high <= 1
        assert not share.n or low - 1e-9 <= share.rate <= high + 1e-9
    assert score.calls.k <= score.turns.k
    assert score.missed <= score.ends
    if score.ends:
        assert 0 <= score.latency <= TIMEOUT
        assert 0 <= score.latency_p50 <= TIMEOUT
    else:
        assert score.latency is None


@settings(max_examples=25)
@given(st.lists(calls(), min_size=1, max_size=3), POLICY)
def test_the_same_calls_twice_count_double_and_tell_the_same(found, policy):
    given = {"min_silence": policy[0], "max_silence": policy[1]}
    once, twice = sweep_of(found, **given).scores, sweep_of(found * 2, **given).scores
    for name in ("pauses_cut", "turns_cut", "calls_cut", "doubtful_cut", "missed", "beyond"):
        assert getattr(twice, name).tolist() == (2 * getattr(once, name)).tolist()
    for name in ("mean", "p50", "response"):
        np.testing.assert_allclose(getattr(twice, name), getattr(once, name))


def test_a_percentile_is_one_of_the_values():
    # Twenty ends that are heard with a noise behind them: 1, 2, … 20 frames later each.
    late = []
    for more in range(1, 21):
        call = heard([(20, 100), (20, 20)], replies=[(80, 100)], decided=[75])
        call.evidence.values[20 : 20 + more] = 0.9
        late.append(call)
    scores = sweep_of(late, min_silence=320).scores
    assert scores.p90.tolist() == [pytest.approx((18 + 10) * F)]  # the 18th of 20
    assert scores.p50.tolist() == [pytest.approx((10.5 + 10) * F)]


def patient(decided, setting, *, labelled=False):
    """A call with a pause of 25 frames and two ends, decided so many frames behind each."""
    call = heard(
        [(20, 25), (20, 150), (20, 150)],
        replies=[(65 + decided + 5, 65 + decided + 60), (235 + decided + 5, 235 + decided + 60)],
        decided=[65 + decided, 235 + decided],
        settings={"vad_threshold": 0.5, "min_silence": setting, "max_silence": 5000},
    )
    if not labelled:
        return call
    known = [replace(turn, last=replace(turn.last, labelled=True)) for turn in call.turns]
    return Heard(call.evidence, known)


def test_what_was_observed_is_known_of_each_call_by_itself():
    """Where settings differ from call to call, and labels are there for some."""
    short, long, known = patient(40, 1280), patient(60, 1920), patient(40, 1280, labelled=True)
    settings = [1280, 1600, 1920, 2400]
    assert sweep_of([short, long], min_silence=settings).scores.beyond.tolist() == [0, 2, 2, 4]
    assert sweep_of([known, long], min_silence=settings).scores.beyond.tolist() == [0, 0, 0, 2]
    assert sweep_of([known], min_silence=settings).scores.beyond.tolist() == [0, 0, 0, 0]
    assert sweep_of([short, known], min_silence=settings).scores.beyond.tolist() == [0, 2, 2, 2]


def test_the_recorded_setting_is_observed_also_where_the_service_counts_a_little_otherwise():
    """It decided two frames before the model does, as one that hears the end a little sooner."""
    assert sweep_of([patient(38, 1280)], min_silence=[1280, 1312, 1344]).scores.beyond.tolist() == [0, 0, 2]
    # Half a second is no such difference: that is another decision.
    assert sweep_of([patient(24, 1280)], min_silence=[768, 1280]).scores.beyond.tolist() == [0, 2]


def test_a_decision_of_another_setting_makes_nothing_observed():
    # Held at 1200 ms, decided after 40 frames. The other call's 1300 ms would decide one frame later: near
    # enough to be the same decision, had it been its own.
    one, other = (
        heard(
            [(20, 120)],
            replies=[(70, 100)],
            decided=[60],
            settings={"vad_threshold": 0.5, "min_silence": least, "max_silence": 3000},
        )
        for least in (1200, 1300)
    )
    np.testing.assert_allclose(Ground([one, other], Judge()).observed, np.array([40, 41]) * F)


def test_a_decision_before_the_end_of_speech_took_no_time():
    # The threshold does not hear the last 20 frames; 10 of them are silence enough.
    call = heard([(40, 120)], replies=[(70, 100)], decided=[60])
    call.evidence.values[20:40] = 0.3
    found = sweep_of([call], vad_threshold=0.5, min_silence=[320, 960])
    np.testing.assert_allclose(found.scores.mean, np.array([0, 10]) * F)
