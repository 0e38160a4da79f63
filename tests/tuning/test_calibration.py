"""The model's decisions beside those of a service of which everything is known."""

import pytest

from tests.tuning.calls import F, heard, sweep_of
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


def calibration(decided, settings, *more):
    silences, answers = [(20, 25), (20, 100), (20, 120)], [(115, 150), (235, 300)]
    calls = [heard(silences, replies=answers, decided=decided, settings=settings), *more]
    return sweep_of(calls).calibration


def test_by_hand():
    # The model ends at frame 38 of a silence; the service in frame 20 of the pause, and after 40 and 45.
    told = calibration([40, 105, 230], {"min_silence": 1200})
    assert (told.agreement.k, told.agreement.n) == (1, 3)
    assert (told.only_model, told.only_recorded, told.adaptive) == (0, 1, 0)
    assert told.error.values == pytest.approx((2 * F, 7 * F))
    assert str(told).startswith(
        "Calibration: the model decides as recorded in 1 of 3 silences; recorded minus"
    )


@pytest.mark.parametrize(("late", "agrees"), [(0, True), (3, True), (4, False), (-3, True), (-4, False)])
def test_a_tenth_of_a_second_apart_is_the_same_decision(late, agrees):
    told = calibration([65 + 38 + late, 185 + 38], {"min_silence": 1200})
    assert told.agreement.n == 3  # neither decides in the pause
    assert told.agreement.k == 2 + agrees
    assert told.error.values == pytest.approx((late * F, 0.0))


def test_where_neither_decides_they_agree_and_a_short_silence_is_not_compared():
    short = heard([(20, 6), (20, 100)], replies=[(100, 140)], decided=[46 + 32], settings=LIMITS)
    told = sweep_of([short]).calibration
    assert (told.agreement.k, told.agreement.n) == (1, 1)  # six frames are less than 0.2 s
    longer = heard([(20, 7), (20, 100)], replies=[(100, 140)], decided=[47 + 32], settings=LIMITS)
    told = sweep_of([longer]).calibration
    assert (told.agreement.k, told.agreement.n, told.error.n) == (2, 2, 1)


def test_each_turn_is_held_against_its_own_setting():
    quick = heard(
        [(20, 100), (20, 100)], replies=[(70, 100)], decided=[20 + 13], settings={"min_silence": 400}
    )
    told = calibration([65 + 32, 185 + 32], LIMITS, quick)
    assert (told.agreement.k, told.agreement.n) == (4, 4)


def test_a_call_with_the_adaptive_default_has_nothing_to_compare():
    told = calibration([105, 230], None)
    assert (told.agreement.n, told.adaptive) == (0, 2)
    assert str(told) == "Calibration: not possible, all 2 turns had the adaptive default."
    assert str(calibration([], None)) == "Calibration: not possible, no turn with known settings."
