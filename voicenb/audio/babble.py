"""The murmur of a room full of people: sounds like speech from afar, and holds no words. Made by a seed."""

from __future__ import annotations

import numpy as np

from voicenb.audio.pcm import Samples

VOICES = 6
"""People who talk at once."""

SYLLABLES = 4.0
"""Changes of a voice's level in a second, at most."""


def babble(count: int, seed: int, rate: int = 24_000) -> Samples:
    """Noise with the spectrum of speech, in which several voices come and go; its end fits its begin.

    Each voice is noise, flat up to 500 Hz and 9 dB less per octave above that, whose level changes as speech
    does from syllable to syllable.

    Args:
        count: samples.
        seed: which murmur.
        rate: samples per second.

    Returns:
        Shape ``(count,)``, mean power 1.
    """
    if count < 2:
        return np.zeros(max(count, 0), np.float32)
    random = np.random.default_rng(seed)
    hertz = np.fft.rfftfreq(count, 1 / rate)
    spectrum = np.where(hertz < 100, 0.0, np.minimum(1.0, (np.maximum(hertz, 1.0) / 500) ** -1.5))
    slow = (hertz > 0) & (hertz <= SYLLABLES)
    murmur = np.zeros(count)
    for _ in range(VOICES):
        carrier = np.fft.irfft(np.fft.rfft(random.standard_normal(count)) * spectrum, count)
        envelope = np.fft.irfft(np.fft.rfft(random.standard_normal(count)) * slow, count)
        murmur += carrier * np.maximum(0.0, envelope)
    power = np.mean(murmur**2)
    if not power:  # so short that no syllable fits into it
        return babble(max(count, rate), seed, rate)[:count]
    unit: Samples = (murmur / np.sqrt(power)).astype(np.float32)
    return unit
