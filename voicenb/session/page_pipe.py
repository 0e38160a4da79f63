"""What pages say through the kernel, on the pipe that leads from the kernel to the helper.

Records of a header (number of the call and bytes of the message, both u32, little endian) and the message: a
frame, which begins with a 1, or text as JSON, which begins with a brace.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

import msgspec

from voicenb.session.host import PageMessage

_HEADER = struct.Struct("<II")
_TEXT = b"{"


def pack(call: int, message: PageMessage) -> bytes:
    """A message of a page of the call with that number."""
    payload = message if isinstance(message, bytes) else msgspec.json.encode(message)
    return _HEADER.pack(call, len(payload)) + payload


def read(stream: IO[bytes]) -> Iterator[tuple[int, PageMessage]]:
    """The messages that come, each with its call's number, until the stream ends; no malformed ones."""
    while len(header := stream.read(_HEADER.size)) == _HEADER.size:
        call, length = _HEADER.unpack(header)
        payload = stream.read(length)
        if len(payload) < length:
            return
        if not payload.startswith(_TEXT):
            yield call, payload
            continue
        try:
            yield call, msgspec.json.decode(payload, type=dict[str, object])
        except msgspec.DecodeError:
            continue
