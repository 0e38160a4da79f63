"""The model's decisions beside those of a service of which everything is known."""

import pytest

from tests.tuning.known import LIMITS, NEAR, build
from voicenb.tuning.whatif import whatif


def test_the_model_decides_as_the_service_did(sweep):
    calibration = sweep.calibration
    assert (calibration.agreement.k, calibration.agreement.n) == (6, 6)
    assert (calibration.only_model, calibration.only_recorded, calibration.adaptive) == (0, 0, 0)
    assert max(map(abs, calibration.error.values)) < NEAR


def test_a_service_that_decides_otherwise_is_told_by_the_calibration(tmp_path):
    call, _ = build(tmp_path / "call", LIMITS | {"min_silence": 400})
    calibration = whatif(call, min_silence=1000).calibration
    # It would have cut the first pause, and ended every turn 0.6 s sooner.
    assert (calibration.agreement.k, calibration.agreement.n, calibration.only_model) == (0, 6, 1)
    assert calibration.error.p50 == pytest.approx(0.6, abs=NEAR)
