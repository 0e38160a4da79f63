"""Tracks on the engine's clock: when each sample was said, and when it was heard.

The tracks themselves know no gaps: a microphone that was off for a minute leaves none in ``caller.wav``, and
``agent.wav`` is as long as what was received, however little of it was heard. Here they are laid out in time,
sample 0 at the engine's second 0. The files are never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from voicenb.protocol.events import HeardNote, read_event
from voicenb.recording.layout import RATE, JSONObject

if TYPE_CHECKING:
    import numpy.typing as npt

    Track = npt.NDArray[np.int16]

BLOCK = 10.0
"""Seconds of the caller's track that are laid out in one piece."""

DRIFT = 0.002
"""Seconds that a block may be off its place before it is moved: moving it makes a seam."""

Piece = tuple[int, int, int]
"""Samples of a track and their place in time: (first in the track, how many, first on the clock)."""


def caller_pieces(events: Iterable[JSONObject]) -> list[Piece]:
    """Where the caller's samples belong on the engine's clock.

    A frame goes out when its last sample has been said, or a little later, never sooner. So of all frames of
    a block the one that was least late says where the block belongs.
    """
    blocks: list[list[float]] = []  # first sample, samples, latest possible start of sample 0 in seconds
    for event in events:
        if event["type"] != "input.audio" or event["dir"] != "out" or "start" not in event:
            continue
        start, samples = int(event["start"]), int(event.get("samples") or 0)
        offset = float(event["t"]) - (start + samples) / RATE
        last = blocks[-1] if blocks else None
        gap = last is not None and offset - last[2] > 1.0  # the microphone was off
        if last is None or gap or last[1] >= BLOCK * RATE:
            blocks.append([start, samples, offset])
        else:
            last[1] = start + samples - last[0]
            last[2] = min(last[2], offset)
    pieces: list[Piece] = []
    shift = 0
    for begin, count, offset in blocks:
        wanted = round(offset * RATE)
        if not pieces or abs(wanted - shift) > DRIFT * RATE:
            shift = wanted
        pieces.append((int(begin), int(count), int(begin) + shift))
    return pieces


def heard_pieces(
    events: Iterable[JSONObject], sound: Mapping[str, list[tuple[int, int, int]]]
) -> list[Piece]:
    """Where the agent's samples were heard, from the heard notes.

    Args:
        events: all events.
        sound: by reply, runs of (first sample in the reply, first in the track, how many).
    """
    pieces: list[Piece] = []
    for event in events:
        if event["type"] != "heard" or event["dir"] != "local":
            continue
        note = read_event(event)
        if not isinstance(note, HeardNote):
            continue
        on_clock = round(note.at * RATE)
        for first, place, count in sound.get(note.reply_id, ()):
            begin, end = max(first, note.start), min(first + count, note.stop)
            if begin < end:
                pieces.append((place + begin - first, end - begin, on_clock + begin - note.start))
    return pieces


def lay_out(track: Track, pieces: Iterable[Piece], length: int | None = None) -> Track:
    """The samples at their places, silence between; int16, shape ``(length,)`` or as long as it takes."""
    laid = list(pieces)
    if length is None:
        length = max((on_clock + count for _, count, on_clock in laid), default=0)
    out = np.zeros(max(0, length), np.int16)
    for first, count, on_clock in laid:
        if on_clock < 0:
            first, count, on_clock = first - on_clock, count + on_clock, 0
        piece = track[first : first + max(0, min(count, length - on_clock))]
        out[on_clock : on_clock + len(piece)] = piece
    return out


class LaidOut:
    """A track on the engine's clock that is laid out slice by slice, when it is asked for.

    Args:
        track: the samples, int16.
        pieces: where they belong.
        length: in samples; as long as it takes where it is not given.
    """

    def __init__(self, track: Track, pieces: Iterable[Piece], length: int | None = None) -> None:
        self._track = track
        self._pieces = list(pieces)
        ends = (on_clock + count for _, count, on_clock in self._pieces)
        self._length = max(ends, default=0) if length is None else length

    def __len__(self) -> int:
        return max(0, self._length)

    def __getitem__(self, part: slice, /) -> Track:
        begin, stop, step = part.indices(len(self))
        near = [
            (first, count, on_clock - begin)
            for first, count, on_clock in self._pieces
            if on_clock < stop and on_clock + count > begin
        ]
        return lay_out(self._track, near, stop - begin)[::step]
