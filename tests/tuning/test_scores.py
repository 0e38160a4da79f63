"""Scores of many policies are those of each by itself; more patience never cuts more; a front is a front."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tuning.calls import HAND, POLICY, F, calls, heard, sweep_of
from voicenb.tuning.scores import TIMEOUT, Ground
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
