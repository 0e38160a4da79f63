"""Words that were said and tools that were called, as moments."""

import re

import pytest

import voicenb as vn
from tests.testing.expectations.conftest import lacking
from voicenb.errors import InvalidConfiguration
from voicenb.testing import Called, Said
from voicenb.testing.expectations.moments import (
    Happened,
    lies,
    moment,
    side,
    spoken,
    tool_calls,
    turn_of,
    written,
)


@pytest.fixture(scope="module")
def call(booked):
    return vn.report(booked).calls[0]


def test_words_last_for_their_turn(call):
    (said,) = Said("table", by="caller").times(call)
    turn = call.turns.caller[0]
    assert said == Happened(turn.start, turn.end, turn)
    assert list(Said("table").times(call)) == []
    assert not Said("table").unknown(call)


def test_a_tool_lasts_until_its_result(call):
    (called,) = Called("free_tables").times(call)
    (tool,) = tool_calls(call)
    assert (called.begin, called.end) == (tool.at, tool.result_at)
    assert called.turn == turn_of(call, tool) == call.turns.caller[0]


@pytest.mark.parametrize(
    ("arguments", "fits"),
    [
        ({}, True),
        ({"day": "Friday"}, True),
        ({"day": "Friday", "people": 4.0}, True),
        ({"day": re.compile("^Fri")}, True),
        ({"people": lambda people: people > 3}, True),
        ({"people": re.compile("4")}, False),  # a pattern matches strings
        ({"day": "friday"}, False),
        ({"people": True}, False),
        ({"time": None}, False),
    ],
)
def test_arguments(call, arguments, fits):
    (tool,) = tool_calls(call)
    assert Called("free_tables", **arguments).fits(tool) is fits
    assert not Called("free_table", **arguments).fits(tool)


def test_a_tool_may_have_an_argument_of_any_name(call):
    assert str(Called("book", name="Ann", self=1)) == "book(name='Ann', self=1)"


def test_before_and_after(call):
    middle = Happened(5.0, 6.0)
    asked, answered = Said("table", by="caller"), Said("seven")
    assert lies(next(Called("free_tables").times(call)), call, answered, asked)
    assert not lies(middle, call, asked, None)
    assert not lies(Happened(0, 1), call, None, asked)
    assert not lies(middle, call, None, Said("never"))
    assert not lies(middle, call, Said("never"), None)
    begun = next(asked.times(call)).begin
    assert lies(Happened(0, begun), call, asked, None)
    assert not lies(Happened(0, begun + 0.01), call, asked, None)


def test_what_a_recording_does_not_tell(booked, tmp_path):
    bare = vn.report(lacking(booked, tmp_path / "x", "tools", "words")).calls[0]
    assert Called("free_tables").unknown(bare)
    assert Said("table").unknown(bare)


def test_as_people_write_them(call):
    assert moment("free_tables", "after") == Called("free_tables")
    assert moment(None, "after") is None
    assert moment(Said("x"), "after") == Said("x")
    assert written("book", {"day": re.compile("Fri"), "when": test_arguments}) == (
        "book(day=/Fri/, when=<test_arguments>)"
    )
    assert spoken(call, "agent") == list(call.turns.agent)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: moment(5, "after"),
        lambda: moment("", "before"),
        lambda: Said("x", by="robot"),
        lambda: Said(""),
        lambda: Called(""),
        lambda: side("user"),
    ],
)
def test_what_is_none(wrong):
    with pytest.raises(InvalidConfiguration):
        wrong()
