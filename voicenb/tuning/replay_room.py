"""The room behind a recorded caller: what fills the waits that another agent makes longer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from voicenb.analysis.overlap import Span
from voicenb.recording.alignment import LaidOut
from voicenb.recording.layout import RATE

Track = npt.NDArray[np.int16]

SEAM = 240
"""Samples (10 ms) over which one sound becomes another, so that nothing clicks."""

LEAST, MOST = 0.2, 10.0
"""Seconds of room that a stretch must have to be taken, and that are taken in all."""

BESIDE = 0.25
"""Seconds around speech, of either side, that are not taken: breath, and what a loudspeaker leaves."""


class RoomSound:
    """The sound of a room without end: the silent stretches of a track, one behind the other.

    Where there is none, or the track is digitally silent there, it is silence.

    Args:
        sound: to go round, int16, shape ``(n,)``.
    """

    def __init__(self, sound: Track) -> None:
        self._loop = sound if len(sound) > 2 * SEAM and sound.any() else np.zeros(0, np.int16)
        self._at = 0

    @property
    def seconds(self) -> float:
        """How much of it there is; 0 where it is silence."""
        return len(self._loop) / RATE

    def take(self, samples: int) -> Track:
        """The next samples of it."""
        if not len(self._loop):
            return np.zeros(samples, np.int16)
        places = (self._at + np.arange(samples)) % len(self._loop)
        self._at = (self._at + samples) % len(self._loop)
        return self._loop[places]


def room_of(track: LaidOut, spans: Sequence[Span], begin: int) -> RoomSound:
    """The room in a caller's track, from where neither side is heard.

    Args:
        track: on the engine's clock.
        spans: when somebody is heard, in seconds of that clock.
        begin: the first sample that was captured.
    """
    found: list[Track] = []
    wanted = round(MOST * RATE)
    for low, high in _between(spans, begin, len(track)):
        if high - low < LEAST * RATE or wanted <= 0:
            continue
        part = track[low : min(high, low + wanted)]
        found.append(part)
        wanted -= len(part)
    return RoomSound(_round(found))


def _between(spans: Sequence[Span], begin: int, end: int) -> list[tuple[int, int]]:
    free: list[tuple[int, int]] = []
    at = begin
    for span in sorted(spans, key=lambda each: each.start):
        low, high = round((span.start - BESIDE) * RATE), round((span.end + BESIDE) * RATE)
        if low > at:
            free.append((at, low))
        at = max(at, high)
    if end > at:
        free.append((at, end))
    return sorted(free, key=lambda each: each[0] - each[1])  # the longest first


def _round(parts: Sequence[Track]) -> Track:
    """Parts in a ring, each faded into the next and the last into the first."""
    whole = np.zeros(0, np.int16)
    for part in parts:
        whole = part.copy() if not len(whole) else joined(whole, part)
    if len(whole) <= 2 * SEAM:
        return whole
    ring = whole[:-SEAM].copy()
    ring[:SEAM] = faded(whole[-SEAM:], whole[:SEAM])
    return ring


def joined(before: Track, after: Track) -> Track:
    """Two sounds, the one faded into the other; shorter than both by the seam."""
    seam = faded(before[-SEAM:], after[:SEAM])
    return np.concatenate([before[:-SEAM], seam, after[SEAM:]])


def faded(before: Track, after: Track) -> Track:
    """One sound becoming another of the same length; where both are the same, it is that."""
    ramp = (np.arange(len(before)) + 1) / (len(before) + 1)
    mixed = before + (after.astype(np.float64) - before) * ramp
    return np.round(mixed).astype(np.int16)
