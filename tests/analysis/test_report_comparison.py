"""Two reports side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

import voicenb as vn
from voicenb.analysis.report import CallFacts, Report
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns

TURN = Turn(1, "user", "plain", 1.0, 2.0, "Hello.", unanswered=False, false_cutoffs=0)


def report(waits: list[list[float | None]], service: str = "emulator") -> Report:
    """A call for each list of response latencies; None is a turn that nobody answered."""
    calls = []
    for number, call in enumerate(waits):
        turns = [replace(TURN, response_latency=wait, unanswered=wait is None) for wait in call]
        calls.append(CallFacts(f"c{number}", service, Turns(turns), 60.0, 0.0, 0.0, 0, 0, 0.0))
    return Report(tuple(calls))


def spread(middle: float, calls: int) -> list[list[float | None]]:
    return [[middle + 0.01 * (number % 5), middle - 0.01 * (number % 3)] for number in range(calls)]


def test_a_difference_that_the_calls_carry() -> None:
    compared = report(spread(1.8, 12)).compare(report(spread(1.2, 12), "hosted"))
    row = compared["response latency, plain turns"]
    assert row.verdict == "lower"
    assert row.difference == pytest.approx(-0.6, abs=0.02)
    assert row.interval is not None
    assert row.interval[0] < -0.6 + 0.02
    assert row.interval[1] < 0
    assert row.basis == "medians of 24 and 24 turns, 12 and 12 calls"
    assert compared.services == ("emulator", "hosted")
    assert report(spread(1.2, 12)).compare(report(spread(1.8, 12))).rows[0].verdict == "higher"


def test_the_wait_for_the_end_of_the_turn_is_told_for_plain_and_for_tool_turns() -> None:
    def delays(plain: float, tool: float) -> Report:
        turns = [
            replace(TURN, end_of_turn_delay=plain),
            replace(TURN, kind="tool", end_of_turn_delay=tool),
        ]
        return Report((CallFacts("c", "emulator", Turns(turns), 60.0, 0.0, 0.0, 0, 0, 0.0),))

    compared = delays(0.8, 0.9).compare(delays(1.2, 1.6))
    plain, tool = (compared[f"end-of-turn delay, {kind} turns"] for kind in ("plain", "tool"))
    assert (plain.before, plain.after) == (0.8, 1.2)
    assert (tool.before, tool.after, tool.basis) == (0.9, 1.6, "medians of 1 and 1 turns, 1 and 1 calls")
    names = [row.name for row in compared.rows]
    assert names.index(tool.name) == names.index(plain.name) + 1


def test_what_cannot_be_told_apart_is_inconclusive() -> None:
    same = report(spread(1.5, 12)).compare(report(spread(1.5, 12)))
    assert {row.verdict for row in same.rows} == {"inconclusive"}
    few = report(spread(1.8, 9)).compare(report(spread(1.2, 12)))
    row = few["response latency, plain turns"]
    assert (row.interval, row.verdict) == (None, "inconclusive"), "nine calls are too few for a median"
    assert "too few calls" in repr(few)


def test_shares_of_few_calls_have_an_interval_too() -> None:
    before, after = report([[None] * 9 + [1.0]] * 2), report([[1.0] * 10] * 2)
    row = before.compare(after)["unanswered turns"]
    assert (row.before, row.after, row.verdict) == (0.9, 0.0, "lower")
    assert row.basis == "18 of 20 and 0 of 20, 2 and 2 calls"
    lone = report([[None, 1.0]]).compare(report([[1.0, 1.0]]))
    assert lone["unanswered turns"].verdict == "inconclusive"


def test_a_share_of_few_is_no_percentage() -> None:
    few, many = report([[None, 1.0]]), report([[None] + [1.0] * 9])
    (line,) = [line for line in repr(few.compare(few)).splitlines() if line.startswith("unanswered turns")]
    assert line.split("  ")[0] == "unanswered turns"
    assert line.count("1 of 2") == 4
    assert "50%" not in line
    (line,) = [line for line in repr(few.compare(many)).splitlines() if line.startswith("unanswered turns")]
    assert "1 of 2  " in line
    assert "10%" in line
    assert "-40%" not in line, "the difference rests on the fewer"
    (line,) = [line for line in repr(many.compare(many)).splitlines() if line.startswith("unanswered turns")]
    assert line.count("10%") >= 2
    assert "+0%" in line


def test_a_share_rests_on_the_calls_that_tell_of_it() -> None:
    reply = Turn(2, "agent", "turn", 3.0, 4.0, "Yes.", silent=False)
    own = CallFacts("c0", "emulator", Turns([TURN, reply]), 60.0, 0.0, 0.0, 0, 0, 0.0)
    imported = replace(own, name="c1", absent=frozenset({"replies"}))
    row = Report((own, imported)).compare(Report((own,)))["silent replies"]
    assert row.basis == "0 of 1 and 0 of 1, 2 and 1 calls"


def test_what_one_side_did_not_measure_is_not_too_few_calls() -> None:
    told = repr(report(spread(1.5, 2)).compare(report([[None]])))
    (line,) = [line for line in told.splitlines() if line.startswith("response latency")]
    assert "not measured" in line
    assert "too few calls" not in line


def test_what_was_measured_on_neither_side_has_no_row() -> None:
    compared = report(spread(1.5, 2)).compare(report(spread(1.5, 2)))
    names = [row.name for row in compared.rows]
    assert names == ["response latency, plain turns", "unanswered turns", "turns with a false cutoff"]
    with pytest.raises(KeyError, match="there are response latency"):
        compared["first answer, tool turns"]


def test_as_text_html_and_data() -> None:
    compared = report(spread(1.8, 12), "<old>").compare(report(spread(1.2, 12)))
    assert repr(compared).splitlines()[0] == "<old> → emulator"
    assert "-0.6" in repr(compared)
    assert "&lt;old&gt;" in compared._repr_html_()
    assert compared.to_dict()["rows"][0]["verdict"] == "lower"


def test_the_interval_of_a_share_of_few_is_no_percentage_either() -> None:
    few = report([[None, 1.0]])
    told = repr(few.compare(few))
    assert "%" not in told.replace("95 % interval", "")
    assert "-0.66 … +0.66" in told


def test_the_sides_have_names() -> None:
    one, other = report(spread(1.8, 12)), report(spread(1.2, 12), "hosted")
    told = one.compare(other)
    assert told.names == ("emulator", "hosted")
    assert repr(told).splitlines()[0] == "emulator → hosted"
    assert repr(told).splitlines()[1].split()[:2] == ["emulator", "hosted"]
    named = one.compare(other, names=("<monday>", "tuesday"))
    assert repr(named).splitlines()[0] == "<monday> → tuesday"
    assert named.to_dict()["names"] == ["<monday>", "tuesday"]
    assert "&lt;monday&gt;</th>" in named._repr_html_()
    same = one.compare(one)
    assert repr(same).splitlines()[0] == "before → after · emulator"
    long = one.compare(other, names=("a" * 40, "b"))
    assert repr(long).splitlines()[1].split()[:2] == ["before", "after"], (
        "a long name stands in no column's head"
    )
    with pytest.raises(vn.InvalidConfiguration, match="does not name two sides"):
        one.compare(other, names="ab")  # type: ignore[arg-type]
