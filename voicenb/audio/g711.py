"""G.711, the telephone's coding at 8 kHz, a byte a sample: µ-law (``audio/pcmu``), A-law (``audio/pcma``)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from voicenb.audio.pcm import Samples, to_pcm

RATE = 8_000
ULAW_SILENCE = b"\xff"
ALAW_SILENCE = b"\xd5"

_Table = npt.NDArray[np.int16]


@lru_cache(maxsize=1)
def _ulaw() -> _Table:
    """The 16-bit value of each µ-law byte."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


@lru_cache(maxsize=1)
def _alaw() -> _Table:
    """The 16-bit value of each A-law byte."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    segment = (code & 0x70) >> 4
    magnitude = ((code & 0x0F) << 4) + 8
    magnitude = np.where(segment > 0, (magnitude + 0x100) << np.maximum(segment - 1, 0), magnitude)
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


@lru_cache(maxsize=1)
def _ulaw_bytes() -> npt.NDArray[np.uint8]:
    """The µ-law byte of each 16-bit value, indexed by the value + 32768."""
    value = np.arange(-32768, 32768, dtype=np.int32)
    # Fourteen bits, rounded down on both sides of zero, as the reference implementation has it.
    biased = np.minimum(np.abs(value >> 2), 8158) + 0x21
    segment = np.floor(np.log2(biased)).astype(np.int32) - 5
    code = (segment << 4) | ((biased >> (segment + 1)) & 0x0F)
    table: npt.NDArray[np.uint8] = (~np.where(value < 0, code | 0x80, code) & 0xFF).astype(np.uint8)
    return table


@lru_cache(maxsize=1)
def _alaw_bytes() -> npt.NDArray[np.uint8]:
    """The A-law byte of each 16-bit value, indexed by the value + 32768."""
    value = np.arange(-32768, 32768, dtype=np.int32)
    # Thirteen bits; below zero the ladder is shifted by one, as the recommendation has it.
    magnitude = np.where(value < 0, ~value, value) >> 3
    segment = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4, 0)
    code = (segment << 4) | ((magnitude >> np.maximum(segment, 1)) & 0x0F)
    table: npt.NDArray[np.uint8] = (np.where(value < 0, code, code | 0x80) ^ 0x55).astype(np.uint8)
    return table


def decode_ulaw(data: bytes) -> Samples:
    """Samples, -1…1, of µ-law bytes."""
    return _ulaw()[np.frombuffer(data, np.uint8)].astype(np.float32) / np.float32(32768)


def decode_alaw(data: bytes) -> Samples:
    """Samples, -1…1, of A-law bytes."""
    return _alaw()[np.frombuffer(data, np.uint8)].astype(np.float32) / np.float32(32768)


def encode_ulaw(samples: npt.ArrayLike) -> bytes:
    """µ-law bytes of samples, -1…1."""
    values = np.frombuffer(to_pcm(samples), "<i2").astype(np.int32)
    data: bytes = _ulaw_bytes()[values + 32768].tobytes()
    return data


def encode_alaw(samples: npt.ArrayLike) -> bytes:
    """A-law bytes of samples, -1…1."""
    values = np.frombuffer(to_pcm(samples), "<i2").astype(np.int32)
    data: bytes = _alaw_bytes()[values + 32768].tobytes()
    return data
