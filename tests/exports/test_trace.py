"""A trace for Perfetto and Chrome: what their format asks for."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.exports.trace import TRACKS, chrome_trace


def test_turns_waits_tools_and_messages(call: vn.Recording) -> None:
    found = vn.turns(call)
    events = json.loads(chrome_trace(call, found))["traceEvents"]
    assert {event["ph"] for event in events} == {"M", "X", "i"}
    names = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    assert tuple(names.values()) == TRACKS
    spans = [event for event in events if event["ph"] == "X"]
    assert all(isinstance(event["ts"], int) and isinstance(event["dur"], int) for event in spans)
    first = next(event for event in spans if names[event["tid"]] == "caller")
    turn = found.caller[0]
    assert (first["name"], first["ts"], first["dur"]) == (
        turn.text,
        round(turn.start * 1e6),
        round(turn.end * 1e6) - round(turn.start * 1e6),
    )
    (tool,) = [event for event in spans if names[event["tid"]] == "tools"]
    assert (tool["name"], tool["dur"]) == ("look_up", pytest.approx(1.48e6))
    waits = [event for event in spans if names[event["tid"]] == "waits"]
    assert waits[0]["ts"] == round(turn.end * 1e6)
    assert waits[0]["dur"] == pytest.approx(turn.response_latency * 1e6, abs=1)
    kinds = {event["name"] for event in events if event["ph"] == "i"}
    assert {"session.ready", "transcript.user", "tool.call"} <= kinds
    assert not kinds & {"input.audio", "reply.audio"}


def test_no_slice_lies_half_in_another(tmp_path: Path) -> None:
    """Perfetto draws such slices wrong; tools that run at once have a track each."""
    made = KnownCall(tmp_path / "call", 20.0, {"min_silence": 800})
    over = made.says(2.0, speech("cards-002.wav"))
    made.turn("one", "Two tools, please.", told=2.1, decided=over + 0.85, transcribed=over + 0.9)
    calls = (("c1", over + 1.0, over + 2.0), ("c2", over + 1.5, over + 2.5), ("c3", over + 2.1, over + 2.6))
    sound = speech("cards-001.wav")
    made.reply("r1", "Wait.", sound, began=over + 0.9, received=over + 1.0, heard=over + 1.1, calls=calls)
    recording = made.build()
    events = json.loads(chrome_trace(recording, vn.turns(recording)))["traceEvents"]
    names = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    tools = [names[event["tid"]] for event in events if event["ph"] == "X" and event["cat"] == "tools"]
    assert tools == ["tools", "tools 2", "tools"]
    for tid in names:
        slices = sorted((e["ts"], e["dur"]) for e in events if e["ph"] == "X" and e["tid"] == tid)
        assert all(begin + length <= after for (begin, length), (after, _) in pairwise(slices))


def test_what_the_format_asks_of_each_kind_of_event(call: vn.Recording) -> None:
    whole = json.loads(chrome_trace(call, vn.turns(call)))
    assert whole["displayTimeUnit"] == "ms"
    asked = {"X": {"name", "cat", "ts", "dur", "pid", "tid"}, "i": {"name", "ts", "pid", "tid", "s"}}
    for event in whole["traceEvents"]:
        assert asked.get(event["ph"], {"name", "pid", "args"}) <= set(event)
        assert event["pid"] == 1
