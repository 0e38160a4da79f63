"""What a replayed caller listens with: a speaker that knows when the agent's voice is heard."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from voicenb.analysis.voiced import STEP
from voicenb.audio.level import AUDIBLE, levels
from voicenb.audio.pcm import to_float
from voicenb.session.microphone import RATE
from voicenb.session.speakers import Muted


class Ear(Muted):
    """Plays to nobody, and knows of each reply when its first and its last audible sample are heard.

    Audible is what the analysis calls so: a window of 10 ms from -50 dBFS on. Times are the loop's seconds;
    what is queued is known before it is heard.
    """

    def __init__(self) -> None:
        super().__init__()
        self._voices: dict[str, _Voice] = {}

    def play(self, reply_id: str, pcm: bytes) -> None:
        """Queue sound of a reply: PCM16 mono at 24 kHz."""
        super().play(reply_id, pcm)
        if len(pcm) < 2:
            return
        stretch = self._queue[-1]
        self._voices.setdefault(reply_id, _Voice()).take(pcm, stretch.start, stretch.at)

    def flush(self) -> None:
        """Fall silent at once."""
        if self._loop is not None:
            for stretch in self._queue:
                self._voices[stretch.reply_id].cut = self._loop.time()
        super().flush()

    def begun(self, reply_id: str) -> float | None:
        """When the first audible sample of a reply is heard; None where there is none so far."""
        voice = self._voices.get(reply_id)
        return None if voice is None else voice.begun

    def ended(self, reply_id: str) -> float | None:
        """When its last one so far has been heard; None where there is none so far."""
        voice = self._voices.get(reply_id)
        return None if voice is None else voice.ended

    def at(self, reply_id: str, sample: int) -> float | None:
        """When a sample of a reply is heard, audible or not; None where it has not come, or was cut off."""
        voice = self._voices.get(reply_id)
        return None if voice is None else voice.at(sample)

    @property
    def last(self) -> float | None:
        """When the agent's voice has been heard last, or will have been; None where it has not."""
        return max((end for voice in self._voices.values() if (end := voice.ended) is not None), default=None)


class _Voice:
    """One reply."""

    def __init__(self) -> None:
        self.cut = float("inf")
        self._samples = 0
        self._rest = b""
        self._first: int | None = None
        self._last = 0
        self._starts: list[int] = []  # of its stretches: the first sample of each, and when it is heard
        self._at: list[float] = []

    def take(self, pcm: bytes, start: int, at: float) -> None:
        if not self._starts or self._starts[-1] != start:
            self._starts.append(start)
            self._at.append(at)
        sound = self._rest + pcm[: len(pcm) & ~1]
        whole = len(sound) // (2 * STEP) * 2 * STEP
        loud = np.flatnonzero(levels(to_float(sound[:whole]), RATE, STEP / RATE) >= AUDIBLE)
        if len(loud):
            self._last = self._samples + (int(loud[-1]) + 1) * STEP
            if self._first is None:
                self._first = self._samples + int(loud[0]) * STEP
        self._samples += whole // 2
        self._rest = sound[whole:]

    @property
    def begun(self) -> float | None:
        at = None if self._first is None else self._heard(self._first)
        return None if at is None or at >= self.cut else at

    @property
    def ended(self) -> float | None:
        return None if self.begun is None else min(self.cut, self._heard(self._last - 1) + 1 / RATE)

    def at(self, sample: int) -> float | None:
        at = self._heard(sample) if sample < self._samples + len(self._rest) // 2 else None
        return None if at is None or at >= self.cut else at

    def _heard(self, sample: int) -> float:
        stretch = max(0, bisect_right(self._starts, sample) - 1)
        return self._at[stretch] + (sample - self._starts[stretch]) / RATE
