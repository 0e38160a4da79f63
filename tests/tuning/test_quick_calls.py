"""A call that was held impatiently, among others that were not."""

from dataclasses import replace

import pytest

from tests.tuning.calls import HAND, heard, sweep_of
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.quick_calls import QuickCalls
from voicenb.tuning.scores import Heard
from voicenb.tuning.sweep_text import html, text

PATIENT = heard([(20, 25), (20, 200)], replies=[(155, 200)], decided=[145])  # 80 frames behind the end


def named(call, name):
    return Heard(replace(call.evidence, name=name), call.turns)


MIXED = [named(HAND, "quick"), named(PATIENT, "one"), named(PATIENT, "two")]
"""The first was decided 40 and 45 frames behind its ends."""


def test_the_calls_that_hide_a_setting_are_named():
    sweep = sweep_of(MIXED, min_silence=[500, 1000, 1700])
    at = [sweep.quick_calls(each) for each in sweep.grid]
    assert at == [None, None, QuickCalls(("quick",), 2, 2)]
    assert sweep_of(MIXED[1:], min_silence=[1700])[0].observed  # and so it is


def test_where_all_calls_hide_it_none_is_named():
    sweep = sweep_of(MIXED, min_silence=2800)
    assert not sweep[0].observed
    assert sweep.quick_calls(sweep.grid[0]) is None


def test_a_budget_that_one_call_hides_says_so():
    longer = heard([(20, 45), (20, 200)], replies=[(175, 220)], decided=[165])
    calls = [MIXED[0], named(longer, "one"), named(longer, "two")]
    sweep = sweep_of(calls, min_silence=[500, 1700])
    with pytest.raises(InvalidConfiguration) as caught:
        sweep.best(false_cutoff_rate=0.05)
    assert "Only the call quick was decided sooner: without it the other 2 calls (2 ends) observe it" in str(
        caught.value
    )
    assert sweep_of(calls[1:], min_silence=[500, 1700]).best(false_cutoff_rate=0.05).score.observed


@pytest.mark.parametrize("read", [text, html])
def test_the_table_names_them_too(read):
    told = read(sweep_of(MIXED, min_silence=[500, 1700]))
    assert "recommended, 1400 to 4000 ms at 0.5: Only the call quick was decided sooner" in told
    assert "was decided sooner" not in read(sweep_of(MIXED[1:], min_silence=[500, 1700]))


def test_of_many_calls_some_are_named():
    told = str(QuickCalls(("a", "b", "c", "d", "e"), 1, 7))
    assert told == (
        "The 5 calls a, b, c and 2 more were decided sooner: without them the other call (7 ends) observes it"
    )
