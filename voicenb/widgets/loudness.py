"""Loudness: what a voice looks like in the panel's lanes."""

from __future__ import annotations

from voicenb.audio.level import levels
from voicenb.audio.pcm import RATE, to_float

STEP = 0.06
"""Seconds that one level stands for, as in the page's ``trace.js``."""


def loudness(pcm: bytes) -> list[float]:
    """How loud PCM16 mono at 24 kHz is.

    Returns:
        Root mean square, 0…1, of each step; a last one that is not full is left out.
    """
    return [round(10 ** (float(level) / 20), 4) for level in levels(to_float(pcm), RATE, STEP)]
