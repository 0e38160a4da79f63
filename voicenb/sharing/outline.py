"""The outline of a side's voice, as a page draws it at every zoom: one byte a column."""

from __future__ import annotations

import base64
import math

import numpy as np

from voicenb.analysis.boundaries import Track

RATE = 24_000

FINEST = 0.02
"""Seconds of a column; of calls that would have too many columns, more."""

MOST = 36_000
"""Columns: twelve minutes at the finest. A page makes coarser ones of them by itself."""

BLOCK = 30
"""Seconds that are looked at in one piece: an hour takes no more memory than a minute."""


def step(duration: float) -> float:
    """Seconds of a column in a call of ``duration`` seconds, in whole hundredths."""
    return max(FINEST, math.ceil(100 * duration / MOST) / 100)


def outline(track: Track, duration: float) -> str:
    """The largest magnitude in each column, in base64.

    Args:
        track: int16 at 24 kHz; what lies behind its end is silence.
        duration: seconds in all.

    Returns:
        A byte a column: 255 for the loudest of the side, 0 for silence, the square root between, so that
        soft speech is seen.
    """
    width = round(step(duration) * RATE)
    columns = math.ceil(duration * RATE / width)
    peaks = np.zeros(columns)
    at_once = max(1, BLOCK * RATE // width)
    for first in range(0, columns, at_once):
        count = min(at_once, columns - first)
        begin = first * width
        if begin >= len(track):
            break
        samples = np.zeros(count * width, np.int32)
        piece = track[begin : min(begin + count * width, len(track))]
        samples[: len(piece)] = piece
        peaks[first : first + count] = np.abs(samples).reshape(count, width).max(axis=1)
    loudest = float(peaks.max(initial=0.0))
    shares = np.sqrt(peaks / loudest) if loudest > 0 else peaks
    return base64.b64encode(np.round(255 * shares).astype(np.uint8).tobytes()).decode("ascii")
