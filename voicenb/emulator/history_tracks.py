"""Both sides of a session's sound, gathered while it goes on and laid out in time afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from voicenb.audio import g711
from voicenb.audio.pcm import Samples, to_float
from voicenb.audio.resample import Resampler

RATE = 24_000
PIECE = 1.0
"""Seconds of a piece.

One of each side is gathered, and the one before waits, so that its end can still be cut off: 192 kB of memory
for both sides together.
"""

TOUCHING = 0.001
"""Seconds between two chunks that belong together."""

SLIP = 0.25
"""Seconds that a client's audio may come late before its track shows a gap."""

CAUGHT_UP = 12.0
"""Seconds that wait in memory at most while a client sends what it held back."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some sound of one side, as it was on the wire.

    Attributes:
        start: seconds from the session's beginning.
        encoding: e.g. ``"audio/pcm"``.
        data: the samples.
    """

    start: float
    encoding: str
    data: bytes

    @property
    def end(self) -> float:
        """Where it ends, in seconds."""
        return self.start + len(self.data) / bytes_per_second(self.encoding)


def bytes_per_second(encoding: str) -> int:
    """Of a track in that encoding."""
    return 2 * RATE if encoding == "audio/pcm" else 8_000


class Track:
    """One side while it goes on.

    Args:
        keep: is handed each piece.
    """

    def __init__(self, keep: Callable[[Piece], None]) -> None:
        self._keep = keep
        self._start = 0.0
        self._encoding = "audio/pcm"
        self._data = bytearray()
        self._waiting: Piece | None = None  # the piece before
        self._most = PIECE
        self._floor = 0.0  # where what was handed on ends
        self._since = 0.0  # when the first sound after a gap came
        self.end = 0.0

    def add(self, start: float, encoding: str, data: bytes) -> None:
        """Sound from ``start`` on, in seconds."""
        rate = bytes_per_second(encoding)
        if (
            abs(start - self.end) > TOUCHING
            or encoding != self._encoding
            or len(self._data) >= self._most * rate
        ):
            if abs(start - self.end) <= TOUCHING:
                start = self.end
            self._turn()
            self._start, self._encoding = start, encoding
        self._data += data
        self.end = self._start + len(self._data) / rate

    def arrive(self, now: float, encoding: str, data: bytes) -> None:
        """Sound that has come just now: it follows what came before unless that is too long ago.

        Where a client sends faster than it speaks after a gap, it has held that back: it was said in the gap.
        """
        start = now - len(data) / bytes_per_second(encoding)
        gap = start - self.end > SLIP
        if gap:
            self._turn()
            self._since = now
        waits = self._start > self._floor and now - self._since < PIECE
        self._most = CAUGHT_UP if waits else PIECE
        self.add(start if gap else self.end, encoding, data)
        ahead, gap_left = self.end - now, self._start - self._floor
        if ahead > 0 and gap_left > 0:
            back = gap_left if gap_left - ahead <= SLIP else ahead
            self._start -= back
            self.end -= back

    def cut(self, end: float) -> None:
        """What was to be heard from ``end`` on is not, as far as it has not been handed on."""
        if self._data:
            del self._data[_bytes(end - self._start, self._encoding) :]
        if self._waiting is not None:
            before = self._waiting
            kept = before.data[: _bytes(end - before.start, before.encoding)]
            self._waiting = Piece(before.start, before.encoding, kept)
            self.end = self._waiting.end
        if self._data:
            self.end = self._start + len(self._data) / bytes_per_second(self._encoding)

    def _turn(self) -> None:
        """The piece at hand is whole, and waits; the one that has waited is handed on."""
        if not self._data:
            return
        if self._waiting is not None and self._waiting.data:
            self._keep(self._waiting)
        self._waiting = Piece(self._start, self._encoding, bytes(self._data))
        self._data.clear()
        self._floor = self.end

    def flush(self) -> None:
        """Hand on what is there."""
        self._turn()
        if self._waiting is not None and self._waiting.data:
            self._keep(self._waiting)
        self._waiting = None


def _bytes(seconds: float, encoding: str) -> int:
    """Of so much sound: whole samples, none where it is less than nothing."""
    width = 2 if encoding == "audio/pcm" else 1
    return max(0, round(seconds * bytes_per_second(encoding) / width)) * width


def side_by_side(left: Iterable[Piece], right: Iterable[Piece], seconds: float) -> Iterator[Samples]:
    """Both sides in stereo at 24 kHz, second by second, at least ``seconds`` long."""
    sides = [_seconds(_laid_out(pieces)) for pieces in (left, right)]
    wanted = round(seconds * RATE)
    while True:
        pair = [next(side, None) for side in sides]
        if wanted <= 0 and all(chunk is None for chunk in pair):
            return
        chunks = [np.zeros(0, np.float32) if chunk is None else chunk for chunk in pair]
        length = max(min(wanted, RATE), *(len(chunk) for chunk in chunks))
        wanted -= length
        yield np.stack([np.pad(chunk, (0, length - len(chunk))) for chunk in chunks], axis=1)


def _laid_out(pieces: Iterable[Piece]) -> Iterator[Samples]:
    """The samples of one side from the beginning on, silence where nothing was said.

    Where a piece begins before the one ahead of it is over, the rest of that one stays (it was sent), and so
    much of the new one is left out.
    """
    at = 0  # samples
    run: Resampler | None = None
    encoding = ""
    for piece in pieces:
        first = round(piece.start * RATE)
        if abs(first - at) <= 2:  # seconds as floats
            first = at
        if run is not None and (first > at or piece.encoding != encoding):
            yield run.finish()
            run = None
        while first > at:
            silence = min(first - at, RATE)
            yield np.zeros(silence, np.float32)
            at += silence
        encoding = piece.encoding
        samples, rate = _decoded(piece)
        samples = samples[(at - first) * rate // RATE :]
        at += len(samples) * RATE // rate
        if rate == RATE:
            yield samples
        else:
            run = run or Resampler(rate, RATE)
            yield run.push(samples)
    if run is not None:
        yield run.finish()


def _decoded(piece: Piece) -> tuple[Samples, int]:
    if piece.encoding == "audio/pcm":
        return to_float(piece.data), RATE
    decode = g711.decode_ulaw if piece.encoding == "audio/pcmu" else g711.decode_alaw
    return decode(piece.data), 8_000


def _seconds(chunks: Iterator[Samples]) -> Iterator[Samples]:
    """The same samples, a second at a time."""
    waiting: list[Samples] = []
    count = 0
    for chunk in chunks:
        waiting.append(chunk)
        count += len(chunk)
        while count >= RATE:
            joined = np.concatenate(waiting)
            yield joined[:RATE]
            waiting = [joined[RATE:]]
            count -= RATE
    if count:
        yield np.concatenate(waiting)
