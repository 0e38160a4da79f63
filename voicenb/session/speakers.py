"""Speakers without a browser: they play at real time, by their loop's clock, and note what was heard."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicenb.session.microphone import RATE
from voicenb.session.speaker import Ducked, Heard, Note

if TYPE_CHECKING:
    from voicenb.audio.pcm import Samples

BUFFER = 0.1
"""Seconds that a speaker waits behind the first chunk of a reply, so that late chunks leave no holes."""


@dataclass(slots=True)
class Stretch:
    """Sound of one reply that is played without a hole.

    Attributes:
        reply_id: the reply.
        start: its first sample, counted in the reply.
        at: when that is heard, in seconds of the loop.
        pcm: the samples; empty where the speaker keeps none.
        samples: their number.
        more: whether sound may follow without a hole (the reply is not done).
    """

    reply_id: str
    start: int
    at: float
    pcm: bytearray
    samples: int = 0
    more: bool = True

    @property
    def end(self) -> float:
        """When its last sample has been heard."""
        return self.at + self.samples / RATE


class Muted:
    """Plays to nobody: the conversation takes its time, and the sound is gone.

    Args:
        buffer: seconds to wait behind the first chunk of a stretch.
    """

    label = "muted"
    keeps = False

    def __init__(self, buffer: float = BUFFER) -> None:
        self._buffer = buffer
        self._note: Note | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queue: list[Stretch] = []
        self._timer: asyncio.TimerHandle | None = None
        self._places: dict[str, int] = {}  # samples taken of each reply
        self._gains: list[tuple[float, float]] = []  # since when, in the loop's seconds, and which

    @property
    def audible(self) -> bool:
        """Whether there is sound left to play."""
        return self._loop is not None and any(s.end > self._loop.time() for s in self._queue)

    def open(self, note: Note) -> None:
        """Begin, on the running loop."""
        self._note, self._loop = note, asyncio.get_running_loop()

    def play(self, reply_id: str, pcm: bytes) -> None:
        """Queue sound of a reply: PCM16 mono at 24 kHz."""
        assert self._loop is not None, "open() comes first"
        samples = len(pcm) // 2
        if not samples:
            return
        start = self._places.get(reply_id, 0)
        self._places[reply_id] = start + samples
        stretch = self._stretch(reply_id, start, self._loop.time())
        stretch.samples += samples
        if self.keeps:
            stretch.pcm += pcm
        self._set_timer()

    def _stretch(self, reply_id: str, start: int, now: float) -> Stretch:
        """The stretch that this sound continues, or a new one."""
        last = self._queue[-1] if self._queue else None
        if last is not None and last.reply_id == reply_id and last.end >= now:
            return last
        begins = max(now + self._buffer, last.end if last is not None else 0.0)
        stretch = Stretch(reply_id, start, begins, bytearray())
        self._queue.append(stretch)
        return stretch

    def done(self, reply_id: str) -> None:
        """No more sound of that reply follows."""
        del reply_id

    def flush(self) -> None:
        """Fall silent at once; what was heard until now is noted before this returns."""
        if self._loop is None:
            return
        now = self._loop.time()
        queue, self._queue = self._queue, []
        self._set_timer()
        for stretch in queue:
            heard = min(stretch.samples, max(0, round((now - stretch.at) * RATE)))
            self._tell(stretch, heard)

    def duck(self, gain: float) -> None:
        """Play with this gain from now on."""
        assert self._loop is not None, "open() comes first"
        now = self._loop.time()
        self._gains.append((now, gain))
        if self._note is not None:
            self._note(Ducked(gain, now))

    def close(self) -> None:
        """End; notes what was heard last."""
        self.flush()
        self._note = None

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._queue:
            assert self._loop is not None
            self._timer = self._loop.call_at(self._queue[0].end, self._played)

    def _played(self) -> None:
        assert self._loop is not None
        self._timer = None
        while self._queue and self._queue[0].end <= self._loop.time():
            stretch = self._queue.pop(0)
            self._tell(stretch, stretch.samples)
        self._set_timer()

    def _tell(self, stretch: Stretch, heard: int) -> None:
        if heard <= 0:
            return
        self._keep(stretch, heard)
        if self._note is not None:
            self._note(Heard(stretch.reply_id, stretch.start, stretch.start + heard, stretch.at))

    def _keep(self, stretch: Stretch, heard: int) -> None:
        """What a speaker that keeps its sound does with what was heard."""


class Captured(Muted):
    """Keeps what was heard, with its place in time.

    Attributes:
        stretches: what was heard, in order; each without a hole.
    """

    label = "captured"
    keeps = True

    def __init__(self, buffer: float = BUFFER) -> None:
        super().__init__(buffer)
        self.stretches: list[Stretch] = []
        self._opened_at = 0.0

    def open(self, note: Note) -> None:
        """Begin, on the running loop."""
        super().open(note)
        assert self._loop is not None
        self._opened_at = self._loop.time()

    def _keep(self, stretch: Stretch, heard: int) -> None:
        del stretch.pcm[2 * heard :]
        stretch.samples = heard
        if self._gains:
            self._make_quieter(stretch)
        self.stretches.append(stretch)

    def _make_quieter(self, stretch: Stretch) -> None:
        """Give a stretch the gains with which it was heard."""
        import numpy as np

        from voicenb.recording.loudness import Loudness

        changes = ((since - stretch.at, gain) for since, gain in self._gains)
        samples = np.frombuffer(bytes(stretch.pcm), "<i2")
        stretch.pcm[:] = Loudness(changes).over(samples, 0).astype("<i2").tobytes()

    def __iter__(self) -> Iterator[tuple[float, Samples]]:
        """What was heard: seconds since the speaker was opened, and the samples, -1…1."""
        from voicenb.audio.pcm import to_float

        for stretch in self.stretches:
            yield stretch.at - self._opened_at, to_float(bytes(stretch.pcm))

    def heard(self) -> Samples:
        """What was heard on one track at 24 kHz, shape ``(n,)``; sample 0 is when the speaker was opened."""
        import numpy as np

        places = [(round(at * RATE), samples) for at, samples in self]
        track = np.zeros(max((place + len(samples) for place, samples in places), default=0), np.float32)
        for place, samples in places:
            track[place : place + len(samples)] = samples
        return track
