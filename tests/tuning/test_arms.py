"""What was really decided, by the settings in force."""

import pytest

from tests.tuning.known import LIMITS, build
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
