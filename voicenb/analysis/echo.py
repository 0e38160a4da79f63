"""Whether what the microphone hears is the agent's own voice, come back from a loudspeaker.

Both sounds are laid out in frames of 30 ms, 10 ms apart, and 16 bands from 200 to 4000 Hz, in dB. Compared
are the frames in which both are within 30 dB of their loudest. Of each of the two matrices the mean of every
band (the room, the loudspeaker, the volume) and of every frame (loud or soft: two voices that begin together
are alike in that) is taken away; what is left is what is said. *Likeness* is the correlation of the two, at
the delay of up to 0.3 s at which it is largest.

Where a sound check (``talk.check()``) measured a longer way, delays up to that are tried as well
(:func:`longest`); of an echo that comes later than what was searched nothing is known.

Of an echo of 0.7 s and more at -6 to -20 dB, with a room's reverberation, it is above 0.65; of another
person, or of the same synthetic voice with other words, below 0.6, mostly below 0.4. `ITSELF` lies between.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

RATE = 24_000

LONGEST = 0.3
"""Seconds that a voice may take from the loudspeaker to the microphone's track, unless a check tells more."""

ROOM = 0.05
"""Seconds behind the way that a sound check measured: what comes by way of the walls."""

AT_MOST = 1.0
"""Seconds that are searched in any case at most."""

ITSELF = 0.6
"""The likeness from which the caller is the agent's echo."""

LEAST = 0.25
"""Seconds in which both must be loud, else nothing can be said."""

Track = npt.NDArray[np.int16]
Bands = npt.NDArray[np.float64]

_STEP, _FRAME = RATE // 100, RATE * 3 // 100
_EDGES = np.geomspace(200, 4000, 17)
_LOUD, _DEEP = 30.0, 40.0  # dB below the loudest: what is compared, and where it is cut off
_NOTHING = 1e-7  # power below which there is silence


def longest(session: Mapping[str, Any]) -> float:
    """Seconds of delay within which an echo is looked for.

    Args:
        session: what ``session.json`` of the recording says; its ``calibration`` is of a sound check.

    Returns:
        `LONGEST`, or the way that was measured where that is longer.
    """
    told = session.get("calibration")
    known = told if isinstance(told, Mapping) else {}
    trip, doubt = known.get("round_trip"), known.get("round_trip_uncertainty")
    if not isinstance(trip, int | float):
        return LONGEST
    way = trip + (doubt if isinstance(doubt, int | float) else 0.0) + ROOM
    return float(min(max(LONGEST, way), AT_MOST))


def likeness(said: Track, heard: Track) -> float:
    """How much of what the microphone heard is the agent's voice.

    Args:
        said: the microphone, int16 at 24 kHz, shape ``(n,)``.
        heard: the agent's voice as it was heard; it ends with ``said`` and begins before it by
            as much as an echo may come late (:func:`longest`).

    Returns:
        From -1 to 1; 0 where there is too little to compare.
    """
    mine, voice = _bands(said), _bands(heard)
    best = 0.0
    for delay in range(len(voice) - len(mine) + 1):
        place = len(voice) - len(mine) - delay
        best = max(best, _alike(mine, voice[place : place + len(mine)]))
    return best


def _bands(track: Track) -> Bands:
    """The level of each band in each frame, in dB; shape ``(frames, 16)``."""
    samples = np.asarray(track, np.float64) / 32768
    if len(samples) < _FRAME:
        return np.zeros((0, len(_EDGES) - 1))
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_STEP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    pitch = np.fft.rfftfreq(_FRAME, 1 / RATE)
    edges = np.searchsorted(pitch, _EDGES)
    bands = np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1)
    return np.asarray(10 * np.log10(bands + _NOTHING))


def _alike(mine: Bands, voice: Bands) -> float:
    if not len(mine):
        return 0.0
    loud = _is_loud(mine) & _is_loud(voice)
    if np.count_nonzero(loud) < LEAST * RATE / _STEP:
        return 0.0
    a, b = _centred(mine[loud]), _centred(voice[loud])
    norm = float(np.sqrt(np.sum(a * a) * np.sum(b * b)))
    return float(np.sum(a * b)) / norm if norm > 0 else 0.0


def _is_loud(bands: Bands) -> npt.NDArray[np.bool_]:
    loudest = bands.max(axis=1)
    silence = 10 * np.log10(_NOTHING) + 3
    return np.asarray((loudest > loudest.max() - _LOUD) & (loudest > silence))


def _centred(bands: Bands) -> Bands:
    levels = np.maximum(bands, bands.max() - _DEEP)
    return np.asarray(levels - levels.mean(axis=0) - levels.mean(axis=1, keepdims=True) + levels.mean())
