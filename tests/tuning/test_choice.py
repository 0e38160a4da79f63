"""What is told of a setting that was chosen."""

from dataclasses import replace

from tests.tuning.calls import HAND, F, sweep_of

SWEEP = sweep_of([HAND] * 12, min_silence=range(200, 1300, 100))


def test_it_names_the_next_and_how_far_away_it_is():
    best = SWEEP.best(false_cutoff_rate=0.0)
    assert best.distinguishable
    told = str(best).splitlines()
    assert f"Told apart from the next, 1000 to 3000 ms at 0.5: EOT latency +{3 * F:.2f} s" in told[0]
    assert told[-1] == str(SWEEP.calibration)
    assert repr(best) == str(best)


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
