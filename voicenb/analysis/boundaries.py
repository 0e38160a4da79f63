"""Where speech begins and ends in a track, to 10 ms, from the sound alone.

Silero finds the speech (threshold 0.5, frames of 32 ms); each end is then moved, by a few frames at most, to
where the level leaves the noise around it. The service's events have no part in it. Against what was set by
hand in eleven clips of real speech, each cut at its labels: all within 0.02 s in silence and at 30 dB of
white noise, nine of ten at 20 dB (tests/analysis/test_boundaries.py). Left in their rooms, where an end sinks
into its echo, onsets are within 0.04 s and ends within 0.08 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voicenb.audio.level import FLOOR, levels
from voicenb.audio.pcm import to_float
from voicenb.progress import of_sound
from voicenb.turn_taking.detector import SpeechDetector
from voicenb.turn_taking.segmenter import Stretch, stretches

RATE = 24_000

THRESHOLD = 0.5
"""The speech probability from which a frame is speech."""

STEP = 0.01
"""Seconds: what a boundary is refined to."""

# In steps: how far to either side of Silero's a boundary is looked for, how long the noise behind is heard,
# and how long before an onset nothing is taken for noise: Silero hears a soft one late.
EARLIER, INSIDE, LATER, NEAR, BEFORE = 16, 12, 2, 30, 30

BLOCK = 30 * RATE
"""Samples that are looked at in one piece: an hour takes no more memory than a minute."""

SPREADS = 3.0
"""So often the noise's own spread (90th percentile over median, in dB) above it speech has begun, …"""

LEAST, MOST = 3.0, 8.0
"""… at least and at most so many dB: steady noise gives way to soft speech, a restless room does not."""

_QUIETEST = -65.0  # dBFS: what is below is no speech, however silent the room
_BELOW_PEAK = 32.0  # dB: speech that is so far below its loudest is a breath, or an echo


@dataclass(frozen=True, slots=True)
class Speech:
    """A stretch of speech, in seconds of the track it was found in.

    Attributes:
        start: its onset.
        end: where it is over.
    """

    start: float
    end: float


class Track(Protocol):
    """Samples, int16 at 24 kHz, of which slices can be had: an array, or one laid out when asked for."""

    def __len__(self) -> int:
        """How many."""
        ...

    def __getitem__(self, part: slice, /) -> npt.NDArray[np.int16]:
        """Some of them."""
        ...


def find_speech(track: Track, *, join: float = 0.0) -> list[Speech]:
    """All speech in a track.

    Args:
        track: int16 at 24 kHz, shape ``(n,)``; it is read in blocks of 30 s.
        join: seconds; a pause that is shorter does not part two stretches.

    Returns:
        In order; empty where nobody speaks.
    """
    detector, values, loud = SpeechDetector(), [], []
    with of_sound("Listening", len(track) / RATE) as progress:
        for at in range(0, len(track), BLOCK):
            samples = to_float(np.ascontiguousarray(track[at : at + BLOCK]).tobytes())
            values += [frame.probability for frame in detector.push_samples(samples)]
            loud.append(levels(samples, RATE, STEP))
            progress.step(len(samples) / RATE)
    values += [frame.probability for frame in detector.finish()]
    return refined(values, np.concatenate(loud) if loud else np.zeros(0), join=join)


def refined(
    probabilities: Sequence[float], loud: npt.NDArray[np.float64], *, join: float = 0.0
) -> list[Speech]:
    """All speech in a track of which it is known what :func:`find_speech` asks for.

    Args:
        probabilities: of speech, one for each frame of 32 ms.
        loud: levels in dBFS, one for each :data:`STEP`, shape ``(n,)``.
        join: seconds; a pause that is shorter does not part two stretches.
    """
    found = stretches(probabilities, THRESHOLD)
    noise = _noise(loud, found)
    return _joined([_refine(stretch, loud, noise) for stretch in found], join)


@dataclass(frozen=True, slots=True)
class _Noise:
    """What is heard where nobody speaks.

    Attributes:
        level: its median, in dBFS.
        margin: dB above that at which it is no noise.
    """

    level: float = FLOOR
    margin: float = MOST

    @classmethod
    def of(cls, loud: npt.NDArray[np.float64]) -> _Noise:
        """Of these levels; digital silence is no noise."""
        live = loud[loud > FLOOR]
        if len(live) < 3:
            return cls()
        middle = float(np.median(live))
        spread = float(np.percentile(live, 90)) - middle
        return cls(middle, min(MOST, max(LEAST, SPREADS * spread)))

    @property
    def ends(self) -> float:
        """The level from which on it is no noise."""
        return self.level + self.margin


def _refine(stretch: Stretch, loud: npt.NDArray[np.float64], noise: _Noise) -> Speech:
    begin, stop = _step(stretch.start), _step(stretch.end)
    least = max(_QUIETEST, float(loud[begin:stop].max(initial=FLOOR)) - _BELOW_PEAK)
    first = max(0, begin - EARLIER)
    above = np.flatnonzero(loud[first : begin + INSIDE] >= max(least, noise.ends))
    start = (first + int(above[0])) * STEP if len(above) else stretch.start
    # What lies just behind the end is the noise that the end sinks into: a room's echo is part of it.
    behind = _Noise.of(loud[stop + LATER : stop + LATER + NEAR])
    first = max(0, stop - INSIDE)
    above = np.flatnonzero(loud[first : stop + LATER] >= max(least, behind.ends))
    end = (first + int(above[-1]) + 1) * STEP if len(above) else stretch.end
    return Speech(start, max(start, end))


def _noise(loud: npt.NDArray[np.float64], found: Sequence[Stretch]) -> _Noise:
    """All that is not speech."""
    far = loud[_outside(len(loud), found, BEFORE)]
    if np.count_nonzero(far > FLOOR) >= NEAR:
        return _Noise.of(far)
    near = loud[_outside(len(loud), found, INSIDE)]  # in a clip that is cut short there is nothing else
    # In digital silence the little that is heard is the beginning of the speech itself.
    return _Noise.of(near) if np.count_nonzero(near > FLOOR) * 2 >= len(near) else _Noise()


def _outside(steps: int, found: Sequence[Stretch], before: int) -> npt.NDArray[np.bool_]:
    silent = np.ones(steps, bool)
    for stretch in found:
        silent[max(0, _step(stretch.start) - before) : _step(stretch.end) + INSIDE] = False
    return silent


def _joined(found: Sequence[Speech], join: float) -> list[Speech]:
    out: list[Speech] = []
    for speech in found:
        if out and speech.start - out[-1].end <= join:
            out[-1] = Speech(out[-1].start, max(out[-1].end, speech.end))
        else:
            out.append(speech)
    return out


def _step(seconds: float) -> int:
    return round(seconds / STEP)
