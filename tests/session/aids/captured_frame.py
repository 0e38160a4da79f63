"""A frame of the microphone as a page sends it; pages write it in JavaScript."""

from __future__ import annotations

import struct


def write_captured(seq: int, at: float, pcm: bytes, *, mark: int = 0) -> bytes:
    """The frame; ``mark`` tells pages apart that share a way."""
    return struct.pack("<BBHId", 1, 0, mark, seq & 0xFFFFFFFF, at) + pcm
