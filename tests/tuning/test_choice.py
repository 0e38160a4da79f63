"""A choice says whether the calls are enough to choose it."""

import pytest

from tests.tuning.calls import HAND, heard, sweep_of
from voicenb.tuning.choice import Choice

TWO = sweep_of([HAND], min_silence=[900, 1000])


def choice(what="EOT latency", difference=None, needed=None, other=TWO[1]):
    return Choice(TWO[0], other, what, difference, needed)


@pytest.mark.parametrize(
    ("difference", "apart"),
    [
        ((0.01, 0.2), True),
        ((-0.2, -0.01), True),
        ((0.0, 0.2), False),  # zero is in it, at the edge too
        ((-0.2, 0.0), False),
        ((-0.1, 0.1), False),
        (None, False),
    ],
)
def test_it_is_told_apart_where_the_interval_excludes_zero(difference, apart):
    assert choice(difference=difference).distinguishable is apart


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (choice(other=None), "No other setting in the sweep is within the budget and decides otherwise."),
        (choice(), "There is too little to tell it from 1000 to 3000 ms at 0.5."),
        (
            choice(difference=(0.05, 0.15)),
            "Told apart from the next, 1000 to 3000 ms at 0.5: EOT latency +0.05 s to +0.15 s.",
        ),
        (
            choice("false-cutoff rate", (-0.02, 0.101), 120),
            "Not distinguishable from the next, 1000 to 3000 ms at 0.5: false-cutoff rate -2.0% to +10.1%; "
            "about 120 calls would tell.",
        ),
        (
            choice("false-cutoff rate", (0.0, 0.0)),
            "Not distinguishable from the next, 1000 to 3000 ms at 0.5: false-cutoff rate +0.0% to +0.0%.",
        ),
    ],
)
def test_it_reads_as_a_sentence(made, told):
    assert str(made) == repr(made) == f"{TWO[0]}. {told}"
    assert made.setting == TWO[0].setting


def test_calls_that_would_tell_are_more_than_those_that_do_not():
    # One pause of 25 frames in each of three calls: 700 ms cut all of them, 900 ms none.
    few = sweep_of([HAND] * 3, min_silence=[700, 900]).best(eot_latency=2.0)
    assert few.setting.min_silence == 900
    assert few.next.setting.min_silence == 700
    assert few.difference[0] > 0.0  # the other would cut more
    assert few.distinguishable
    # One of two calls has no pause that either would cut: nobody can tell then.
    short = heard([(20, 10), (20, 100)], replies=[(90, 140)], decided=[85])
    unsure = sweep_of([HAND, short], min_silence=[700, 900]).best(eot_latency=2.0)
    assert not unsure.distinguishable
    assert unsure.calls_needed > 2
