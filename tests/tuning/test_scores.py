"""Scores of many policies are those of each by itself; more patience never cuts more; a front is a front."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicenb.analysis.boundaries import Speech
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.evidence import Evidence, Recorded, Reply, Words
from voicenb.tuning.grid import grid
from voicenb.tuning.scores import TIMEOUT, Ground, Heard
from voicenb.tuning.silences import Row
from voicenb.tuning.sweep import Sweep
from voicenb.tuning.truth import gaps, turns
from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.completeness import Words as Judge
from voicenb.turn_taking.decide import Ending, Pauses, decide
from voicenb.turn_taking.settings import Settings

F = 0.032


def heard(pattern, *, replies=(), decided=(), words=(), settings=None):
    """A call from frames: ``(speech, silence)`` by turns, in frames."""
    values, speech, at = [], [], 0
    for spoken, silent in pattern:
        speech.append(Speech(at * F, (at + spoken) * F))
        values += [0.9] * spoken + [0.0] * silent
        at += spoken + silent
    evidence = Evidence(
        "call",
        "built",
        np.array(values, np.float32),
        tuple(speech),
        tuple(Reply(*(each * F for each in reply)) for reply in replies),
        tuple(Recorded(each * F, settings) for each in decided),
        tuple(Words(when * F, text) for when, text in words),
        at * F,
    )
    return Heard(evidence, turns(evidence, gaps(evidence)))


def sweep(calls, **given):
    return Sweep(grid(given), Ground(calls, Judge()), Judge(), [])


# Computed by hand: 20 frames of speech, a pause of 25, 20 of speech, and the end, decided 40 frames behind it
# and answered after 50. The next turn begins 100 frames behind it, is decided 45 frames behind its end and
# answered after 50.
HAND = heard([(20, 25), (20, 100), (20, 120)], replies=[(115, 150), (235, 300)], decided=[105, 230])


def test_by_hand():
    found = sweep([HAND], min_silence=[400, 800, 832, 1200, 1280, 1500], vad_threshold=0.5)
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
    found = sweep([HAND], min_silence=4000, max_silence=5000)
    assert found.scores.missed.tolist() == [0]
    assert found[0].latency == pytest.approx(125 * F)
    assert not found[0].observed


def test_sound_behind_the_answer_has_no_part_in_it():
    call = heard([(20, 100), (20, 120)], replies=[(70, 90), (190, 250)], decided=[60, 180])
    call.evidence.values[80:95] = 0.9  # the agent's own voice, in the microphone
    assert sweep([call], min_silence=[500, 2500]).scores.mean.tolist() == pytest.approx([16 * F, 79 * F])


def test_a_noise_behind_the_end_begins_the_silence_anew_unless_it_was_decided():
    call = heard([(20, 100), (20, 120)], replies=[(80, 110), (200, 250)], decided=[75, 190])
    call.evidence.values[50:55] = 0.9
    latency = sweep([call], min_silence=[320, 1280]).scores.mean
    assert latency.tolist() == pytest.approx([10 * F, (75 + 40) / 2 * F])


def test_an_end_that_is_not_heard_as_one_costs_the_timeout():
    # Noise behind the end, as loud as speech to a low threshold, until the next turn.
    call = heard([(20, 400), (20, 200)], replies=[(60, 90), (480, 520)], decided=[50, 470])
    values = call.evidence.values
    values[20:430] = 0.3
    low = sweep([call], vad_threshold=0.2, min_silence=500)
    assert low.scores.missed.tolist() == [1]
    assert low[0].latency == pytest.approx((TIMEOUT + 16 * F) / 2)
    assert sweep([call], vad_threshold=0.6, min_silence=500).scores.missed.tolist() == [0]


def test_speech_that_a_threshold_does_not_hear_is_cut():
    call = heard([(20, 10), (40, 100)], replies=[(100, 140)], decided=[95])
    call.evidence.values[30:70] = 0.55  # said softly
    deaf = sweep([call], vad_threshold=[0.5, 0.8], min_silence=400)
    assert deaf.scores.pauses_cut.tolist() == [0, 1]
    assert deaf.scores.turns_cut.tolist() == [0, 1]


PATTERN = st.lists(st.tuples(st.integers(3, 40), st.integers(2, 90)), min_size=1, max_size=6)
POLICY = st.tuples(st.integers(50, 2500), st.integers(1, 2500)).map(lambda p: (p[0], p[0] + p[1]))


@st.composite
def calls(draw):
    """Calls with pauses, answers, words and decisions wherever they fall."""
    pattern = draw(PATTERN)
    replies, decided, words, at = [], [], [], 0
    for spoken, silent in pattern:
        end = at + spoken
        if draw(st.booleans()):
            begin = end + draw(st.integers(1, silent))
            replies.append((begin, begin + draw(st.integers(2, 60))))
            decided.append(draw(st.integers(end, begin)))
        if draw(st.booleans()):
            words.append((end - 1, draw(st.sampled_from(["A table for", "A table for four."]))))
        at = end + silent
    return heard(pattern, replies=replies, decided=decided, words=words)


@settings(max_examples=40)
@given(st.lists(calls(), min_size=1, max_size=3), st.lists(POLICY, min_size=1, max_size=4))
def test_many_at_once_are_each_by_itself(found, policies):
    ground = Ground(found, Judge())
    taken = sweep(found, min_silence=[p[0] for p in policies], max_silence=[p[1] for p in policies])
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
    one = sweep(found, min_silence=low, max_silence=high)
    other = sweep(found, min_silence=low + more, max_silence=high + more + longer)
    for name in ("pauses_cut", "turns_cut", "calls_cut", "doubtful_cut"):
        assert getattr(other.scores, name)[0] <= getattr(one.scores, name)[0]
    if one[0].ends:
        assert other.scores.mean[0] >= one.scores.mean[0]
        assert other.scores.beyond[0] >= one.scores.beyond[0]


@settings(max_examples=30)
@given(st.lists(calls(), min_size=1, max_size=4), st.booleans())
def test_a_front_is_not_dominated_and_dominates_the_rest(found, observed):
    taken = sweep(found, min_silence=range(100, 2000, 150), max_silence=[1000, 2500])
    front = taken.frontier(observed=observed)
    every = [each for each in taken if each.observed or not observed]
    every = [each for each in every if each.false_cutoffs.n and each.latency is not None]
    assert bool(front) == bool(every)
    for each in every:
        rate, latency = each.false_cutoffs.rate, each.latency
        assert not any(
            rate <= other.false_cutoffs.rate
            and latency <= other.latency
            and (rate, latency) != (other.false_cutoffs.rate, other.latency)
            for other in front
        )
        assert any(other.false_cutoffs.rate <= rate and other.latency <= latency + 1e-9 for other in front)


def test_the_best_within_a_budget():
    taken = sweep([HAND] * 12, min_silence=range(200, 1300, 100))
    best = taken.best(false_cutoff_rate=0.0)
    assert best.setting.min_silence == 900  # the first beyond the pause
    assert best.next.setting.min_silence == 1000
    assert best.distinguishable  # each turn of each call is as much later
    assert best.difference == pytest.approx((3 * F, 3 * F))
    quick = taken.best(eot_latency=0.5)
    assert quick.score.false_cutoffs.rate == 1.0
    assert not quick.distinguishable
    assert "Not distinguishable" in str(quick)
    assert taken.operating_points() == {
        "false_cutoff_rate at 0.3 s": 1.0,
        "false_cutoff_rate at 0.6 s": 1.0,
        "eot_latency at 5%": pytest.approx(29 * F),
        "eot_latency at 10%": pytest.approx(29 * F),
    }


def test_what_was_not_observed_is_not_chosen_unasked():
    taken = sweep([HAND], min_silence=[400, 1500])
    with pytest.raises(InvalidConfiguration, match="No setting that rests on what was observed"):
        taken.best(false_cutoff_rate=0.0)
    assert taken.best(false_cutoff_rate=0.0, observed=False).setting.min_silence == 1500


@pytest.mark.parametrize("budget", [{}, {"false_cutoff_rate": 0.1, "eot_latency": 0.5}])
def test_one_budget_and_no_more(budget):
    with pytest.raises(InvalidConfiguration, match="Exactly one budget"):
        sweep([HAND], min_silence=500).best(**budget)


def test_a_score_of_a_setting_that_is_not_in_the_sweep():
    taken = sweep([HAND], min_silence=500)
    assert taken.of(TurnDetection(min_silence=400)) == sweep([HAND], min_silence=400)[0]
    assert taken.grid.find(TurnDetection(min_silence=500)) == 0
    assert taken.grid.find(TurnDetection(min_silence=510)) is None
