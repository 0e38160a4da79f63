"""The tools that an agent calls."""

import pytest

import voicenb as vn
from tests.testing.expectations.conftest import lacking
from voicenb.testing import Said


def only(expectation):
    (verdict,) = expectation.verdicts
    return verdict


def test_a_tool_is_called_with_arguments(booked):
    told = only(vn.expect(booked).calls("free_tables", day="Friday", people=4))
    assert (told.outcome, told.turns[0].turn.number) == ("passed", 2)
    assert told.expectation == "calls free_tables(day='Friday', people=4)"
    assert only(vn.expect(booked).calls("free_tables", arguments={"day": "Friday"})).passed


def test_other_arguments_are_told(booked):
    told = only(vn.expect(booked).calls("free_tables", day="Saturday"))
    assert (told.outcome, told.turns[0].turn.number) == ("failed", 2)
    assert told.turns[0].note == "called instead: free_tables(day='Friday', people=4)"


def test_how_often(booked):
    assert only(vn.expect(booked).calls("free_tables", times=1)).passed
    told = only(vn.expect(booked).calls("free_tables", times=2))
    assert (told.outcome, told.turns[0].note) == ("failed", "called 1 times")


def test_where_it_has_to_be(booked):
    expect = vn.expect(booked)
    assert only(expect.calls("free_tables", after=Said("table", by="caller"), before=Said("seven"))).passed
    told = only(expect.calls("free_tables", after=Said("seven")))
    assert told.outcome == "failed"
    assert "but not there" in told.turns[0].note
    assert only(expect.calls("free_tables", after="log_in")).outcome == "failed"


def test_none_was_called(prompt, booked):
    told = only(vn.expect(prompt).calls("free_tables"))
    assert (told.outcome, told.turns[0].note) == ("failed", "no tool was called")
    both = only(vn.expect([prompt, booked]).calls("free_tables"))
    assert (both.figure, both.turns[0].call) == ("1 of 2 calls without it", 1)


def test_never(prompt, booked):
    assert only(vn.expect(prompt).never_calls("free_tables")).passed
    assert only(vn.expect(booked).never_calls("free_tables", day="Sunday")).passed
    told = only(vn.expect(booked).never_calls("free_tables"))
    assert (told.outcome, told.turns[0].turn.number) == ("failed", 2)
    assert "free_tables(day='Friday', people=4) at" in told.turns[0].note


def test_a_recording_that_does_not_tell(booked, tmp_path):
    bare = vn.expect(lacking(booked, tmp_path / "x", "tools"))
    assert only(bare.calls("free_tables")).outcome == "inconclusive"
    assert only(bare.never_calls("free_tables")).outcome == "inconclusive"


def test_a_name_that_is_misspelt(interrupted):
    told = only(vn.expect(interrupted).calls("free_tabels"))
    assert "Did you mean 'free_tables'?" in told.turns[0].note


@pytest.mark.parametrize(
    "wrong", [{"times": 0}, {"times": True}, {"times": "x"}, {"after": 4}, {"share": -1}]
)
def test_what_cannot_be(booked, wrong):
    with pytest.raises(vn.InvalidConfiguration):
        vn.expect(booked).calls("free_tables", **wrong)
    with pytest.raises(vn.InvalidConfiguration):
        vn.expect(booked).calls("")
