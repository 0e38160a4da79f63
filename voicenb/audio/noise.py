"""Noise that is the same on every run: for tests and benchmarks of what hears."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicenb.audio.pcm import Samples
from voicenb.errors import AudioError


def pink(count: int, seed: int) -> Samples:
    """Pink noise (3 dB less per octave), mean power 1, shape ``(count,)``; the seed says which."""
    if count < 2:
        return np.zeros(max(count, 0), np.float32)
    white = np.random.default_rng(seed).standard_normal(count)
    spectrum = np.fft.rfft(white)
    spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
    spectrum[0] = 0  # a constant is not heard
    noise = np.fft.irfft(spectrum, count)
    unit: Samples = (noise / np.sqrt(np.mean(noise**2))).astype(np.float32)
    return unit


def with_noise(samples: npt.ArrayLike, snr: float, seed: int, *, power_of: slice | None = None) -> Samples:
    """Samples with pink noise under them.

    Args:
        samples: shape ``(n,)``, -1…1.
        snr: decibels by which the sound is stronger than the noise.
        seed: which noise.
        power_of: the part of ``samples`` that the ratio is about, where the rest is silence; the whole
            without it.

    Raises:
        AudioError: no sound at all, to which no noise can be in proportion.
    """
    clean = np.asarray(samples, dtype=np.float32)
    part = clean if power_of is None else clean[power_of]
    power = float(np.mean(part.astype(np.float64) ** 2)) if part.size else 0.0
    if power == 0:
        raise AudioError(
            f"Digital silence has no signal-to-noise ratio ({clean.size} samples).", samples=clean.size
        )
    scale = np.sqrt(power / 10 ** (snr / 10))
    noisy: Samples = (clean + pink(clean.size, seed) * np.float32(scale)).astype(np.float32)
    return noisy
