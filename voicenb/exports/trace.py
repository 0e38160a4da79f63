"""A trace that Perfetto and Chrome open: turns, waits, tools and messages, each on a track of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from voicenb.analysis.turns import Turns

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

TRACKS = ("caller", "agent", "waits", "tools", "messages")

_SOUND = frozenset({"input.audio", "reply.audio", "heard", "transcript.agent.delta"})


def chrome_trace(recording: Recording, found: Turns) -> str:
    """The call in Chrome's trace event format, as JSON; one µs there is one µs of the engine's.

    Slices of one track must lie in each other or apart (Perfetto draws others wrong), so what overlaps, as
    tools that run at once do, is on a second track of that name.

    Args:
        recording: of the call.
        found: its turns.
    """
    spans, tracks = _apart([*_turns(found), *_tools(recording)])
    messages = [
        {
            "ph": "i",
            "s": "t",
            "pid": 1,
            "tid": _number("messages", 0),
            "name": event["type"],
            "cat": event["dir"],
            "ts": _micro(float(event["t"])),
        }
        for event in recording.events
        if event["type"] not in _SOUND
    ]
    names = [
        {"ph": "M", "pid": 1, "name": "process_name", "args": {"name": recording.agent_name}},
        *(
            {"ph": "M", "pid": 1, "tid": tid, "name": "thread_name", "args": {"name": name}}
            for tid, name in tracks
        ),
    ]
    events = [*names, *spans, *messages]
    return json.dumps({"traceEvents": events, "displayTimeUnit": "ms"}, ensure_ascii=False)


def _turns(found: Turns) -> Iterator[dict[str, Any]]:
    for turn in found:
        if turn.start is not None and turn.end is not None:
            track = "caller" if turn.role == "user" else "agent"
            yield _span(track, turn.text or turn.kind, turn.start, turn.end, unheard=turn.unheard)
        wait = turn.wait
        if turn.end is not None and wait is not None and wait > 0:
            facts = {"ended_by": turn.ended_by, "end_of_turn_delay": turn.end_of_turn_delay}
            yield _span("waits", f"wait {wait:.2f} s", turn.end, turn.end + wait, **facts)


def _tools(recording: Recording) -> Iterator[dict[str, Any]]:
    for call in recording.tool_calls:
        over = call.result_at if call.result_at is not None else call.at
        yield _span("tools", call.name, call.at, over, arguments=call.arguments, result=call.result)


def _apart(spans: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """A track for each span, on which none lies half in another; and the tracks by number."""
    lanes: dict[str, list[int]] = {name: [0] for name in TRACKS}  # by track, until when each lane is taken
    for span in sorted(spans, key=lambda one: one["ts"]):
        taken = lanes[span["cat"]]
        lane = next((at for at, until in enumerate(taken) if until <= span["ts"]), len(taken))
        if lane == len(taken):
            taken.append(0)
        taken[lane] = span["ts"] + span["dur"]
        span["tid"] = _number(span["cat"], lane)
    tracks = [
        (_number(name, lane), name if lane == 0 else f"{name} {lane + 1}")
        for name, taken in lanes.items()
        for lane in range(len(taken))
    ]
    return spans, tracks


def _number(track: str, lane: int) -> int:
    return TRACKS.index(track) + 1 + lane * len(TRACKS)


def _span(track: str, name: str, start: float, end: float, **facts: Any) -> dict[str, Any]:
    return {
        "ph": "X",
        "pid": 1,
        "cat": track,
        "name": name,
        "ts": _micro(start),
        "dur": max(0, _micro(end) - _micro(start)),
        "args": {key: value for key, value in facts.items() if value not in (None, "")},
    }


def _micro(seconds: float) -> int:
    return round(seconds * 1_000_000)
