"""Text frames ↔ messages. Liberal in what a client takes, strict in what a server takes.

``decode_server`` and ``decode_client`` return the typed message and, beside it, the *record*: the message as
the plain object that stood on the wire, without its audio, with every field that this version does not know.
Recordings keep the record, so nothing is lost on messages that are newer than this code.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from voicenb.errors import MalformedMessage
from voicenb.protocol import messages as m
from voicenb.protocol.depth import DEEPEST, too_deep

Record = dict[str, Any]

_encoder = msgspec.json.Encoder()
_peek = msgspec.json.Decoder(Record)

# One type is converted to many times faster than to a union, of which msgspec keeps nothing between calls.
_SERVER: dict[str, Any] = {str(t.__struct_config__.tag): t for t in m.AnyServerMessage.__args__}
_CLIENT: dict[str, Any] = {str(t.__struct_config__.tag): t for t in m.AnyClientMessage.__args__}

SERVER_TYPES: frozenset[str] = frozenset(_SERVER)
CLIENT_TYPES: frozenset[str] = frozenset(_CLIENT)

_AUDIO_FIELD = {"input.audio": "audio", "reply.audio": "data"}

_WRITTEN_AS = {
    "session.error": (("code", "error_code"),),
    "error": (("code", "error_code"),),
    "transcript.user.delta": (("text", "delta"),),
}
"""Fields by the names that a page of the documentation has for them."""

_OPTIONAL: dict[str, frozenset[str]] = {
    str(t.__struct_config__.tag): frozenset(f.name for f in msgspec.structs.fields(t) if not f.required)
    for t in m.AnyServerMessage.__args__
}


def encode(message: m.Message | m.Unknown) -> str:
    """One message as a JSON text frame."""
    if isinstance(message, m.Unknown):
        return _encoder.encode({"type": message.type, **message.fields}).decode()
    return _encoder.encode(message).decode()


def record_of(message: m.Message | m.Unknown) -> Record:
    """The message as a plain object without its audio, as recordings keep it."""
    if isinstance(message, m.Unknown):
        return {"type": message.type, **message.fields}
    return without_audio(msgspec.to_builtins(message, builtin_types=(bytes,)))


def without_audio(wire: Record) -> Record:
    """The wire object without its audio field."""
    kind = wire.get("type")
    field = _AUDIO_FIELD.get(kind) if isinstance(kind, str) else None
    return wire if field is None else {key: value for key, value in wire.items() if key != field}


def _bare(wire: Record) -> Record:
    """The same object, which nobody else has, with its audio taken away: a copy would cost as much again."""
    kind = wire.get("type")
    if kind == "reply.audio" or kind == "input.audio":
        wire.pop(_AUDIO_FIELD[kind], None)
    return wire


def decode_server(frame: str | bytes) -> tuple[m.AnyServerMessage | m.Unknown, Record]:
    """A frame from the service, taken liberally.

    Returns:
        The message (``Unknown`` for a type this version does not know, and for an untyped object with a
        ``code``, which is read as an error) and its record.

    Raises:
        MalformedMessage: the frame is not a JSON object, or a known type lacks a field it cannot do without.
    """
    wire = _object(frame)
    return _server_message(wire), _bare(wire)


def _server_message(wire: Record) -> m.AnyServerMessage | m.Unknown:
    kind = wire.get("type")
    if kind is None and ("code" in wire or "error_code" in wire):
        kind = "session.error"
    if not isinstance(kind, str) or kind not in SERVER_TYPES:
        fields = {key: value for key, value in wire.items() if key != "type"}
        return m.Unknown(type=str(kind or ""), fields=fields)
    for name, written in _WRITTEN_AS.get(kind, ()):
        if name not in wire and written in wire:
            wire = {**wire, name: wire[written]}
    if kind == "tool.call" and isinstance(wire.get("arguments"), str):
        wire = {**wire, "arguments": _arguments(wire["arguments"])}
    if None in wire.values():  # says no more than a field that is missing; ids and times were seen as both
        wire = {key: value for key, value in wire.items() if value is not None}
    if "type" not in wire:
        wire = {**wire, "type": kind}
    return _as_far_as_it_goes(wire, kind)


def _as_far_as_it_goes(wire: Record, kind: str) -> m.AnyServerMessage:
    """The message without those of its optional fields that are of another type than they should be."""
    while True:
        try:
            message: m.AnyServerMessage = _typed(wire, _SERVER[kind], kind)
            return message
        except MalformedMessage as error:
            name = re.split(r"[.\[]", str(error.facts["path"]), maxsplit=1)[0]
            if name not in wire or name not in _OPTIONAL[kind]:
                raise
            wire = {key: value for key, value in wire.items() if key != name}


def _arguments(text: str) -> Record:
    """Arguments that were not parsed as they should be; empty where they are none."""
    try:
        return _object(text)
    except MalformedMessage:
        return {}


def decode_client(frame: str | bytes) -> tuple[m.AnyClientMessage, Record]:
    """A frame from a client, taken strictly.

    Raises:
        MalformedMessage: with the service's own wording; ``facts["path"]`` names the field where one is at
            fault.
    """
    try:
        wire = _object(frame)
    except MalformedMessage:
        raise MalformedMessage("Invalid JSON format.", path=None) from None
    kind = wire.get("type")
    if not isinstance(kind, str) or kind not in CLIENT_TYPES:
        raise MalformedMessage(f"Unknown message type: {kind}", path="type")
    return _typed(wire, _CLIENT[kind], kind), _bare(wire)


def from_record(
    record: Record, *, received: bool = False
) -> m.AnyClientMessage | m.AnyServerMessage | m.Unknown:
    """The message that a record stands for; audio, which records leave out, comes back empty.

    Args:
        record: as it is kept.
        received: whether the service sent it: a client's type is then one that nobody knows.

    Raises:
        MalformedMessage: a known type lacks a field it cannot do without.
    """
    kind = str(record.get("type") or "")
    if received and kind not in SERVER_TYPES:
        return _server_message(record)
    field = _AUDIO_FIELD.get(kind)
    wire = record if field is None else {**record, field: ""}
    if kind in CLIENT_TYPES:
        message: m.AnyClientMessage = _typed(wire, _CLIENT[kind], kind)
        return message
    return _server_message(wire)


def _object(frame: str | bytes) -> Record:
    try:
        wire = _peek.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedMessage(f"Not a JSON object: {error}.", path=None) from None
    if _may_nest(frame) and too_deep(wire):
        raise MalformedMessage("Not a JSON object that can be read: it nests too deep.", path=None)
    return wire


def _may_nest(frame: str | bytes) -> bool:
    """Whether there are enough brackets: to count them costs less than to look at what they enclose."""
    if len(frame) <= 2 * DEEPEST:
        return False
    if isinstance(frame, str):
        return frame.count("{") + frame.count("[") > DEEPEST
    return frame.count(b"{") + frame.count(b"[") > DEEPEST


def _typed(wire: Record, known: Any, kind: str) -> Any:
    try:
        return msgspec.convert(wire, known)
    except msgspec.ValidationError as error:
        text = str(error)
        path = text.rsplit("`$.", 1)[-1].rstrip("`") if "`$." in text else None
        raise MalformedMessage(f"Invalid message format for type '{kind}'", path=path, detail=text) from None
