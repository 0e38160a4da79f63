"""Binary frames of the page channel: a header of 16 bytes, then PCM16 at 24 kHz; all little endian."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from voicenb.errors import MalformedMessage

_CAPTURED = struct.Struct("<BBHId")
_REPLY = struct.Struct("<BBHIII")
HEADER = 16

assert _CAPTURED.size == _REPLY.size == HEADER


@dataclass(frozen=True, slots=True)
class Captured:
    """A frame of the page's microphone.

    Attributes:
        seq: counts the frames since the page's channel was opened.
        at: ``performance.now()`` of the first sample, in milliseconds.
        pcm: the samples.
    """

    seq: int
    at: float
    pcm: bytes


def read_captured(frame: bytes) -> Captured:
    """A frame from the page.

    Raises:
        MalformedMessage: it is something else.
    """
    if len(frame) < HEADER or frame[0] != 1 or len(frame) % 2:
        raise MalformedMessage(f"Not a frame of a microphone ({len(frame)} bytes).", path=None)
    _, _, _, seq, at = _CAPTURED.unpack_from(frame)
    return Captured(seq, at, frame[HEADER:])


def mark_of(frame: bytes) -> int:
    """The mark of the page that a frame came from; 0 where it carries none."""
    return int.from_bytes(frame[2:4], "little")


@dataclass(frozen=True, slots=True)
class ReplySound:
    """Sound of a reply for the page.

    Attributes:
        reply: the reply's ordinal in the call.
        start: place of the first sample in the reply.
        pcm: the samples.
    """

    reply: int
    start: int
    pcm: bytes


def read_reply(frame: bytes) -> ReplySound:
    """A frame to the page, as a page reads it.

    Raises:
        MalformedMessage: it is something else.
    """
    if len(frame) < HEADER or frame[0] != 2:
        raise MalformedMessage(f"Not sound of a reply ({len(frame)} bytes).", path=None)
    _, _, _, reply, start, _ = _REPLY.unpack_from(frame)
    return ReplySound(reply, start, frame[HEADER:])


def write_reply(reply: int, start: int, pcm: bytes | bytearray) -> bytes:
    """A frame for the page."""
    return _REPLY.pack(2, 0, 0, reply, start, 0) + pcm
