from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from voicenb.analysis.stop import Stop
from voicenb.analysis.stops import Stops
from voicenb.analysis.stops_text import HEADINGS, html, text, title, what_for

ONE = Stop(
    1, 1, "r", "flush", "client", "silent", 5.56, onset=4.0, told=5.5, reaction=1.5, flush=0.06, lost=3
)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"likeness": 0.9, "turn": 2, "false": False}, "echo"),
        ({"turn": 2, "false": False}, "turn 2"),
        ({"false": False}, "a turn"),
        ({"turn": 2, "false": True}, "a back-channel"),
        ({"false": True}, "no words"),
        ({}, "?"),
        ({"outcome": "back"}, "nobody"),
        ({"outcome": "over"}, "the end came first"),
    ],
)
def test_what_it_gave_way_to(facts: dict[str, Any], words: str) -> None:
    assert what_for(replace(ONE, **facts)) == words


def test_what_is_not_known_is_not_told_as_nothing() -> None:
    row = text(Stops([replace(ONE, by=None, lost=None, onset=None, reaction=None)], ["c"])).splitlines()[2]
    assert row.split() == ["1", "5.56", "?", "?", "0.06", "?"]


def test_long_words_are_cut_in_a_text_and_whole_in_html() -> None:
    stops = Stops([replace(ONE, unheard="word " * 30)], ["c"])
    assert max(map(len, text(stops).splitlines())) < 150
    assert "word " * 29 in html(stops)


def test_the_title_tells_what_it_rests_on() -> None:
    two = [ONE, replace(ONE, outcome="back", by="duck", barge_in="duck")]
    told = title(Stops(two, ["a", "b"], ["emulator · live"], 61.2))
    assert told == (
        "1 stop · 1 time only quieter · 2 calls · barge_in flush and duck · "
        "61 s of the agent's voice · emulator · live"
    )


def test_calls_that_do_not_tell_have_no_zero() -> None:
    file = "imported from a.wav"
    assert title(Stops([], ["a"], [file], not_captured=[1])) == f"stops not captured · {file}"
    assert "not captured" in html(Stops([], ["a"], [file], not_captured=[1]))
    mixed = title(Stops([ONE], ["a", "b"], ["emulator", file], 61.2, not_captured=[2]))
    assert mixed.startswith("1 stop · 2 calls · barge_in flush · not captured in 1 of them · 61 s of the")


def test_only_who_did_something_is_explained() -> None:
    told = text(Stops([ONE], ["c"]))
    assert "client: the client's own flush at input.speech.started" in told
    assert "duck:" not in told
    assert [heading for heading in HEADINGS if heading not in told] == ["call"]


def test_which_call_it_was_is_told_where_there_are_several() -> None:
    two = Stops([ONE, replace(ONE, call=2)], ["a", "b"])
    assert [line.split()[1] for line in text(two).splitlines()[1:4]] == ["call", "1", "2"]
    assert html(two).count("<td") == 2 * len(HEADINGS)


def test_which_words_are_counted_is_told_where_some_are() -> None:
    told = "words lost: not heard, about, of those that the service had told by then"
    assert told in text(Stops([ONE], ["c"]))
    assert told in html(Stops([ONE], ["c"]))
    for lost in (0, None):
        assert "words lost:" not in text(Stops([replace(ONE, lost=lost)], ["c"]))
