"""A trace that Perfetto and Chrome open: turns, waits, tools and messages, each on a track of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from voicenb.analysis.turns import Turns

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

TRACKS = ("caller", "agent", "waits", "tools", "messages")

_SOUND = frozenset({"input.audio", "reply.audio", "heard", "transcript.agent.delta"})


def chrome_trace(recording: Recording, found: Turns) -> str:
    """The call in Chrome's trace event format, as JSON; one µs there is one µs of the engine's.

    Args:
        recording: of the call.
        found: its turns.
    """
    events: list[dict[str, Any]] = [
        {"ph": "M", "pid": 1, "name": "process_name", "args": {"name": recording.agent_name}},
        *(
            {"ph": "M", "pid": 1, "tid": number, "name": "thread_name", "args": {"name": name}}
            for number, name in enumerate(TRACKS, 1)
        ),
    ]
    for turn in found:
        if turn.start is not None and turn.end is not None:
            track = "caller" if turn.role == "user" else "agent"
            events.append(_span(track, turn.text or turn.kind, turn.start, turn.end, unheard=turn.unheard))
        wait = turn.first_answer if turn.first_answer is not None else turn.response_latency
        if turn.end is not None and wait is not None and wait > 0:
            facts = {"ended_by": turn.ended_by, "end_of_turn_delay": turn.end_of_turn_delay}
            events.append(_span("waits", f"wait {wait:.2f} s", turn.end, turn.end + wait, **facts))
    for call in recording.tool_calls:
        over = call.result_at if call.result_at is not None else call.at
        events.append(_span("tools", call.name, call.at, over, arguments=call.arguments, result=call.result))
    events += [
        {
            "ph": "i",
            "s": "t",
            "pid": 1,
            "tid": TRACKS.index("messages") + 1,
            "name": event["type"],
            "cat": event["dir"],
            "ts": _micro(float(event["t"])),
        }
        for event in recording.events
        if event["type"] not in _SOUND
    ]
    return json.dumps({"traceEvents": events, "displayTimeUnit": "ms"}, ensure_ascii=False)


def _span(track: str, name: str, start: float, end: float, **facts: Any) -> dict[str, Any]:
    return {
        "ph": "X",
        "pid": 1,
        "tid": TRACKS.index(track) + 1,
        "cat": track,
        "name": name,
        "ts": _micro(start),
        "dur": max(0, _micro(end) - _micro(start)),
        "args": {key: value for key, value in facts.items() if value not in (None, "")},
    }


def _micro(seconds: float) -> int:
    return round(seconds * 1_000_000)
