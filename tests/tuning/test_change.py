"""What another policy would change, and when that is advice."""

import numpy as np
import pytest

from tests.tuning.calls import HAND, F, heard, sweep_of
from voicenb.tuning.change import Change, Difference, differences
from voicenb.turn_detection import TurnDetection

ONE = {"vad_threshold": 0.5, "min_silence": 1280, "max_silence": 3000}


def call(pause, settings=ONE, decided=40):
    """A pause of so many frames, and an end that was decided after 40 and answered after 45."""
    end = 40 + pause
    return heard(
        [(20, pause), (20, 100)],
        replies=[(end + 45, end + 90)],
        decided=[end + decided],
        settings=settings,
    )


def change(**figures):
    sweep = sweep_of([call(10)], min_silence=[500, 600])
    return Change(sweep[0], sweep[1], figures.get("rate"), figures.get("latency"), 7)


LESS, SAME, MORE = Difference(-0.2, -0.3, -0.15), Difference(0.0, -0.02, 0.02), Difference(0.2, 0.15, 0.3)
OPEN = Difference(0.0, -0.5, 0.5)


@pytest.mark.parametrize(
    ("rate", "latency", "advised", "traded"),
    [
        (LESS, LESS, True, False),
        (LESS, SAME, True, False),
        (SAME, LESS, True, False),
        (LESS, MORE, False, True),
        (MORE, LESS, False, True),
        (OPEN, LESS, False, False),  # sooner is worth nothing while anything may be cut
        (LESS, OPEN, False, False),
        (SAME, SAME, False, False),
        (None, LESS, False, False),
        (LESS, None, False, False),
    ],
)
def test_it_is_advice_where_one_is_less_and_the_other_no_risk(rate, latency, advised, traded):
    told = change(rate=rate, latency=latency)
    assert (told.distinguishable, told.trade) == (advised, traded)
    begins = "Change " if advised else "500 to 3000 ms at 0.5 → 600 " if traded else "Not distinguishable "
    assert str(told).startswith(begins)
    assert ("About 7 calls" in str(told)) == (not advised and not traded)


def test_an_interval_that_touches_zero_tells_nothing():
    assert not Difference(-0.1, -0.2, 0.0).less
    assert not Difference(0.1, 0.0, 0.2).more
    assert Difference(-0.1, -0.2, -0.01).less


def test_differences_are_over_the_same_pauses_and_ends():
    sweep = sweep_of([HAND] * 12, min_silence=[400, 1200])
    one, other = (sweep._outcomes(setting) for setting in sweep.grid)
    rate, latency = differences(one, other, sweep.ground)
    assert (rate.value, rate.low, rate.high) == pytest.approx((-1, -1, -1))
    assert (latency.value, latency.low, latency.high) == pytest.approx((25 * F,) * 3)
    none = np.zeros(12, np.bool_), np.zeros(24, np.bool_)
    empty = type(one)(one.pauses_cut[none[0]], one.turns_cut, one.doubtful_cut, one.latency[none[1]])
    assert differences(empty, other, sweep.ground, *none) == (None, None)


def test_a_change_that_is_for_the_better_is_advised_and_the_same_is_not():
    # Every pause is one of 12 frames: half of the recorded silence would do.
    sweep = sweep_of([call(12)] * 80, min_silence=[640, 1280])
    best = sweep.best(false_cutoff_rate=0.05)
    (found,) = best.changes
    assert best.setting.min_silence == 640
    assert found.latency.value == pytest.approx(-20 * F)
    assert best.advice == [found]
    assert str(found).startswith("Change 1280 to 3000 ms at 0.5, as recorded → 640 to 3000 ms at 0.5: ")
    assert str(best.calibration) in str(best)
    only = sweep_of([call(12)] * 80, min_silence=1280).best(false_cutoff_rate=0.05)
    assert only.advice == []
    assert "nothing to change" in str(only)


@pytest.mark.parametrize("calls", [6, 12])
def test_few_pauses_tell_nothing_and_how_many_calls_would(calls):
    best = sweep_of([call(12)] * calls, min_silence=[640, 1280]).best(false_cutoff_rate=0.05)
    assert best.advice == []
    assert "Not distinguishable in what it cuts from 1280 to 3000 ms" in str(best)
    # (1.96 + 0.84)² · 0.05 · 0.95 / 0.05² = 149.1 pauses, of which each call has one.
    assert best.changes[0].calls_needed == 150
    assert "About 150 calls like these would tell rates of 0% and 5% apart (80% power)." in str(best)
    # The sweep's own figure is of other rates, and says so too.
    assert sweep_of([call(12)] * calls, min_silence=640).calls_needed(0.05, 0.0) == 150


def test_what_nobody_observed_is_never_advised():
    calls = [call(45)] * 12  # each pause was cut
    best = sweep_of(calls, min_silence=[1600, 2000]).best(false_cutoff_rate=0.0, observed=False)
    assert best.setting.min_silence == 1600
    assert best.advice == []
    assert "No advice on 1280 to 3000 ms at 0.5, as recorded → 1600" in str(best)
    assert "12 of 12 ends would be decided later than anybody observed" in str(best)


def test_the_adaptive_default_is_compared_as_it_decided_in_its_own_turns():
    adaptive, other = call(12, None), call(12)
    sweep = sweep_of([adaptive] * 80 + [other] * 5, min_silence=[640, 1280])
    default, fixed = sweep.best(false_cutoff_rate=0.05).changes
    assert default.before.setting is None
    assert default.before.turns.n == 80
    assert default.latency.value == pytest.approx(-20 * F)
    assert fixed.before.setting == TurnDetection(**ONE)
    assert default.distinguishable
    assert "Change adaptive default, as it decided → 640" in str(default)
