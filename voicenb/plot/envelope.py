"""The outline of a track: how far it reaches up and down, in as many columns as a picture has."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from voicenb.analysis.boundaries import Track


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
    for column, (begin, stop) in enumerate(pairwise(edges)):
        piece = track[int(begin) : int(min(stop, len(track)))] if begin < len(track) else None
        if piece is not None and len(piece):
            peaks[column] = np.abs(piece.astype(np.int32)).max() / 32768
    return peaks
