"""Calls, measured: which of them differ, which have not ended."""

import json

import voicenb as vn
from tests.testing.expectations.conftest import BRAIN, SCRIPT, lacking, lido, plain, sample
from voicenb.testing.runs import repeat


def test_calls_that_differ_in_identifiers_alone_are_the_same():
    runs = repeat(lido(), vn.Caller(SCRIPT), runs=2, brain=BRAIN)
    one, two = (
        [event["msg"].get("reply_id") for event in run.events.select("reply.started")] for run in runs
    )
    assert one != two or runs[0].session != runs[1].session
    assert sample(*runs).distinct == {0}


def test_calls_that_differ_in_what_was_said_or_when(tmp_path, prompt, slow):
    other = plain(tmp_path / "other", [1.5, 2.0, 1.3], words="Other words.")
    assert sample(prompt, slow, other, prompt).distinct == {0, 1, 2}


def test_one_of_them_by_itself(prompt, slow):
    both = sample(prompt, slow)
    alone = both.alone(1)
    assert (len(alone.calls), alone.counted, both.counted) == (1, True, False)
    assert alone.report.unanswered == 1
    assert both.concern(1, note="x").call == 2


def test_what_a_call_cost_stays_when_it_is_alone(prompt):
    assert sample(prompt, cost_rate=6.0).alone(0).report.cost == sample(prompt, cost_rate=6.0).report.cost


def test_a_call_that_has_not_ended(tmp_path, prompt):
    torn = lacking(prompt, tmp_path / "torn", ended=None, absent={})
    assert json.loads((torn.folder / "session.json").read_text("utf-8"))["ended"] is None
    assert sample(prompt, torn).unfinished == [1]
