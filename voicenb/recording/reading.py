"""The files of a recording, read while they grow or after a crash."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voicenb.errors import MalformedMessage
from voicenb.protocol.actions import Flush, Play
from voicenb.protocol.conversation import Conversation
from voicenb.recording import flac
from voicenb.recording.events import Events
from voicenb.recording.layout import EVENTS, FLACS, TRACKS, JSONObject

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Track = npt.NDArray[np.int16]

FRAME = ("out", "input.audio")
"""Direction and type of two thirds of all events; they say nothing to a conversation but the time."""


class EventLog:
    """The events that are in the file so far; each line is read once.

    A last line that is not complete is left for later, and a line that cannot be read is left out.

    Attributes:
        events: as they stand in the file.
    """

    def __init__(self, folder: Path) -> None:
        self.events = Events()
        self._path = folder / EVENTS
        self._read = 0

    def refresh(self) -> Events:
        """Read what has been added; all events."""
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            return self.events
        with file:
            file.seek(self._read)
            added = file.read()
        whole = added.rfind(b"\n") + 1
        self._read += whole
        self.events.append(added[:whole])
        return self.events


class Replayed:
    """The conversation that the events amount to, and which received samples belong to which reply.

    Attributes:
        conversation: as it stands after the events so far.
        flushes: by reply that was cut off, when the client fell silent.
        sound: by reply, runs of its samples: (first sample in the reply, first in the track, how many).
    """

    def __init__(self, *, hears: bool = True) -> None:
        self.hears = hears
        self.conversation = Conversation(hears=hears)
        self.sound: dict[str, list[tuple[int, int, int]]] = {}
        self.flushes: dict[str, float] = {}
        self._taken = 0

    def follow(self, events: Sequence[JSONObject]) -> Conversation:
        """Take the events that are new; the conversation."""
        for event in _telling(events, self._taken):
            # Else it is a message that the engine could not read either.
            with contextlib.suppress(MalformedMessage, KeyError, TypeError, ValueError):
                for action in self.conversation.apply(event):
                    if isinstance(action, Play) and "start" in event:
                        self._place(action.reply_id, int(event["start"]), action.samples)
                    elif isinstance(action, Flush):
                        self._flushed(float(event["t"]))
        self._taken = len(events)
        return self.conversation

    def _flushed(self, at: float) -> None:
        for reply in self.conversation.replies.values():
            if reply.interrupted:
                self.flushes.setdefault(reply.reply_id, at)

    def _place(self, reply_id: str, start: int, samples: int) -> None:
        runs = self.sound.setdefault(reply_id, [])
        if not runs:
            runs.append((0, start, samples))
            return
        first, place, count = runs[-1]
        if place + count == start:
            runs[-1] = (first, place, count + samples)
        else:
            runs.append((first + count, start, samples))


def _telling(events: Sequence[JSONObject], since: int) -> Iterator[JSONObject]:
    """The events from ``since`` on, of the caller's frames no more than one that comes last."""
    if not isinstance(events, Events):
        yield from events[since:]
        return
    yield from events.without(FRAME, since=since)
    if len(events) > since and (last := events[-1])["type"] == FRAME[1]:
        yield last


def read_track(folder: Path, track: str) -> Track:
    """The samples of a track as they are on disk, mapped into memory, int16 at 24 kHz; empty when none are.

    The file's length counts, not what its header says: that lags behind while the call runs. A track that is
    kept as FLAC cannot be mapped: it is decoded, with every call of this.

    Raises:
        MissingExtra: it is FLAC, and soundfile is not installed.
        RecordingError: it is FLAC, and damaged.
    """
    import numpy as np

    path = track_file(folder, track)
    if path.name == FLACS[track]:
        return flac.read(path)
    offset, count = _samples_in(path)
    if count == 0:
        return np.zeros(0, np.int16)
    return np.memmap(path, dtype="<i2", mode="r", offset=offset, shape=(count,))


def track_file(folder: Path, track: str) -> Path:
    """The file that holds a track, or would: WAV, unless there is FLAC instead."""
    path = folder / TRACKS[track]
    compressed = folder / FLACS[track]
    return compressed if compressed.exists() and not path.exists() else path


def count_samples(folder: Path, track: str) -> int:
    """How many samples of a track there are; of FLAC how many it says that it has."""
    path = track_file(folder, track)
    return flac.count(path) if path.name == FLACS[track] else _samples_in(path)[1]


def has_sound(folder: Path) -> bool:
    """Whether there is a sample in any track."""
    return any(count_samples(folder, track) for track in TRACKS)


def _samples_in(path: Path) -> tuple[int, int]:
    """Where in the file the samples begin, and how many there are."""
    try:
        size = path.stat().st_size
        offset = _data_offset(path)
    except FileNotFoundError:
        return 0, 0
    return offset, max(0, size - offset) // 2


def _data_offset(path: Path) -> int:
    """Where the samples begin: behind the header of the ``data`` chunk."""
    with path.open("rb") as file:
        head = file.read(4096)
    at = 12
    while at + 8 <= len(head):
        size = int.from_bytes(head[at + 4 : at + 8], "little")
        if head[at : at + 4] == b"data":
            return at + 8
        at += 8 + size + size % 2
    return len(head)
