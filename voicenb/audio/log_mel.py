"""Log-mel features as Whisper models hear sound: 80 bands, one column for each 10 ms.

The steps are those of Whisper's published feature extraction: the sound is brought to mean 0 and variance 1,
cut into Hann windows of 25 ms, and the power of each spectrum gathered in bands on Slaney's mel scale.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from voicenb.audio.pcm import Samples

RATE = 16_000
BANDS = 80
STEP = 160
"""Samples between two columns."""

_WINDOW = 400
_LEAST = 1e-10  # of a band's power, before its logarithm
_RANGE = 8.0  # powers of ten below the loudest that are told apart
_STILL = 1e-7  # added to the variance: silence stays silence


def log_mel(sound: Samples) -> npt.NDArray[np.float32]:
    """The features of a stretch of sound.

    Args:
        sound: mono, 16 kHz, shape ``(n,)``, more than `STEP` samples.

    Returns:
        Shape ``(80, n // 160)``.
    """
    sound = sound.astype(np.float32)
    even = (sound - sound.mean()) / np.sqrt(sound.var() + _STILL)
    around = np.pad(even.astype(np.float64), _WINDOW // 2, mode="reflect")
    pieces = np.lib.stride_tricks.sliding_window_view(around, _WINDOW)[::STEP][: len(sound) // STEP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)
    power = np.abs(np.fft.rfft(pieces * hann)) ** 2
    loud = np.log10(np.maximum(power @ _bands(), _LEAST)).T
    features: npt.NDArray[np.float32] = ((np.maximum(loud, loud.max() - _RANGE) + 4) / 4).astype(np.float32)
    return features


@lru_cache(maxsize=1)
def _bands() -> npt.NDArray[np.float64]:
    """How much of each of the spectrum's bins belongs to each band: triangles of area 1, ``(201, 80)``."""
    top = _mel(RATE / 2)
    edges = _hertz(np.linspace(0, top, BANDS + 2))
    bins = np.linspace(0, RATE / 2, _WINDOW // 2 + 1)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rise, fall = (bins - low) / (middle - low), (high - bins) / (high - middle)
    shares: npt.NDArray[np.float64] = np.maximum(0, np.minimum(rise, fall)) * 2 / (high - low)
    return shares


# Slaney's scale: a mel is 200 / 3 Hz up to 1000 Hz, and above that 27 mels are a factor of 6.4.
_KNEE, _WIDE, _STEPS = 15.0, 200 / 3, 27.0


def _mel(hertz: float) -> float:
    return float(_KNEE + _STEPS * np.log(hertz / (_KNEE * _WIDE)) / np.log(6.4))


def _hertz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mel < _KNEE, mel * _WIDE, _KNEE * _WIDE * 6.4 ** ((mel - _KNEE) / _STEPS))
