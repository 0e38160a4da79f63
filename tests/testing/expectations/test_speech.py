"""What is said, never said, heard in full."""

import re

import pytest

import voicenb as vn
from tests.testing.expectations.conftest import lacking
from voicenb.testing import Called, Said


def only(expectation):
    (verdict,) = expectation.verdicts
    return verdict


def test_something_is_said(booked):
    told = only(vn.expect(booked).says("seven in the evening"))
    assert (told.outcome, told.figure, told.turns[0].turn.number) == ("passed", "in turn 4", 4)
    assert only(vn.expect(booked).says(re.compile("[Ss]even"))).passed
    assert only(vn.expect(booked).says("sevn in the evning", near=0.8)).passed
    assert only(vn.expect(booked).says("table for four", by="caller")).passed


def test_something_is_not(booked):
    told = only(vn.expect(booked).says("eight in the evening"))
    assert (told.outcome, told.figure) == ("failed", "not said")
    assert 'nearest is turn 4, "Seven in the evening is free."' in told.turns[0].note
    assert only(vn.expect(booked).says("table for four")).outcome == "failed"  # that was the caller
    assert only(vn.expect(booked).says("bananas")).turns[0].note == "not said"


def test_where_it_has_to_be(booked):
    expect = vn.expect(booked)
    assert only(expect.says("seven", after="free_tables", before=Said("thank you", by="caller"))).passed
    told = only(expect.says("seven", before="free_tables"))
    assert told.outcome == "failed"
    assert "said in turn 4, but not there" in told.turns[0].note
    assert "before free_tables()" in told.expectation
    assert only(expect.says("seven", after=Called("free_tables", day="Sunday"))).outcome == "failed"


def test_what_was_cut_off_was_not_said(interrupted):
    expect = vn.expect(interrupted)
    assert only(expect.says("we have a table")).passed
    assert only(expect.says("the garden")).outcome == "failed"
    assert only(expect.never_says("the garden")).passed
    assert only(expect.never_says("we have a table")).outcome == "failed"
    last = vn.turns(interrupted).agent[1].text.split()[-1].strip(",")
    told = only(expect.says(last))
    assert told.outcome == "inconclusive"
    assert "known to about one" in told.turns[0].note
    assert only(expect.never_says(last)).outcome == "inconclusive"


def test_in_each_call_or_in_a_share(booked, interrupted):
    both = vn.expect([booked, interrupted])
    told = only(both.says("seven"))
    assert (told.outcome, told.figure, [each.call for each in told.turns]) == (
        "failed",
        "1 of 2 calls without it",
        [2],
    )
    assert only(both.says("seven", share=0.5)).outcome == "inconclusive"
    assert only(both.says("seven", share=0.5, counted=True)).passed
    assert "in 50 % of the calls" in only(both.says("seven", share=0.5)).expectation


def test_never(booked):
    assert only(vn.expect(booked).never_says("sorry")).passed
    told = only(vn.expect(booked).never_says(re.compile("(?i)good night")))
    assert (told.outcome, told.turns[0].turn.number) == ("failed", 6)
    assert only(vn.expect(booked).never_says("sorry", by="caller")).n == 2


def test_without_words_it_is_inconclusive(booked, tmp_path):
    bare = vn.expect(lacking(booked, tmp_path / "x", "words"))
    assert only(bare.says("sorry")).outcome == "inconclusive"
    assert only(bare.never_says("sorry")).outcome == "inconclusive"


def test_heard_in_full(booked, interrupted):
    assert only(vn.expect(booked).heard_in_full()).passed
    told = only(vn.expect(interrupted).heard_in_full())
    assert (told.outcome, told.n, told.turns[0].turn.number) == ("failed", 3, 3)
    assert "one beside the door" in told.turns[0].note
    assert only(vn.expect(interrupted).heard_in_full("of course")).passed
    assert only(vn.expect(interrupted).heard_in_full("the garden")).outcome == "failed"
    assert only(vn.expect(interrupted).heard_in_full("bananas")).outcome == "inconclusive"


def test_heard_by_nobody_who_noted_it(booked, tmp_path):
    told = only(vn.expect(lacking(booked, tmp_path / "x", "ear")).heard_in_full())
    assert told.outcome == "inconclusive"


@pytest.mark.parametrize("wrong", [{"by": "robot"}, {"near": 3}, {"before": 5}, {"share": 2}])
def test_what_cannot_be(booked, wrong):
    with pytest.raises(vn.InvalidConfiguration):
        vn.expect(booked).says("x", **wrong)


def test_who_hangs_up_has_not_heard_the_rest():
    long = "We have a table by the window, one beside the door and three in the garden."
    script = ["What is free?", vn.FirstWord(), vn.Pause(1.0), vn.HangUp()]
    call = vn.run(vn.Agent(name="Lido", system_prompt="x", greeting="Lido."), script, brain=[long])
    assert only(vn.expect(call).says("garden")).outcome == "failed"
    assert only(vn.expect(call).never_says("garden")).passed
    told = only(vn.expect(call).heard_in_full())
    assert (told.outcome, "garden" in told.turns[0].note) == ("failed", True)
