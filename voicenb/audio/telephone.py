"""A telephone line: 300 to 3400 Hz, in G.711's µ-law, as a stream at 24 kHz."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicenb.audio.g711 import decode_ulaw, encode_ulaw
from voicenb.audio.pcm import RATE, Samples

LOW, HIGH = 300, 3400
"""Hertz between which a telephone carries sound."""

_EVERY = RATE // 8000
_BAND, _SMOOTH = 361, 121  # taps; odd, so that a filter is late by a whole number of samples


class Telephone:
    """One end of a line: sound in, what arrives at the other end out, as many samples of it.

    Attributes:
        delay: samples by which what comes out is late; every frequency by as much.
    """

    delay = (_BAND - 1) // 2 + (_SMOOTH - 1) // 2

    def __init__(self) -> None:
        low, high = _low_pass(LOW, _BAND), _low_pass(HIGH, _BAND)
        self._band = _Filter(high - low)
        self._smooth = _Filter(_low_pass(4000, _SMOOTH) * _EVERY)
        self._at = 0

    def push(self, samples: Samples) -> Samples:
        """The next samples as they arrive; shape as given, -1…1."""
        banded = self._band.push(samples)
        coded = np.zeros(len(banded), np.float32)
        first = -self._at % _EVERY
        coded[first::_EVERY] = decode_ulaw(encode_ulaw(banded[first::_EVERY]))
        self._at += len(banded)
        return self._smooth.push(coded)


class _Filter:
    def __init__(self, taps: npt.NDArray[np.float64]) -> None:
        self._taps = taps
        self._before = np.zeros(len(taps) - 1)

    def push(self, samples: Samples) -> Samples:
        both = np.concatenate([self._before, samples])
        self._before = both[len(samples) :]
        filtered: Samples = np.convolve(both, self._taps, "valid").astype(np.float32)
        return filtered


def _low_pass(hertz: float, taps: int) -> npt.NDArray[np.float64]:
    """A windowed sinc; passes a constant as it is."""
    at = np.arange(taps) - (taps - 1) / 2
    shape = np.sinc(2 * hertz / RATE * at) * np.hamming(taps)
    unit: npt.NDArray[np.float64] = shape / shape.sum()
    return unit
