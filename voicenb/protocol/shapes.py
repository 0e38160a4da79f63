"""What the contract says of each event of the service by itself: fields and their kinds, time, code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Told = tuple[str, str]
"""A section of the contract, and what was otherwise."""

TEXT, NUMBER, OBJECT, TRUTH = "text", "number", "object", "truth"

_NONE: dict[str, tuple[str, bool]] = {}
_ITEM = {"item_id": (TEXT, False), "text": (TEXT, False)}
_REPLY = {"reply_id": (TEXT, False)}
_REPLY_ITEM = {**_REPLY, "item_id": (TEXT, False)}

FIELDS: dict[str, dict[str, tuple[str, bool]]] = {
    "session.ready": {
        "session_id": (TEXT, False),
        "config": (OBJECT, False),
        "expires_at": (NUMBER, False),
        "resume_token": (TEXT, False),
    },
    "session.updated": {"config": (OBJECT, False)},
    "session.ended": {"session_duration_seconds": (NUMBER, False), "audio_duration_seconds": (NUMBER, True)},
    "session.error": {
        "code": (TEXT, False),
        "message": (TEXT, False),
        "param": (TEXT, True),
        "session_id": (TEXT, True),
    },
    "input.speech.started": _NONE,
    "input.speech.stopped": _NONE,
    "transcript.user.delta": _ITEM,
    "transcript.user": _ITEM,
    "reply.started": _REPLY_ITEM,
    "reply.audio": _REPLY,  # its sound is not among what events keep
    "transcript.agent.delta": {
        **_REPLY_ITEM,
        "delta": (TEXT, False),
        "start_ms": (NUMBER, True),
        "end_ms": (NUMBER, True),
    },
    "transcript.agent": {**_REPLY_ITEM, "text": (TEXT, False), "interrupted": (TRUTH, False)},
    "reply.done": {**_REPLY, "status": (TEXT, False)},
    "tool.call": {"call_id": (TEXT, False), "name": (TEXT, False), "arguments": (OBJECT, False)},
}
"""The fields of each event beside its time, their kind, and whether null may stand for it (section 7)."""

CODES = (
    *("UNAUTHORIZED", "FORBIDDEN", "INTERNAL_ERROR", "server_error", "at_capacity", "concurrency_exceeded"),
    *("session_not_found", "session_forbidden", "session_expired", "agent_not_found", "agent_init_failed"),
    *("agent_timeout", "invalid_format", "invalid_audio", "invalid_value", "immutable_field"),
    *("invalid_config", "agent_id_not_first", "audio_rate_violation"),
)
"""The documented codes of ``session.error``, as they are documented (sections 2 and 13)."""

LONGEST_SESSION = 10_800
"""Seconds that a session may last where no shorter time was asked for (section 3)."""

STATUSES = ("completed", "interrupted")
_MAY_BE_MISSING = {("session.error", "param"), ("session.error", "session_id")}
_FIRST_EPOCH = 1e9  # seconds; a time before is none since the epoch


def shape_of(kind: str, message: Mapping[str, Any]) -> Iterator[Told]:
    """What one event of the service has otherwise than the contract says.

    Args:
        kind: its type.
        message: the event as it stood on the wire, without its audio.
    """
    if kind == "error":
        yield "7", "an error came as a bare error, not as session.error"
        return
    fields = FIELDS.get(kind)
    if fields is None:
        yield "7", f"an event of a type that is not documented: {kind or 'none at all'}"
        return
    for name, (wanted, nullable) in fields.items():
        if name in message:
            yield from _field(kind, name, message[name], wanted, nullable=nullable)
        elif (kind, name) not in _MAY_BE_MISSING:
            yield "7", f"{kind} came without {name}"
    for name in message:
        if name not in fields and name not in ("type", "timestamp", "data"):
            yield "7", f"{kind} has a field that is not documented: {name}"
    yield from _time(kind, message.get("timestamp"))
    yield from _values(kind, message)


def _field(kind: str, name: str, value: Any, wanted: str, *, nullable: bool) -> Iterator[Told]:
    found = _kind(value)
    if found != wanted and not (nullable and value is None):
        yield "7", f"{kind}: {name} is {_named(found)}, not {_named(wanted)}"


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return TRUTH
        case int() | float():
            return NUMBER
        case str():
            return TEXT
        case dict():
            return OBJECT
        case _:
            return "list"


def _named(kind: str) -> str:
    return {
        "null": "null",
        TRUTH: "true or false",
        NUMBER: "a number",
        TEXT: "a text",
        OBJECT: "an object",
    }.get(kind, "a list")


def _time(kind: str, time: Any) -> Iterator[Told]:
    match _kind(time):
        case "null":
            yield "4", f"{kind} came without a timestamp"
        case "number" if time >= _FIRST_EPOCH:
            pass
        case "text":
            yield "4", f"{kind}: timestamp is a text, not seconds since the epoch"
        case _:
            yield "4", f"{kind}: timestamp is no time since the epoch ({time})"


def _values(kind: str, message: Mapping[str, Any]) -> Iterator[Told]:
    match kind:
        case "session.error":
            yield from _code(message.get("code"))
        case "reply.done" if isinstance(status := message.get("status"), str) and status not in STATUSES:
            yield "7", f"reply.done: status is {status!r}, which is neither completed nor interrupted"
        case "session.ended" if message.get("audio_duration_seconds", 0) is None:
            yield "7", "session.ended does not say how much audio came: audio_duration_seconds is null"
        case "session.ready":
            yield from _expiry(message.get("expires_at"), message.get("timestamp"))


def _expiry(expires: Any, now: Any) -> Iterator[Told]:
    if isinstance(expires, int | float) and isinstance(now, int | float) and now >= _FIRST_EPOCH:
        left = expires - now
        if abs(left - LONGEST_SESSION) > LONGEST_SESSION / 20:
            what = (
                f"session.ready: expires_at is {left:.0f} s away, and a session may last {LONGEST_SESSION} s"
            )
            yield "3", what


def _code(code: Any) -> Iterator[Told]:
    if not isinstance(code, str) or code in CODES:
        return
    documented = next((known for known in CODES if known.lower() == code.lower()), None)
    if documented is not None:
        yield "2", f"session.error: the code is written {code}, where {documented} is documented"
    else:
        yield "13", f"session.error: a code that is not documented: {code}"
