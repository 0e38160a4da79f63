"""What is told of a setting that was chosen."""

from dataclasses import replace

import pytest

from tests.tuning.calls import HAND, F, heard, sweep_of

SWEEP = sweep_of([HAND] * 12, min_silence=range(200, 1300, 100))


def test_it_names_the_next_and_how_far_away_it_is():
    best = SWEEP.best(false_cutoff_rate=0.0)
    assert best.distinguishable
    told = str(best).splitlines()
    assert f"Told apart from the next, 1000 to 3000 ms at 0.5: EOT latency +{3 * F:.2f} s" in told[0]
    assert told[-1] == str(SWEEP.calibration)
    assert repr(best) == str(best)


def test_doubtful_ends_are_to_be_labelled_before_it_is_taken():
    # The caller goes on over the answer: nobody knows whether they had done.
    doubtful = heard([(20, 45), (20, 120)], replies=[(60, 95), (140, 170)], decided=[50, 130])
    best = sweep_of([HAND, doubtful], min_silence=[900]).best(false_cutoff_rate=0.05)
    told = str(best)
    assert "1 of 1 doubtful end besides" in told.splitlines()[0]
    assert "It decides in 1 of 1 doubtful end, where the caller may have had more to say" in told
    assert "sweep.examples(setting)" in told
    assert "vn.TurnDetectionPanel" in told
    assert "doubtful" not in str(SWEEP.best(false_cutoff_rate=0.0))
    later = replace(best, score=replace(best.score, doubtful=replace(best.score.doubtful, k=0)))
    assert "label" not in str(later)


def test_a_difference_of_nothing_is_none():
    best = replace(SWEEP.best(false_cutoff_rate=0.0), difference=(-0.1, 0.1), calls_needed=1234)
    assert not best.distinguishable
    assert "Not distinguishable from the next" in str(best)
    assert "about 1,234 calls like these" in str(best)
    assert not replace(best, difference=None).distinguishable
    assert "too little to tell it from" in str(replace(best, difference=None))


def test_where_there_is_no_other():
    alone = sweep_of([HAND], min_silence=900).best(false_cutoff_rate=0.0)
    assert (alone.next, alone.difference) == (None, None)
    assert "No other setting in the sweep is within the budget" in str(alone)


@pytest.mark.parametrize(
    ("interval", "apart"),
    [((0.01, 0.2), True), ((-0.2, -0.01), True), ((0.0, 0.2), False), ((-0.2, 0.0), False)],
)
def test_zero_at_the_edge_of_the_interval_is_in_it(interval, apart):
    best = replace(SWEEP.best(false_cutoff_rate=0.0), difference=interval)
    assert best.distinguishable is apart


def test_rates_are_told_in_percent():
    best = replace(SWEEP.best(eot_latency=2.0), what="false-cutoff rate", difference=(-0.02, 0.101))
    assert "false-cutoff rate -2.0% to +10.1%" in str(best)


def test_where_half_of_the_calls_have_nothing_to_cut_more_calls_are_needed():
    # A pause of 25 frames: 700 ms cut it, 900 ms do not. Another call has a pause that neither cuts.
    short = heard([(20, 10), (20, 100)], replies=[(90, 140)], decided=[85])
    best = sweep_of([HAND, short], min_silence=[700, 900]).best(eot_latency=2.0)
    assert (best.setting.min_silence, best.next.setting.min_silence) == (900, 700)
    assert not best.distinguishable
    assert best.calls_needed > 2
