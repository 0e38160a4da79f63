"""What a scripted caller hears the agent with: a speaker that tells what is heard at any moment."""

from __future__ import annotations

import numpy as np

from voicenb.audio.pcm import Samples, to_float
from voicenb.recording.loudness import Loudness
from voicenb.session.microphone import RATE
from voicenb.session.speaker import Note
from voicenb.session.speakers import Stretch
from voicenb.tuning.replay_ear import Ear

KEPT = 3.0
"""Seconds for which what was heard is kept: no echo comes later."""


class CallerEar(Ear):
    """Plays to the caller, and to nobody else. New in each session.

    Args:
        keeps: whether the sound itself will be asked for.
    """

    def __init__(self, *, keeps: bool = False) -> None:
        super().__init__()
        self.keeps = keeps
        self._heard: list[Stretch] = []

    @property
    def hears(self) -> bool:
        """Whether there is a session whose agent it hears."""
        return self._note is not None

    def open(self, note: Note) -> None:
        """Begin, on the running loop; what was heard before is forgotten."""
        super().__init__()
        self._heard = []
        super().open(note)

    def between(self, start: float, stop: float) -> Samples:
        """What was heard from one moment to another, in seconds of the loop; shape ``(round(…),)``, -1…1."""
        assert self.keeps, "asked for a sound that was not kept"
        sound = np.zeros(round((stop - start) * RATE), np.float32)
        for stretch in (*self._heard, *self._queue):
            first = round((stretch.at - start) * RATE)
            low, high = max(0, first), min(len(sound), first + stretch.samples)
            if low < high:
                pcm = bytes(stretch.pcm[2 * (low - first) : 2 * (high - first)])
                loud = Loudness([(since - stretch.at, gain) for since, gain in self._gains])
                sound[low:high] = to_float(loud.over(np.frombuffer(pcm, "<i2"), low - first).tobytes())
        return sound

    def _keep(self, stretch: Stretch, heard: int) -> None:
        if not self.keeps:
            return
        assert self._loop is not None
        stretch.samples = heard
        now = self._loop.time()
        self._heard = [each for each in self._heard if each.end > now - KEPT]
        self._heard.append(stretch)
