"""How loud the agent was heard: its voice may have been made quieter for a while (``barge_in="duck"``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from voicenb.recording.events import Events
from voicenb.recording.layout import RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    Track = npt.NDArray[np.int16]

RAMP = 0.02
"""Seconds in which a voice gets from one gain to another, so that it does not click."""


class Loudness:
    """The gain with which a voice was heard, over time; 1 until the first change.

    Args:
        changes: since when, in seconds, and to which gain; by time.
    """

    def __init__(self, changes: Iterable[tuple[float, float]] = ()) -> None:
        self._times: list[float] = []
        self._gains: list[float] = []
        for since, gain in changes:
            before = float(np.interp(since, self._times, self._gains)) if self._times else 1.0
            if self._times and since < self._times[-1]:  # on its way to another one
                del self._times[-1], self._gains[-1]
            self._times += [since, since + RAMP]
            self._gains += [before, gain]

    @classmethod
    def of(cls, events: Events) -> Loudness:
        """As the events of a call tell it, on the engine's clock."""
        told = (event.get("msg") or {} for event in events.select("ducked", direction="local"))
        return cls(sorted((float(each["t"]), float(each["gain"])) for each in told if _is_whole(each)))

    def over(self, samples: Track, first: int) -> Track:
        """Samples as they were heard.

        Args:
            samples: int16 at 24 kHz, shape ``(n,)``.
            first: place of the first of them on the clock.
        """
        begin, end = first / RATE, (first + len(samples)) / RATE
        within = any(begin < time < end for time in self._times)
        if not self._times or (not within and np.interp(begin, self._times, self._gains) == 1):
            return samples
        gain = np.interp(begin + np.arange(len(samples)) / RATE, self._times, self._gains)
        return np.asarray(samples * gain, np.int16)


def _is_whole(note: Mapping[str, Any]) -> bool:
    return isinstance(note.get("t"), int | float) and isinstance(note.get("gain"), int | float)
