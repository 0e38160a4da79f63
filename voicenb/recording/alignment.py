"""Tracks on the engine's clock: when each sample was said, and when it was heard.

The tracks themselves know no gaps: a microphone that was off for a minute leaves none in ``caller.wav``, and
``agent.wav`` is as long as what was received, however little of it was heard. Here they are laid out in time,
sample 0 at the engine's second 0. The files are never changed.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from voicenb.protocol.events import HeardNote, read_event
from voicenb.recording.capture import Block, Capture
from voicenb.recording.events import Events
from voicenb.recording.layout import RATE, JSONObject
from voicenb.recording.loudness import Loudness

if TYPE_CHECKING:
    import numpy.typing as npt

    Track = npt.NDArray[np.int16]

BLOCK = 10.0
"""Seconds of the caller's track that are laid out in one piece."""

DRIFT = 0.002
"""Seconds that a block may be off its place before it is moved: moving it makes a seam."""

OFF = 1.0
"""Seconds that a frame may come later than those before it: beyond, the microphone was off meanwhile."""

Piece = tuple[int, int, int]
"""Samples of a track and their place in time: (first in the track, how many, first on the clock)."""


def caller_pieces(
    events: Sequence[JSONObject], clocks: object = None, *, since: float = 0.0, until: float = math.inf
) -> list[Piece]:
    """Where the caller's samples belong on the engine's clock.

    Where a browser captured them, its clock says so. Else, and where that cannot be, the times at which the
    frames were sent do: a frame goes out when its last sample has been said, or a little later, never sooner.
    So of all frames of a block the one that was least late says where the block belongs.

    Args:
        events: all events.
        clocks: of ``session.json``, where it has any.
        since: seconds; what was sent before is left out, …
        until: … and what was sent later.
    """
    capture = Capture.of(events, clocks)
    blocks = list(_blocks(_frames(events, since, until), capture.marks))
    capture.settle(blocks)
    pieces: list[Piece] = []
    shift = 0
    for begin, count, latest in blocks:
        captured = capture.second(begin, latest)
        wanted = round((latest if captured is None else captured[0]) * RATE)
        if not pieces or abs(wanted - shift) > DRIFT * RATE:
            shift = wanted
        pieces.append((begin, count, begin + shift))
    return pieces


def _blocks(frames: Iterable[tuple[float, int, int]], marks: Sequence[int]) -> Iterator[Block]:
    """The caller's track in blocks that follow evenly; another begins at each mark."""
    begin, count, latest = -1, 0, 0.0
    ahead = deque(marks)
    for at, start, samples in frames:
        offset = at - (start + samples) / RATE
        marked = False
        while ahead and start >= ahead[0]:
            marked = ahead.popleft() > begin
        gap = offset - latest > OFF
        if begin >= 0 and not marked and not gap and count < BLOCK * RATE:
            count, latest = start + samples - begin, min(latest, offset)
            continue
        if begin >= 0:
            yield begin, count, latest
        begin, count, latest = start, samples, offset
    if begin >= 0:
        yield begin, count, latest


def _frames(events: Sequence[JSONObject], since: float, until: float) -> Iterable[tuple[float, int, int]]:
    """The caller's frames: when each was sent, its first sample, and how many."""
    if isinstance(events, Events):
        _, times, sound = events.places("caller")
        near = (times >= since) & (times <= until)
        times, sound = times[near], sound[near]
        return zip(times.tolist(), sound[:, 0].tolist(), sound[:, 1].tolist(), strict=True)
    return [
        (float(event["t"]), int(event["start"]), int(event.get("samples") or 0))
        for event in events
        if event["type"] == "input.audio" and event["dir"] == "out" and "start" in event
        if since <= float(event["t"]) <= until
    ]


def heard_pieces(
    events: Iterable[JSONObject], sound: Mapping[str, list[tuple[int, int, int]]]
) -> list[Piece]:
    """Where the agent's samples were heard, from the heard notes.

    Args:
        events: all events.
        sound: by reply, runs of (first sample in the reply, first in the track, how many).
    """
    pieces: list[Piece] = []
    if isinstance(events, Events):
        events = events.select("heard", direction="local")
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
        loudness: how loud it was heard.
    """

    def __init__(
        self,
        track: Track,
        pieces: Iterable[Piece],
        length: int | None = None,
        loudness: Loudness | None = None,
    ) -> None:
        self._loudness = loudness or Loudness()
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
        return self._loudness.over(lay_out(self._track, near, stop - begin), begin)[::step]
