"""What a page mirrors of its own socket to the service: frames that came, sound that went out, the end.

A binary message of a header of 16 bytes (kind 3, the page's mark, how many frames of the microphone its
socket did not take, in all) and entries, each with a header of 32 bytes; all little endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from voicenb.errors import MalformedMessage

_HEAD = struct.Struct("<BBHId")
_ENTRY = struct.Struct("<BBHIIIdd")
_CODE = struct.Struct("<H")

KIND = 3
CAME, WENT, OVER = 1, 2, 3
HELD = 1
"""Flag of sound that was held back while there was no connection."""

SPEECH = 4
"""Kind of a frame to the page: sound that the caller is to say (a header of 16 bytes, then PCM16)."""


@dataclass(frozen=True, slots=True)
class Came:
    """A frame of the service.

    Attributes:
        line: number of the connection.
        at: ``performance.now()`` when it came, in milliseconds.
        frame: as it was.
        reply: by which number the page plays the sound in it; 0: it plays none.
        start: place of its first sample there.
    """

    line: int
    at: float
    frame: bytes
    reply: int = 0
    start: int = 0


@dataclass(frozen=True, slots=True)
class Went:
    """Sound of the caller that was sent.

    Attributes:
        line: number of the connection.
        at: ``performance.now()`` when it was sent, in milliseconds.
        pcm: the samples.
        captured: ``performance.now()`` of the first of them.
        held: whether it had waited for a connection.
    """

    line: int
    at: float
    pcm: bytes
    captured: float
    held: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """The connection was closed, with a code and a reason."""

    line: int
    at: float
    code: int
    reason: str = ""


Entry = Came | Went | Over


@dataclass(frozen=True, slots=True)
class Mirror:
    """One message: frames that the socket did not take so far, and what happened, in order."""

    lost: int
    entries: tuple[Entry, ...]


def is_mirror(frame: bytes) -> bool:
    """Whether a binary message of a page is one of these."""
    return frame[:1] == bytes([KIND])


def read_mirror(frame: bytes) -> Mirror:
    """A message from the page.

    Raises:
        MalformedMessage: it is something else.
    """
    try:
        kind, _, _, lost, _ = _HEAD.unpack_from(frame)
        entries: list[Entry] = []
        place = _HEAD.size
        while place < len(frame) and kind == KIND:
            head = _ENTRY.unpack_from(frame, place)
            place += _ENTRY.size
            payload = frame[place : place + head[3]]
            place += head[3]
            entries.append(_entry(head, payload))
    except (struct.error, ValueError) as error:
        raise MalformedMessage(f"Not what a page mirrors: {error}.", path=None) from None
    if kind != KIND or place != len(frame):
        raise MalformedMessage(f"Not what a page mirrors ({len(frame)} bytes).", path=None)
    return Mirror(lost, tuple(entries))


def _entry(head: tuple[int, int, int, int, int, int, float, float], payload: bytes) -> Entry:
    kind, flags, line, _, reply, start, at, captured = head
    match kind:
        case 1:
            return Came(line, at, payload, reply, start)
        case 2 if len(payload) % 2 == 0:
            return Went(line, at, payload, captured, bool(flags & HELD))
        case 3:
            (code,) = _CODE.unpack_from(payload)
            return Over(line, at, code, payload[_CODE.size :].decode("utf-8", "replace"))
        case _:
            raise ValueError(f"an entry of kind {kind} with {len(payload)} bytes")


def write_mirror(mirror: Mirror, mark: int = 0) -> bytes:
    """A message as a page writes it."""
    parts = [_HEAD.pack(KIND, 0, mark, mirror.lost, 0.0)]
    for entry in mirror.entries:
        match entry:
            case Came(line, at, frame, reply, start):
                parts += [_ENTRY.pack(CAME, 0, line, len(frame), reply, start, at, 0.0), frame]
            case Went(line, at, pcm, captured, held):
                parts += [_ENTRY.pack(WENT, HELD if held else 0, line, len(pcm), 0, 0, at, captured), pcm]
            case Over(line, at, code, reason):
                payload = _CODE.pack(code) + reason.encode()
                parts += [_ENTRY.pack(OVER, 0, line, len(payload), 0, 0, at, 0.0), payload]
    return b"".join(parts)


def write_speech(pcm: bytes) -> bytes:
    """A frame for the page: what the caller is to say."""
    return struct.pack("<BBHIII", SPEECH, 0, 0, 0, 0, 0) + pcm
