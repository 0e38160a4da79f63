"""Frames of all kinds: as the contract has them, almost so, any JSON, any text, any bytes."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import strategies as st

Wire = dict[str, Any]

text = st.text(max_size=12)
names = st.sampled_from(["look", "book", "gone", ""])
numbers = (
    st.integers(-5, 12_000)
    | st.sampled_from([2**53 + 1, -(2**63), 2**64, 10**30, 1e300, 0.5, -0.0, 1.5e-310])
    | st.floats(allow_nan=False, allow_infinity=False)
)
scalars = st.none() | st.booleans() | numbers | text
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
"""Any JSON."""

sound = st.binary(max_size=24).map(lambda raw: base64.b64encode(raw).decode())
seconds = st.floats(0, 2e9)
ids = st.sampled_from(["resp_1", "resp_2", "msg_1", "call_1", "call_2", ""])


def wires(kind: str, optional: dict[str, Any] | None = None, **fields: Any) -> st.SearchStrategy[Wire]:
    """Messages of a type, with these fields and some of the optional ones."""
    return st.fixed_dictionaries({"type": st.just(kind), **fields}, optional=optional or {})


turn_detection = st.fixed_dictionaries(
    {},
    optional={
        "vad_threshold": st.floats(-0.5, 1.5) | st.none(),
        "min_silence": st.integers(0, 11_000) | st.none(),
        "max_silence": st.integers(0, 11_000) | st.none(),
        "interrupt_response": st.booleans(),
        "interruption_delay": st.integers(-10, 1100),
        "type": st.just("server_vad"),
    },
)
formats = st.fixed_dictionaries(
    {"encoding": st.sampled_from(["audio/pcm", "audio/pcmu", "audio/pcma", "audio/opus"])},
    optional={"sample_rate": st.sampled_from([24_000, 8000, 16_000, None])},
)
tools = st.lists(
    st.fixed_dictionaries(
        {"type": st.just("function"), "name": names},
        optional={
            "description": text,
            "parameters": st.just({"type": "object"}) | values,
            "execution_mode": st.sampled_from(["interactive", "hold", "never"]),
            "timeout_seconds": st.sampled_from([1, 5, 300, 301]),
            "response_instructions": st.just({"success": "Say so."}),
        },
    ),
    max_size=3,
)
inputs = st.fixed_dictionaries(
    {},
    optional={
        "type": st.just("audio"),
        "format": formats,
        "turn_detection": turn_detection | st.none(),
        "keyterms": st.lists(text, max_size=3),
        "transcription_mode": st.sampled_from(["min_latency", "balanced", "max_accuracy", "best"]),
        "language_codes": st.lists(text, max_size=2),
        "voice_focus_threshold": st.floats(-1, 2),
    },
)
outputs = st.fixed_dictionaries(
    {},
    optional={
        "voice": st.sampled_from(["ivy", "alba", "nobody"]),
        "format": formats,
        "volume": st.integers(-5, 120) | st.none(),
    },
)
sessions = st.fixed_dictionaries(
    {},
    optional={
        "system_prompt": text,
        "greeting": st.sampled_from(["", "Hello.", None]),
        "tools": tools,
        "input": inputs | st.none(),
        "output": outputs,
        "agent_id": st.sampled_from(["agent_1", 7]),
        "llm": st.just([]),
    },
)
"""``session`` objects, not all of which are in order."""

CLIENT = {
    "session.update": wires("session.update", session=st.just({}) | sessions),
    "session.resume": wires("session.resume", session_id=st.just("sess_gone") | text),
    "session.end": wires("session.end"),
    "input.audio": wires("input.audio", audio=sound),
    "tool.result": wires("tool.result", {"is_error": st.booleans()}, call_id=ids, result=text),
    "reply.create": wires("reply.create", {"instructions": text}),
    "conversation.message": wires(
        "conversation.message", role=st.sampled_from(["user", "system"]), content=text
    ),
}
"""Messages of a client by their types."""

_STAMP = {"timestamp": seconds | st.just("2026-09-01T10:00:00Z")}
_REPLY = {"reply_id": ids}
_ITEM = {"reply_id": ids, "item_id": ids}
SERVER = {
    "session.ready": wires(
        "session.ready",
        {"config": sessions, "expires_at": seconds, "resume_token": text, **_STAMP},
        session_id=st.just("sess_1") | text,
    ),
    "session.updated": wires("session.updated", {"config": sessions, **_STAMP}),
    "session.ended": wires("session.ended", {"session_duration_seconds": seconds, **_STAMP}),
    "session.error": wires(
        "session.error",
        {"message": text, "param": text | st.none(), **_STAMP},
        code=st.sampled_from(
            ["invalid_value", "INTERNAL_ERROR", "at_capacity", "session_expired", "new_one", ""]
        ),
    ),
    "error": wires("error", {"code": text, "message": text, **_STAMP}),
    "input.speech.started": wires("input.speech.started", _STAMP),
    "input.speech.stopped": wires("input.speech.stopped", _STAMP),
    "transcript.user.delta": wires("transcript.user.delta", {"item_id": ids, **_STAMP}, text=text),
    "transcript.user": wires("transcript.user", {"item_id": ids, **_STAMP}, text=text),
    "reply.started": wires("reply.started", {**_ITEM, **_STAMP}),
    "reply.audio": wires("reply.audio", {**_REPLY, **_STAMP}, data=sound),
    "transcript.agent.delta": wires(
        "transcript.agent.delta",
        {**_ITEM, "start_ms": st.integers(-100, 9999), "end_ms": st.integers(-100, 9999), **_STAMP},
        delta=text,
    ),
    "transcript.agent": wires(
        "transcript.agent", {**_ITEM, "interrupted": st.booleans(), **_STAMP}, text=text
    ),
    "reply.done": wires(
        "reply.done", {**_REPLY, "status": st.sampled_from(["completed", "interrupted", "failed"]), **_STAMP}
    ),
    "tool.call": wires(
        "tool.call",
        {"arguments": st.dictionaries(text, scalars, max_size=2), **_STAMP},
        call_id=ids,
        name=names,
    ),
    "reply.error": wires("reply.error", {**_REPLY, "code": text, "message": text}),
    "session.metrics": wires("session.metrics", {"values": values}),
    "(none)": st.fixed_dictionaries({"code": text}, optional={"message": text}),
}
"""Messages of a service by their types, those included that only some have seen."""


@st.composite
def changed(draw: Any, wires_: st.SearchStrategy[Wire], kinds: list[str]) -> Wire:
    """A message of which one to three things are otherwise than they should be."""
    wire = dict(draw(wires_))
    for _ in range(draw(st.integers(1, 3))):
        key = draw(st.sampled_from(sorted(wire) or ["type"]))
        match draw(st.integers(0, 5)):
            case 0:
                wire.pop(key, None)
            case 1:
                wire[key] = draw(values)
            case 2:
                wire[draw(text)] = draw(values)
            case 3:
                wire["type"] = draw(st.sampled_from(kinds) | text)
            case 4:
                wire[key] = None
            case _:
                inner = wire.get(key)
                if isinstance(inner, dict):
                    wire[key] = {**inner, draw(text): draw(values)}
                elif isinstance(inner, str):
                    wire[key] = inner + draw(text)
    return wire


ODDITIES = (
    *('"\\ud800"', "1e999", "-1e400", "NaN", "Infinity", "01", "[" * 400, '{"a":' * 120, "\x00", "\ufeff"),
    *(
        '"\\u0000"',
        "9" * 400,
        "'",
        '"',
        "}",
        "{",
        ",",
        ":",
        "\\",
        "/*",
        "\u2028",
        "true",
        "null",
        '"type":"x",',
    ),
)
"""Pieces of text that parsers part over."""


@st.composite
def damaged(draw: Any, wires_: st.SearchStrategy[Wire]) -> str | bytes:
    """The text of a message, cut off, spliced or sprinkled with oddities."""
    whole = json.dumps(draw(wires_), ensure_ascii=False)
    place = draw(st.integers(0, len(whole)))
    match draw(st.integers(0, 4)):
        case 0:
            return whole[:place]
        case 1:
            return whole[:place] + draw(st.sampled_from(ODDITIES)) + whole[place:]
        case 2:
            return whole[:place] + whole[place + draw(st.integers(1, 4)) :]
        case 3:
            return whole + draw(st.sampled_from([whole, " ", "\n", "\x00", ODDITIES[0]]))
        case _:
            raw = whole.encode()
            place = min(place, len(raw))
            return raw[:place] + draw(st.binary(min_size=1, max_size=2)) + raw[place + 1 :]


def dumped(wire: Any) -> str:
    """Its text."""
    return json.dumps(wire)


def frames(table: dict[str, st.SearchStrategy[Wire]]) -> st.SearchStrategy[str | bytes]:
    """Frames of one direction: more than half are messages or almost, the rest is anything."""
    kinds = sorted({*table, *CLIENT})  # some mirror what they are sent
    wires_ = st.sampled_from(sorted(table)).flatmap(table.__getitem__)
    good = wires_.map(dumped)
    return st.one_of(
        good,
        good,
        good.map(str.encode),
        changed(wires_, kinds).map(dumped),
        changed(wires_, kinds).map(dumped),
        damaged(wires_),
        values.map(dumped),
        st.text(max_size=30),
        st.binary(max_size=30),
    )
