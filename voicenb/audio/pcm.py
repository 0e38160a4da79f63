"""PCM16: the wire's samples (signed 16-bit, little endian, mono) as numbers and back.

``to_pcm(to_float(pcm)) == pcm`` for every PCM16 string: a recording that is read and written again is
unchanged.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicenb.audio.level import level
from voicenb.errors import AudioError

__all__ = ["RATE", "Samples", "level", "to_float", "to_pcm"]

RATE = 24_000
"""Samples per second of ``audio/pcm`` on the wire and of every recorded track."""

Samples = npt.NDArray[np.float32]
"""Mono samples, -1…1, shape ``(n,)``."""


def to_float(pcm: bytes | bytearray | memoryview) -> Samples:
    """The samples of PCM16 bytes, shape ``(len(pcm) // 2,)``, -1…1.

    Raises:
        AudioError: an odd number of bytes, which is half a sample.
    """
    if len(pcm) % 2:
        raise AudioError(f"PCM16 needs whole samples of two bytes; got {len(pcm)} bytes.", bytes=len(pcm))
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768)


def to_pcm(samples: npt.ArrayLike) -> bytes:
    """PCM16 bytes of samples; beyond -1…1 they are clipped, and what is not a number becomes silence."""
    values = np.nan_to_num(np.asarray(samples, dtype=np.float32), nan=0.0, posinf=1.0, neginf=-1.0)
    scaled: bytes = np.clip(np.rint(values * 32768), -32768, 32767).astype("<i2").tobytes()
    return scaled
