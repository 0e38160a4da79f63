"""Tone: a voice made darker or brighter, its loudness left as it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from voicenb.audio.pcm import Samples

_MIDDLE, _LOWEST, _HIGHEST = 1000.0, 100.0, 8000.0
"""Hertz that keep their level, and those beyond which it goes no further up or down."""

_PAD = 1024
"""Samples of silence that keep the end of a sound out of its beginning."""


def toned(sound: Samples, tone: float, rate: int) -> Samples:
    """The sound with its spectrum tilted.

    Args:
        sound: samples, -1…1, shape ``(n,)``.
        tone: decibels per octave; above 0 brighter, below darker. 0 gives the sound as it is.
        rate: samples per second.
    """
    if not tone or not len(sound):
        return sound
    size = len(sound) + _PAD
    frequencies = np.clip(np.fft.rfftfreq(size, 1 / rate), _LOWEST, _HIGHEST)
    gains = (frequencies / _MIDDLE) ** (tone / (20 * math.log10(2)))
    tilted = np.fft.irfft(np.fft.rfft(sound, size) * gains, size)[: len(sound)]
    before, after = (float(np.sqrt(np.mean(np.square(one)))) for one in (sound, tilted))
    return (tilted * (before / after if after else 1.0)).astype(np.float32)
