"""A report to read."""

from __future__ import annotations

from dataclasses import replace

from voicenb.analysis.figure import Figure
from voicenb.analysis.report import CallFacts, Report
from voicenb.analysis.report_text import html, text
from voicenb.analysis.stop import Stop
from voicenb.analysis.stops import Stops
from voicenb.analysis.turn import ToolUse, Turn
from voicenb.analysis.turns import Turns
from voicenb.analysis.voice_gap import VoiceGap

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


ELSEWHERE = replace(
    CALL,
    service="imported from a.wav",
    turns=Turns([replace(turn, kind="plain") for turn in TURNS]),
    late=None,
    lost=None,
    cost=None,
    stops=Stops([], ["a"], not_captured=[1]),
    absent=frozenset({"interruptions", "decisions", "replies", "tools", "frames"}),
)


def rows(report: Report) -> dict[str, str]:
    found = (line[2:].split("  ", 1) for line in text(report).splitlines() if line.startswith("  "))
    return {name.strip(): value.strip() for name, value in found}


def test_what_no_call_tells_is_not_captured_and_no_zero() -> None:
    told = rows(Report((ELSEWHERE, ELSEWHERE)))
    for name in ("interruptions", "false cutoffs", "silent replies", "frames lost, late"):
        assert told[name] == "not captured"
    assert told["cost"] == "not known"
    assert "response latency" in told
    assert "response latency, plain turns" not in told, "nobody knows which had none"
    assert told["turns of the caller"] == "4, tools not captured · 2 unanswered"
    assert "not captured" in html(Report((ELSEWHERE,)))


def test_where_some_calls_tell_it_is_theirs_and_says_of_how_many() -> None:
    agent = Turn(3, "agent", "turn", 5.0, 6.0, "Yes.", interrupted=True, false_interruption=False)
    own = replace(CALL, turns=Turns([*TURNS, agent]))
    told = rows(Report((own, ELSEWHERE, ELSEWHERE)))
    turns = "1 plain, 1 with tools, 4 of which that is not captured · 3 unanswered"
    assert told["turns of the caller"] == turns
    assert "response latency, turns without known tools" in told, "they may be among them"
    assert told["interruptions"] == "1, of them for no words 0 (of 1 of 3 calls, that tell)"
    assert told["frames lost, late"] == "1, 2 (of 1 of 3 calls, that tell)"
    assert told["cost"] == "$0.50 (of 1 of 3 calls, with a price)"


def test_figures_of_the_two_kinds_stand_apart() -> None:
    delays = {"end_of_turn_delay": Figure((0.8,)), "tool_end_of_turn_delay": Figure((1.2,))}
    told = rows(Report((CALL,), **delays, tool_playback_delay=Figure((0.1,))))
    assert told["end-of-turn delay, plain turns"] == "p50 0.80 s (n = 1)"
    assert told["end-of-turn delay, tool turns"] == "p50 1.20 s (n = 1)"
    assert told["playback delay, plain turns"] == "not measured"
    assert told["playback delay, tool turns"] == "p50 0.10 s (n = 1)"
    assert not any(name.startswith("transcription") for name in told)
    known = rows(Report((CALL,), tool_transcription_delay=Figure((1.5,))))
    assert known["transcription delay, plain turns"] == "not measured"
    assert known["transcription delay, tool turns"] == "p50 1.50 s (n = 1)"
    plain = replace(CALL, turns=Turns([TURNS[0]]))
    assert not any("tool turns" in name for name in rows(Report((plain,))))


def test_gaps_in_the_agents_voice() -> None:
    name = "gaps in the agent's voice"
    agent = Turn(3, "agent", "turn", 5.0, 9.0, "Yes.", reply_id="r")
    call = replace(CALL, turns=Turns([*TURNS, agent, agent]))
    assert rows(Report((call,)))[name] == "none"
    one = replace(call, voice_gaps=(VoiceGap("r", 6.0, 7.8),))
    assert rows(Report((one,)))[name] == "1 time, in 1 of 2 replies · 1.80 s"
    two = replace(call, voice_gaps=(VoiceGap("r", 6.0, 7.8), VoiceGap("r", 8.0, 8.5)))
    assert rows(Report((two,)))[name] == "2 times, in 1 of 2 replies · 2.30 s, the longest 1.80"
    unknown = replace(call, voice_gaps=None)
    assert rows(Report((unknown,)))[name] == "not captured"
    assert rows(Report((one, unknown)))[name].endswith("1.80 s (of 1 of 2 calls, that tell)")
    assert Report((unknown,)).to_dict()["voice_gaps"] is None
    counts = {"gaps": 2, "replies": 1, "of_replies": 2, "seconds": 2.3, "largest": 1.8}
    told = Report((two, unknown)).to_dict()
    assert told["voice_gaps"] == counts
    assert told["told_by"]["voice_gaps"] == 1


def test_where_tools_take_no_time_it_says_so() -> None:
    turn = replace(TURNS[1], tools=(ToolUse("c", "look_up", 0.0, 0.0, is_error=False),))
    call = replace(CALL, turns=Turns([turn]))
    note = "on the virtual clock a tool takes only the time that it awaits"
    figure = Figure((0.0,))
    assert rows(Report((call,), tool_round_trip=figure))["tools, round trip"] == "p50 0.00 s (n = 1)"
    told = rows(Report((call, replace(call, virtual=True)), tool_round_trip=figure))["tools, round trip"]
    assert told == f"p50 0.00 s (n = 1) · {note}"
    assert note not in text(Report((replace(CALL, virtual=True),)))


def test_words_that_nobody_knows_are_not_none() -> None:
    stop = Stop(1, 1, "r", "flush", "client", "silent", 5.0, lost=3)
    for lost, words, count in (
        ((3, 4), "about 7 words lost", 7),
        ((None, None), "words lost not captured", None),
        ((3, None), "about 3 words lost at 1 of them, at the others not captured", 3),
    ):
        report = Report((replace(CALL, stops=Stops([replace(stop, lost=each) for each in lost], ["a"])),))
        assert rows(report)["the agent's voice gave way"].endswith(f" · {words}")
        assert report.to_dict()["stops"]["words_lost"] == count


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
