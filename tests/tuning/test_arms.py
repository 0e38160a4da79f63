"""What was really decided, by the settings in force."""

import pytest

from tests.tuning.calls import HAND, F, heard, sweep_of
from tests.tuning.known import LIMITS, build
from voicenb.tuning.arms import ADAPTIVE, decisions_of, last_decision
from voicenb.tuning.scores import TIMEOUT
from voicenb.tuning.whatif import whatif
from voicenb.turn_detection import TurnDetection


def test_what_really_was_decided_is_an_arm_and_the_default_never_missing(sweep):
    default, recorded = sweep.recorded
    assert default.setting is None
    assert default.turns.n == 0
    assert recorded.setting == TurnDetection(**LIMITS)
    assert (recorded.false_cutoffs.k, recorded.false_cutoffs.n) == (1, 2)
    assert (recorded.doubtful.k, recorded.doubtful.n) == (1, 1)
    assert recorded.latency == pytest.approx(1.0, abs=0.03)
    assert recorded.observed


def test_a_call_with_the_adaptive_default_has_it_as_an_arm(tmp_path):
    call, _ = build(tmp_path / "call", None)
    sweep = whatif(call, min_silence=1000)
    (default,) = sweep.recorded
    assert (default.false_cutoffs.k, default.false_cutoffs.n, default.turns.n) == (1, 2, 4)
    assert (sweep.calibration.agreement.n, sweep.calibration.adaptive) == (0, 4)


SILENCES = [(20, 25), (20, 100), (20, 120)]
ANSWERS = [(115, 150), (235, 300)]


def recorded(decided, settings=LIMITS):
    return sweep_of([heard(SILENCES, replies=ANSWERS, decided=decided, settings=settings)]).recorded


def test_by_hand():
    default, arm = recorded([40, 105, 230])  # 20 frames into the pause; 40 and 45 behind the ends
    assert (default.name, default.turns.n) == (ADAPTIVE, 0)
    assert arm.name == "1000 to 3000 ms at 0.5, as recorded"
    assert arm.recorded
    assert arm.observed
    shares = (arm.false_cutoffs, arm.turns, arm.calls, arm.doubtful)
    assert [(each.k, each.n) for each in shares] == [(1, 1), (1, 2), (1, 1), (0, 0)]
    assert (arm.latency, arm.latency_p50) == (pytest.approx(42.5 * F), pytest.approx(42.5 * F))
    assert arm.response_latency == pytest.approx(50 * F)  # as it was


@pytest.mark.parametrize(("at", "cut"), [(19, 0), (20, 1), (44, 1), (50, 1), (64, 1), (65, 0)])
def test_a_decision_that_comes_late_is_of_the_pause_before(at, cut):
    _, arm = recorded([at, 105, 230])
    assert (arm.false_cutoffs.k, arm.false_cutoffs.n) == (cut, 1)


def test_an_end_that_nobody_decided_behind_is_missed():
    _, arm = recorded([40, 230])
    assert (arm.missed, arm.ends) == (1, 2)
    assert arm.latency == pytest.approx((TIMEOUT + 45 * F) / 2)


def test_a_turn_without_a_decision_belongs_to_no_setting():
    _, arm = recorded([105])
    assert (arm.turns.n, arm.ends) == (1, 1)
    (only,) = recorded([])
    assert (only.setting, only.turns.n) == (None, 0)


def test_each_setting_that_was_in_force_is_one_the_default_first():
    of = [
        heard(SILENCES, replies=ANSWERS, decided=[105, 230], settings=each)
        for each in (LIMITS, {"min_silence": 400}, None, LIMITS)
    ]
    arms = sweep_of(of).recorded
    assert [arm.setting and arm.setting.min_silence for arm in arms] == [None, 400, 1000]
    assert [arm.turns.n for arm in arms] == [2, 2, 4]
    assert [arm.calls.n for arm in arms] == [1, 1, 2]


def test_decisions_are_of_the_turn_that_they_fall_into():
    call = heard(SILENCES, replies=ANSWERS, decided=[10, 105, 164, 165, 230])
    assert [len(decisions_of(call, number)) for number in (0, 1)] == [3, 2]
    assert last_decision(call, 0).at == pytest.approx(164 * F)  # the next turn begins with frame 165
    assert last_decision(heard(SILENCES), 0) is None
    assert HAND.turns[1].start == pytest.approx(165 * F)
