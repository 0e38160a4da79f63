"""The way of sound from the loudspeaker back into the microphone: how late it comes, and how loud.

Each sound that was played is taken out of what the microphone heard: divided by the sound's spectrum, that is
the answer of the room to a single click. The earliest strong arrival in it says how long the way is, and the
power of its first 60 ms, less what the room's noise has in so long a time, how much comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE = 24_000

EARLIEST, LATEST = -0.05, 0.45
"""Seconds from a sound's place to its arrival; less than nothing where clocks are off."""

STANDS_OUT = 5.0
"""So often above the noise (root mean square) an arrival is one: by chance once in 10^10 places."""

ALIKE = 0.003
"""Seconds by which the arrivals of different sounds may differ and be the same way."""

FEWEST = 3
"""Sounds that must have come the same way, else nothing is said."""

FAINTEST = -90.0
"""dB: nothing is called fainter, however silent the room."""

_FIRST, _BEFORE, _AFTER = 0.6, 0.002, 0.06
_BAND = 0.02  # of the strongest frequency's power: what is weaker says nothing

Sound = npt.NDArray[np.float32]
_Answer = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EchoPath:
    """What came back.

    Attributes:
        sounds: how many were played.
        found: how many of them came back on the same way.
        delay: seconds from a sound's place on the clock to its arrival in the microphone's track, the median;
            None where fewer than `FEWEST` were found.
        spread: seconds by which the arrivals differ from that at most.
        level: dB of what came back against what was played, both of full scale, in the sound's band; None
            where nothing was found.
        below: dB that what came back is certainly below, where nothing was found; else None.
    """

    sounds: int
    found: int
    delay: float | None
    spread: float | None
    level: float | None
    below: float | None


def find(played: Sequence[tuple[int, Sound]], said: Sound, quiet: Sound) -> EchoPath:
    """Look for sounds in a track.

    Args:
        played: each sound, and the sample of ``said`` at which it would be without any delay. There is
            silence of `LATEST` behind each.
        said: what the microphone heard, -1…1 at 24 kHz, shape ``(n,)``.
        quiet: what it heard while nothing was played; at least half a second.
    """
    arrivals: list[tuple[float, float]] = []  # seconds, power
    limits: list[float] = []
    for place, sound in played:
        window = _cut(said, place + round(EARLIEST * RATE), round((LATEST - EARLIEST) * RATE) + len(sound))
        noise = _noise(quiet, sound, len(window))
        answer = _answer(window, sound)
        limits.append(STANDS_OUT * noise)
        strong = float(answer.max())
        if strong <= STANDS_OUT * noise or strong == 0:
            continue
        first = _first_peak(answer, max(_FIRST * strong, STANDS_OUT * noise))
        gate = slice(max(0, first - round(_BEFORE * RATE)), first + round(_AFTER * RATE))
        count = len(answer[gate])
        power = float(np.sum(answer[gate] ** 2)) - count * noise**2
        arrivals.append((EARLIEST + first / RATE, max(power, strong**2) * _scale(sound, len(window))))
    same = _same(arrivals)
    if len(same) < FEWEST:
        below = max(FAINTEST, 20 * float(np.log10(max(limits, default=1.0) + 1e-9)))
        return EchoPath(len(played), len(same), None, None, None, below)
    delays = np.array([delay for delay, _ in same])
    delay = float(np.median(delays))
    level = 10 * float(np.log10(sum(power for _, power in same) / len(played)))
    spread = float(np.abs(delays - delay).max())
    return EchoPath(len(played), len(same), delay, spread, max(FAINTEST, level), None)


def _answer(window: Sound, sound: Sound) -> _Answer:
    """The room's answer to a click, its outline: 1 at the delay of the sound itself, unchanged."""
    count, mask, spectrum = _band(sound, len(window))
    heard = np.fft.fft(window, count)
    answer = np.zeros(count, complex)
    answer[mask] = heard[mask] / spectrum[mask]
    outline = np.abs(np.fft.ifft(answer)) * (count / np.count_nonzero(mask))
    return np.asarray(outline[: len(window) - len(sound) + 1])


def _band(sound: Sound, length: int) -> tuple[int, npt.NDArray[np.bool_], npt.NDArray[np.complex128]]:
    """Points of the transform, which of them the sound has something in (above 0 Hz), and its spectrum."""
    count = 1 << (length - 1).bit_length()
    spectrum = np.fft.fft(sound, count)
    power = np.abs(spectrum) ** 2
    mask = power > _BAND * power.max()
    mask[count // 2 :] = False
    return count, mask, spectrum


def _scale(sound: Sound, length: int) -> float:
    """From the sum of an outline's squares to a share of power: that of the sound itself becomes 1."""
    count, mask, _ = _band(sound, length)
    return float(np.count_nonzero(mask)) / count


def _noise(quiet: Sound, sound: Sound, length: int) -> float:
    """Root mean square of the outline where nothing was played."""
    whole = quiet[: len(quiet) // 2 * 2]
    pieces = [whole[at : at + length] for at in range(0, max(1, len(whole) - length + 1), length)]
    answers = [_answer(_cut(piece, 0, length), sound) for piece in pieces]
    power = float(np.mean([np.mean(answer**2) for answer in answers]))
    return float(np.sqrt(power * length / max(1, min(length, len(whole)))))


def _cut(samples: Sound, start: int, count: int) -> Sound:
    """A stretch of a track, with silence where it has none."""
    cut = np.zeros(count, np.float32)
    low, high = max(0, start), min(len(samples), start + count)
    if low < high:
        cut[low - start : high - start] = samples[low:high]
    return cut


def _first_peak(answer: _Answer, least: float) -> int:
    """Where the outline first has a peak of so much."""
    at = int(np.argmax(answer >= least))
    while at + 1 < len(answer) and answer[at + 1] > answer[at]:
        at += 1
    return at


def _same(arrivals: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The most arrivals that are within `ALIKE` of one of them."""
    groups = [[each for each in arrivals if abs(each[0] - mid[0]) <= ALIKE] for mid in arrivals]
    return max(groups, key=len, default=[])
