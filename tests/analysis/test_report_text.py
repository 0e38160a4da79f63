"""A report to read."""

from __future__ import annotations

from dataclasses import replace

from voicenb.analysis.figure import Figure
from voicenb.analysis.report import CallFacts, Report
from voicenb.analysis.report_text import html, text
from voicenb.analysis.stop import Stop
from voicenb.analysis.stops import Stops
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns

TURNS = Turns(
    [Turn(1, "user", "plain", 1.0, 2.0, "Hi.", unanswered=True), Turn(2, "user", "tool", 3.0, 4.0, "Hi.")]
)
CALL = CallFacts("call", "emulator · <live> · rules", TURNS, 75.0, 1.5, 30.0, 2, 1, 0.5)


def test_as_text() -> None:
    lines = text(Report((CALL, CALL), latency=Figure((1.0, 1.5)))).splitlines()
    assert lines[0] == "2 calls · 2 min 30 s connected · emulator · <live> · rules"
    rows = {line[2:34].strip(): line[34:].strip() for line in lines[1:] if line.startswith("  ")}
    assert "2 plain, 2 with tools · 2 unanswered" in text(Report((CALL, CALL)))
    assert any("p50 1.25 s, largest 1.50 (n = 2)" in line for line in lines)
    assert any(line.endswith("2%, 40% of the time") for line in lines)
    assert any(line.endswith("$1.00") for line in lines)
    assert lines[-1].startswith("- ")
    assert len(rows) >= 10


def test_who_stopped_the_agent() -> None:
    stop = Stop(1, 1, "r", "flush", "client", "silent", 5.0, lost=3)
    back = replace(stop, by="duck", outcome="back", lost=0, likeness=0.9)
    call = replace(CALL, stops=Stops([stop, replace(stop, by="service"), back], ["call"]))
    assert "2 times (1 by the client's flush, 1 by the service) · only quieter 1 time" in text(
        Report((call,))
    )
    assert "echo 1 · about 6 words lost" in text(Report((call,)))
    assert "gave way" not in text(Report((CALL,)))


def test_as_html_nothing_is_markup_that_is_none() -> None:
    page = html(Report((CALL,)))
    assert "&lt;live&gt;" in page
    assert "<live>" not in page
    assert "<li>" in page


def test_an_empty_call() -> None:
    empty = CallFacts("call", "", Turns([]), 0.0, 0.0, 0.0, 0, 0, 0.0)
    page = text(Report((empty,)))
    assert page.startswith("1 call · 0.0 s connected\n")
    assert "?, ? of the time" in page
