"""What passes between a panel in a tab of its own and its Talk: an object, with buffers where it has some."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from voicenb.errors import MalformedMessage

_LENGTH = struct.Struct("<I")


def pack(message: Mapping[str, Any], buffers: Sequence[bytes | memoryview] = ()) -> str | bytes:
    """One frame: text where there are no buffers.

    Else binary: how many bytes of JSON follow (32 bits, least first); the JSON,
    ``{"message": …, "sizes": [bytes, …]}``; the buffers, one behind the other.
    """
    if not buffers:
        return msgspec.json.encode(message).decode()
    parts = [bytes(buffer) for buffer in buffers]
    head = msgspec.json.encode({"message": message, "sizes": [len(part) for part in parts]})
    return b"".join([_LENGTH.pack(len(head)), head, *parts])


def unpack(frame: str | bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The message of a frame, and its buffers.

    Raises:
        MalformedMessage: it is none.
    """
    try:
        if isinstance(frame, str):
            message, parts = msgspec.json.decode(frame), []
        else:
            (length,) = _LENGTH.unpack_from(frame)
            head = msgspec.json.decode(frame[_LENGTH.size : _LENGTH.size + length])
            message, parts = head["message"], _cut(frame[_LENGTH.size + length :], head["sizes"])
        if not isinstance(message, dict):
            raise TypeError
    except (ValueError, TypeError, LookupError, struct.error):
        raise MalformedMessage("That is no message of a panel.") from None
    return message, parts


def _cut(data: bytes, sizes: list[int]) -> list[bytes]:
    parts, at = [], 0
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    if at != len(data) or any(size < 0 for size in sizes):
        raise ValueError
    return parts
