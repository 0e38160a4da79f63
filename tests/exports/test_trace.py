"""A trace for Perfetto and Chrome: what their format asks for."""

from __future__ import annotations

import json

import pytest

import voicenb as vn
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
