"""A cough, made by a seed: a burst of breath, a rush, and a voiced end. No word, and yet loud."""

from __future__ import annotations

import numpy as np

from voicenb.audio.pcm import Samples

SECONDS = 0.45
"""How long one lasts."""


def cough(seed: int, rate: int = 24_000, loudness: float = 0.3) -> Samples:
    """One cough.

    Args:
        seed: which cough.
        rate: samples per second.
        loudness: its largest sample, of 1.

    Returns:
        Shape ``(round(SECONDS * rate),)``; begins and ends in silence.
    """
    random = np.random.default_rng(seed)
    count = round(SECONDS * rate)
    at = np.arange(count) / rate
    hertz = np.fft.rfftfreq(count, 1 / rate)
    # Breath through an open throat: most of it from 400 Hz to 3 kHz.
    throat = np.exp(-((np.log2(np.maximum(hertz, 1.0) / 1100) / 1.3) ** 2))
    breath = np.fft.irfft(np.fft.rfft(random.standard_normal(count)) * throat, count)
    pitch = 110 + 30 * random.random()
    voice = sum(np.sin(2 * np.pi * pitch * number * at) / number for number in range(1, 12))
    explosion = np.minimum(at / 0.004, 1) * np.exp(-at / 0.06)
    rush = 0.25 * np.exp(-((at - 0.18) ** 2) / 0.01)
    end = 0.35 * np.exp(-((at - 0.3) ** 2) / 0.0018)
    sound = breath / np.abs(breath).max() * (explosion + rush) + 0.4 * voice * end
    sound *= np.minimum(1, (SECONDS - at) / 0.03)
    made: Samples = (loudness * sound / np.abs(sound).max()).astype(np.float32)
    return made
