"""The outline of a track: how far it reaches up and down, in as many columns as a picture has."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicenb.analysis.boundaries import Track

BLOCK = 30 * 24_000
"""Samples that are read at once, about."""


def envelope(track: Track, columns: int, length: int) -> npt.NDArray[np.float64]:
    """The largest magnitude in each of ``columns`` equal parts of ``length`` samples.

    Args:
        track: int16; what lies behind its end is silence.
        columns: how many parts.
        length: samples in all.

    Returns:
        Shape ``(columns,)``, 0…1.
    """
    edges = np.linspace(0, length, columns + 1).astype(int)
    peaks = np.zeros(columns)
    # Laying a slice out costs time for each piece of the track: many columns are read at once.
    step = max(1, int(BLOCK * columns / max(1, length)))
    for first in range(0, columns, step):
        inside = edges[first : first + step + 1]
        begin, stop = int(inside[0]), int(min(inside[-1], len(track)))
        if begin >= stop:
            break
        loud = np.abs(track[begin:stop].astype(np.int32))
        filled = np.flatnonzero((inside[:-1] < stop) & (inside[:-1] < inside[1:]))
        peaks[first + filled] = np.maximum.reduceat(loud, inside[filled] - begin) / 32768
    return peaks
