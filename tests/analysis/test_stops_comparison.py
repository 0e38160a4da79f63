"""Two ledgers side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

import voicenb as vn
from voicenb.analysis.stop import Stop
from voicenb.analysis.stops import Stops, together

FLUSHED = Stop(
    *(1, 1, "r", "flush", "client", "silent", 5.5),
    onset=4.0,
    told=5.5,
    reaction=1.5,
    flush=0.0,
    lost=3,
    false=False,
    likeness=0.1,  # type: ignore[arg-type]
)
DUCKED = replace(FLUSHED, barge_in="duck", by="duck", quieter=0.2, quiet=1.3)
NOBODY = replace(DUCKED, outcome="back", false=None, lost=0, onset=4.0)


def ledger(calls: int, *stops: Stop, service: str = "emulator · live") -> Stops:
    """Each of so many calls has these."""
    found = [replace(stop, call=call) for call in range(1, calls + 1) for stop in stops]
    return Stops(found, ["call"] * calls, [service], 10.0 * calls)


def test_calls_that_do_not_tell_have_no_part() -> None:
    two = ledger(2, FLUSHED)
    with_more = together([two, Stops([], ["a file"], not_captured=[1])])
    assert with_more.not_captured == [3]
    told = two.compare(with_more)
    assert {row.difference for row in told.rows} == {0}
    assert told["words lost at a stop"].basis == "medians of 2 and 2, 2 and 2 calls"


def test_each_figure_of_both() -> None:
    told = ledger(2, FLUSHED).compare(ledger(3, DUCKED, NOBODY))
    assert told.services == ("barge_in flush · emulator · live", "barge_in duck · emulator · live")
    rate = told["stops in a minute of voice"]
    assert (rate.before, rate.after, rate.basis) == (6.0, 6.0, "2 in 20 s of voice and 3 in 30 s of voice")
    gave_way = told["onset to quieter or silent"]
    assert (gave_way.before, gave_way.after) == (1.5, pytest.approx(0.2))
    assert told["onset to silence"].difference == 0
    assert told["words lost at a stop"].basis == "medians of 2 and 3, 2 and 3 calls"
    nobody = told["only quieter, for nobody"]
    assert (nobody.before, nobody.after, nobody.basis) == (None, 0.5, "0 of 0 and 3 of 6, 2 and 3 calls")


def test_with_few_calls_a_median_has_no_interval_and_a_share_one_of_its_own() -> None:
    told = ledger(2, FLUSHED).compare(ledger(2, DUCKED))
    assert told["onset to silence"].interval is None
    assert told["onset to silence"].verdict == "inconclusive"
    assert told["stops for no words"].interval is not None


def test_with_many_whole_calls_are_drawn() -> None:
    told = ledger(10, FLUSHED).compare(ledger(12, DUCKED))
    assert told["onset to quieter or silent"].verdict == "lower"
    assert "none for a rate" in repr(told), "and not too few calls"
    assert told["onset to silence"].verdict == "inconclusive"


def test_what_neither_side_has_is_left_out() -> None:
    told = ledger(1, replace(FLUSHED, false=None, likeness=None)).compare(ledger(1, FLUSHED))
    assert [row.name for row in told.rows if row.name == "only quieter, for nobody"] == []
    assert told["stops for no words"].before is None
    with pytest.raises(KeyError):
        told["only quieter, for nobody"]


def test_calls_of_one_name_are_still_several() -> None:
    found = ledger(10, FLUSHED)
    assert set(found.calls) == {"call"}
    assert found.compare(ledger(10, DUCKED))["onset to quieter or silent"].interval is not None


def test_it_reads_as_a_report_s_comparison_does() -> None:
    told = repr(ledger(2, FLUSHED).compare(ledger(2, DUCKED)))
    assert "3.00 words" in told
    assert "1.50 s" in told
    assert "words lost at a stop" in ledger(2, FLUSHED).compare(ledger(2))._repr_html_()
    assert ledger(2, FLUSHED).compare(ledger(2)).services[1] == "no stop · emulator · live"


def test_the_sides_have_names() -> None:
    flushed, ducked = ledger(2, FLUSHED), ledger(2, DUCKED)
    assert flushed.compare(ducked).names == ("barge_in flush", "barge_in duck")
    assert repr(flushed.compare(ducked)).splitlines()[0] == "barge_in flush → barge_in duck"
    hosted = ledger(2, FLUSHED, service="hosted")
    assert flushed.compare(hosted).names == ("barge_in flush · emulator · live", "barge_in flush · hosted")
    same = flushed.compare(flushed)
    assert same.names == ("before", "after")
    assert repr(same).splitlines()[0] == "before → after · barge_in flush · emulator · live"
    assert flushed.compare(ducked, names=("monday", "tuesday")).names == ("monday", "tuesday")
    with pytest.raises(vn.InvalidConfiguration, match="does not name two sides"):
        flushed.compare(ducked, names=("a", "a"))
