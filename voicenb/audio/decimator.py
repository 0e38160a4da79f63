"""A stream at a lower rate, a whole part of its own: each chunk's share at once.

A resampler looks ahead and gives its samples in blocks; what a caller says must go out as it is said.
"""

from __future__ import annotations

import numpy as np

from voicenb.audio.pcm import Samples

_REACH = 12
"""Samples of the output that the filter looks to either side: at 8 kHz 1.5 ms."""


class Decimator:
    """Takes one sample of each few, without what the lower rate cannot carry.

    Positions do not shift: output sample ``n`` stands where input sample ``n * factor`` does, and comes out
    with input sample ``(n + 12) * factor``.

    Args:
        factor: of how many samples one stays.
    """

    def __init__(self, factor: int) -> None:
        reach = _REACH * factor
        places = np.arange(-reach, reach + 1)
        taps = np.sinc(places / factor) * np.hamming(2 * reach + 1)
        self._taps = (taps / taps.sum()).astype(np.float32)
        self._factor = factor
        # From where on the next output sample's surroundings begin: silence before the first sample.
        self._waiting = np.zeros(reach, np.float32)

    def push(self, samples: Samples) -> Samples:
        """Samples in, what can already be said of the output out."""
        known = np.concatenate([self._waiting, np.asarray(samples, dtype=np.float32)])
        count = max(0, (len(known) - len(self._taps)) // self._factor + 1)
        self._waiting = known[count * self._factor :]
        if not count:
            return np.zeros(0, np.float32)
        around = np.lib.stride_tricks.sliding_window_view(known, len(self._taps))
        result: Samples = around[: count * self._factor : self._factor] @ self._taps
        return result
