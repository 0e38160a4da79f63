"""A call retold: the events of a recording, as far as a timeline of the service's tells them.

The timeline knows when the caller spoke, when replies began and ended, and when tools were called. It does
not know when the service decided that a turn was over. The service was seen to send its decision, the
transcript and the first sound of the reply within about 10 ms, so the transcript stands where the reply
began; an emulator tells the decision. What else is not known is in `ABSENT`, which every such recording has
with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from voicenb.recording.layout import RATE, JSONObject
from voicenb.service import wire as read
from voicenb.service.sessions import PastSession
from voicenb.service.timeline import Timeline, TimelineCall, TimelineTurn

ABSENT = {
    "decisions": "When a turn was decided to be over: its transcript stands where the reply began, which on "
    "the hosted service was seen to be within about 10 ms of it.",
    "partials": "The words while they were being recognised, and when the service said that speech began: "
    "that stands where it began, and is left out where the agent was still speaking.",
    "frames": "When each piece of sound was sent and received: the sound stands where the service put it.",
    "ear": "When the caller heard the agent: the way from the service to their ear is not in any figure.",
    "unheard": "Which words of an interrupted reply were not heard: all of its words count as heard.",
    "changes": "The settings that the call began with, where they were changed: those at its end are told.",
}
"""What a recording from the history has not, and a local one has."""

SECOND = 1.0
"""Seconds of the caller's sound that one event stands for."""

Moment = tuple[float, JSONObject]


def retold(session: PastSession, timeline: Timeline | None, samples: int, offset: float) -> list[JSONObject]:
    """The events, numbered and in order.

    Args:
        session: of the history.
        timeline: of it, or None where none is kept.
        samples: of each track.
        offset: seconds on the timeline's clock at which the tracks begin.
    """
    config = {"config": dict(session.config)} if session.config else {}
    ready = _received("session.ready", session_id=session.id, **config)
    moments: list[Moment] = [(0.0, ready), *_caller(samples, offset)]
    at = 0.0
    for n, turn in enumerate(timeline.turns if timeline is not None else (), 1):
        onset = turn.user_speech_started
        if onset is not None and onset >= at and _is_said(turn):
            # Over a reply it would say that this was cut off then, which nobody knows.
            moments.append((onset, _received("input.speech.started")))
        told = list(_turn(turn, f"history_{n}", at, samples, offset))
        moments += told
        at = max([at, *(when for when, _ in told)])
    ended = max(duration(session, timeline, samples, offset), *(when for when, _ in moments))
    moments.append((ended, _received("session.ended", session_duration_seconds=session.duration_seconds)))
    # Those of one moment stay in the order in which they are told; before the beginning there is none.
    moments = sorted(((round(max(0.0, when), 6), event) for when, event in moments), key=lambda each: each[0])
    return [{"n": n, "t": when, **event} for n, (when, event) in enumerate(moments)]


def duration(session: PastSession, timeline: Timeline | None, samples: int, offset: float) -> float:
    """Seconds that the call took, by whoever tells."""
    told = [session.duration_seconds, timeline.duration if timeline is not None else None]
    return max([offset + samples / RATE, *(length for length in told if length is not None)])


def _caller(samples: int, offset: float) -> Iterator[Moment]:
    for start in range(0, samples, round(SECOND * RATE)):
        count = min(round(SECOND * RATE), samples - start)
        sound = {"track": "caller", "start": start, "samples": count}
        # A frame is sent when its last sample has been said.
        yield offset + (start + count) / RATE, {"dir": "out", "type": "input.audio", "msg": {}, **sound}


def _turn(turn: TimelineTurn, reply_id: str, before: float, samples: int, offset: float) -> Iterator[Moment]:
    began, ended = turn.agent_reply_started, turn.agent_reply_ended
    decided = read.seconds(read.part(turn.wire, "emulator"), "decided_at_ms")
    known = [decided, began, turn.user_speech_ended, *(call.dispatched_at for call in turn.tool_calls)]
    at = next((moment for moment in known if moment is not None), before)
    if _is_said(turn):
        item = {"item_id": turn.item_id} if turn.item_id else {}
        yield at, _received("transcript.user", text=turn.user_transcript, **item)
    calls = list(turn.tool_calls)
    if began is None and not turn.agent_text and not calls:
        return
    began = at if began is None else began
    first = min([began, *(call.dispatched_at for call in calls if call.dispatched_at is not None)])
    yield first, _received("reply.started", reply_id=reply_id)
    for call in calls:
        yield from _call(call, first)
    ended = began if ended is None else max(began, ended)
    start = min(max(0, round((began - offset) * RATE)), samples)
    count = min(round((ended - began) * RATE), samples - start)
    if count > 0:
        sound = {"track": "agent", "start": start, "samples": count}
        yield began, {**_received("reply.audio", reply_id=reply_id), **sound}
        note = {"reply_id": reply_id, "from": 0, "to": count, "t": round(began, 6), "uncertainty": None}
        yield began, {"dir": "local", "type": "heard", "msg": note}
    if turn.agent_text:
        words = {"text": turn.agent_text, "interrupted": turn.interrupted}
        yield ended, _received("transcript.agent", reply_id=reply_id, **words)
    status = "interrupted" if turn.interrupted else turn.status or "completed"
    yield ended, _received("reply.done", reply_id=reply_id, status=status)


def _is_said(turn: TimelineTurn) -> bool:
    """Whether the caller's words are this turn's; those that tools were called for repeat them."""
    return bool(turn.user_transcript) and turn.trigger in ("", "user_speech")


def _call(call: TimelineCall, at: float) -> Iterator[Moment]:
    made = at if call.dispatched_at is None else call.dispatched_at
    arguments = call.arguments
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            arguments = {"arguments": arguments}
    told = arguments if isinstance(arguments, dict) else {}
    yield made, _received("tool.call", call_id=call.call_id, name=call.name, arguments=told)
    if call.result is None:
        return
    text = call.result if isinstance(call.result, str) else json.dumps(call.result, ensure_ascii=False)
    message: dict[str, Any] = {"call_id": call.call_id, "result": text}
    if call.is_error:
        message["is_error"] = True
    came = made if call.result_received_at is None else call.result_received_at
    yield came, {"dir": "out", "type": "tool.result", "msg": {"type": "tool.result", **message}}


def _received(kind: str, **message: Any) -> JSONObject:
    told = {name: value for name, value in message.items() if value is not None}
    return {"dir": "in", "type": kind, "msg": {"type": kind, **told}}
