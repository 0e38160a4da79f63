"""Settings by state: on calls of which every figure can be computed by hand."""

from dataclasses import replace

import pytest

import voicenb as vn
from tests.tuning.calls import F, heard, sweep_of
from voicenb.errors import InvalidConfiguration
from voicenb.policy import ByState
from voicenb.protocol.caller_state import STATES
from voicenb.turn_detection import TurnDetection


def call():
    """Two turns, each decided 80 frames behind its end and answered after 90.

    The first, of no state, has a pause of 25 frames; the second, an answer, one of 50.
    """
    made = heard(
        [(20, 25), (20, 200), (20, 50), (20, 200)],
        replies=[(155, 200), (445, 500)],
        decided=[145, 435],
    )
    return replace(made, evidence=replace(made.evidence, awaited=((200 * F, "question"),)))


LEAST = [500, 1000, 1700]  # 16, 32 and 54 frames
"""The first cuts both pauses, the second the answer's, the third none."""


@pytest.fixture(scope="module")
def sweep():
    return sweep_of([call(), call()], min_silence=LEAST)


@pytest.fixture(scope="module")
def states(sweep):
    return sweep.by_state()


def of(least, most=3000):
    return TurnDetection(vad_threshold=0.5, min_silence=least, max_silence=most)


def test_what_there_is_of_each_state(states):
    assert states.counts == {"question": (2, 2), "other": (2, 2)}


@pytest.mark.parametrize("least", LEAST)
def test_the_same_settings_in_every_state_are_the_plain_ones(sweep, states, least):
    plain = sweep.of(of(least))
    for policy in (ByState(other=of(least)), ByState(**{state: of(least) for state in STATES})):
        found = states.score(policy).score
        assert replace(found, name=plain.name, setting=plain.setting) == plain


def test_by_hand(states):
    found = states.score(ByState(question=of(1700), other=of(1000)))
    assert (found.score.false_cutoffs.k, found.score.false_cutoffs.n) == (0, 4)
    assert found.score.latency == pytest.approx((54 + 32) / 2 * F)
    assert {
        state: (each.false_cutoffs.k, each.false_cutoffs.n, each.ends) for state, each in found.states.items()
    } == {
        "question": (0, 2, 2),
        "other": (0, 2, 2),
    }
    assert found.states["question"].latency == pytest.approx(54 * F)
    assert found.states["other"].latency == pytest.approx(32 * F)
    found = states.score(ByState(question=of(500), other=of(1700)))
    assert [each.false_cutoffs.k for each in found.states.values()] == [2, 0]
    assert found.score.false_cutoffs.k == 2


def test_the_best_by_state_is_sooner_than_the_best_of_one_setting():
    sweep = sweep_of([call()] * 3, min_silence=LEAST)
    plain = sweep.best(false_cutoff_rate=0.0)
    assert plain.setting.min_silence == 1700
    choice = sweep.by_state().best(false_cutoff_rate=0.0)
    assert (choice.policy.question.min_silence, choice.policy.other.min_silence) == (1700, 1000)
    assert choice.score.latency == pytest.approx((54 + 32) / 2 * F)
    assert choice.change.before == plain.score
    assert choice.change.latency.value == pytest.approx(-22 / 2 * F)
    assert "Beside the best single setting" in str(choice)
    assert choice.change.calls_needed == sweep.calls_needed(0.05, rate=0.0)


@pytest.mark.parametrize("asked", ["digits", "question"])
def test_a_state_without_a_pause_gets_no_hasty_setting(asked):
    """Nothing tells what it would cut: it goes with the rest, as it would if nobody had set it apart."""
    told = heard([(20, 200)], replies=[(110, 140)], decided=[100])
    told = replace(told, evidence=replace(told.evidence, awaited=((0.0, asked),)))
    paused = replace(call(), evidence=replace(call().evidence, awaited=()))
    states = sweep_of([paused, told], min_silence=LEAST).by_state()
    assert states.counts == {asked: (0, 1), "other": (2, 2)}
    choice = states.best(false_cutoff_rate=0.0)
    assert (choice.policy.of(asked).min_silence, choice.policy.other.min_silence) == (1700, 1700)
    assert f"{asked} 1700 to 3000 ms: no pauses, so what it cuts is not known" in str(choice)
    assert all(each.policy.settings[asked] == each.policy.other for each in states.frontier())
    assert "no pauses" in repr(states)
    assert "0 of 0" not in repr(states) + str(choice)


def test_doubtful_ends_are_told_with_a_choice():
    doubtful = heard([(20, 45), (20, 120)], replies=[(60, 95), (140, 170)], decided=[50, 130])
    states = sweep_of([call(), doubtful], min_silence=LEAST).by_state()
    told = str(states.best(false_cutoff_rate=0.0, observed=False))
    assert "1 of 1 doubtful end besides" in told
    assert "Label" in told


@pytest.mark.parametrize("wrong", ["x", -1, 5, float("nan"), True])
def test_a_budget_that_is_none(states, wrong):
    with pytest.raises(InvalidConfiguration, match="false_cutoff_rate must be a number from 0 to 1; got"):
        states.best(false_cutoff_rate=wrong)
    with pytest.raises(InvalidConfiguration, match="eot_latency must be a number from 0 to 60; got"):
        states.best(eot_latency=wrong if wrong != 5 else 61)


@pytest.mark.parametrize("wrong", [None, "x", TurnDetection.recommended()])
def test_what_is_scored_is_a_policy_by_state(states, wrong):
    with pytest.raises(InvalidConfiguration, match=r"takes a vn\.ByState, not"):
        states.score(wrong)


def test_the_best_within_a_latency_cuts_least(states):
    choice = states.best(eot_latency=(54 + 32) / 2 * F)
    assert choice.score.false_cutoffs.k == 0
    choice = states.best(eot_latency=32 * F)
    assert (choice.score.false_cutoffs.k, choice.policy.other.min_silence) == (2, 1000)


def test_none_of_the_front_is_beaten(states):
    front = [(each.score.latency, each.score.false_cutoffs.k) for each in states.frontier()]
    assert front == [
        (pytest.approx(16 * F), 4),
        (pytest.approx((16 + 32) / 2 * F), 2),
        (pytest.approx((54 + 32) / 2 * F), 0),
    ]


def test_every_front_has_what_the_plain_one_has_or_better(sweep, states):
    for plain in sweep.frontier():
        assert any(
            each.score.latency <= plain.latency + 1e-9 and each.score.false_cutoffs.k <= plain.false_cutoffs.k
            for each in states.frontier()
        )


def test_settings_beyond_what_was_observed_are_left_out_unless_they_are_asked_for():
    sweep = sweep_of([call()], min_silence=[500, 2700])  # 85 frames: later than the recorded decision
    with pytest.raises(InvalidConfiguration, match="No policy of these settings"):
        sweep.by_state().best(false_cutoff_rate=0.0)
    found = sweep.by_state().best(false_cutoff_rate=0.0, observed=False)
    assert not found.score.observed


def test_no_single_setting_within_the_budget_and_a_policy_that_is(states):
    between = (54 + 32) / 2 * F
    strict = sweep_of([call(), call()], min_silence=[1000, 1700], max_silence=[3000]).by_state()
    choice = strict.best(eot_latency=between)
    assert choice.score.false_cutoffs.k == 0
    assert choice.change.before.false_cutoffs.k == 2


@pytest.mark.parametrize("budget", [{}, {"false_cutoff_rate": 0.1, "eot_latency": 1.0}, {"eot_latency": 0.1}])
def test_budgets_that_cannot_be(states, budget):
    with pytest.raises(InvalidConfiguration, match=r"budget"):
        states.best(**budget)


def test_states_with_different_thresholds(states):
    with pytest.raises(InvalidConfiguration, match="different values of vad_threshold"):
        states.score(ByState(question=of(1700), other=of(1000).replace(vad_threshold=0.7)))


def test_each_policy_has_one_threshold():
    sweep = sweep_of([call(), call()], min_silence=LEAST, vad_threshold=[0.3, 0.5])
    for each in sweep.by_state().frontier():
        assert len({setting.vad_threshold for setting in each.policy.settings.values() if setting}) == 1


def test_calls_without_a_state_that_is_other():
    made = call()
    asked = replace(made, evidence=replace(made.evidence, awaited=((0.0, "question"),)))
    choice = sweep_of([asked], min_silence=LEAST).by_state().best(false_cutoff_rate=0.0)
    assert choice.policy.other == choice.policy.question == of(1700)


def test_calls_without_speech():
    states = sweep_of([heard([])], min_silence=LEAST).by_state()
    assert states.counts == {}
    assert states.frontier() == []
    assert "no pause and no end" in repr(states)
    with pytest.raises(InvalidConfiguration, match="There is no mid-turn pause"):
        states.best(false_cutoff_rate=0.1)


def test_the_policy_is_one_that_a_session_runs(states):
    policy = states.best(false_cutoff_rate=0.0).policy
    assert isinstance(policy, vn.Policy)
    event = {"n": 0, "t": 0.0, "dir": "in", "type": "transcript.agent", "msg": {"text": "When?"}}
    assert policy.decide(event)["turn_detection"].min_silence == 1700


def test_it_reads_as_text(states):
    told = repr(states)
    assert told.splitlines()[0] == (
        "3 settings for each state · question: 2 mid-turn pauses, 2 ends · other: 2 mid-turn pauses, 2 ends"
    )
    lines = [line.split() for line in told.splitlines()]
    assert ["all", "states", "0", "of", "4", "1.38"] in [line[:6] for line in lines]
    assert ["question", "1700", "to", "3000", "ms", "0", "of", "2", "1.73"] in [line[:9] for line in lines]
    assert "- 3 of 3 on the front" in told.splitlines()
    assert "Chosen on the calls that they are scored on" in told
    assert states._repr_html_().count("<tr") == 1 + 3 * 4
    choice = str(states.best(false_cutoff_rate=0.0))
    assert choice.startswith("question 1700 to 3000 ms, other 1000 to 3000 ms at 0.5: cuts 0 of 4 pauses")
    assert "  question 1700 to 3000 ms: cuts 0 of 2 pauses, EOT latency 1.73 s (n = 2)" in choice
