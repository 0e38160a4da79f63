"""What a recording says that it has, and what of it is still there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicenb.errors import RecordingError
from voicenb.names import warn
from voicenb.recording.events import Events
from voicenb.recording.layout import EVENTS, RATE, TRACKS
from voicenb.recording.lock import is_locked
from voicenb.recording.reading import count_samples, has_sound, track_file

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


LAST = 1.0
"""Seconds of sound that may be missing where a crash tore a recording off: the rest was written by then."""

BRIEF = 0.05
"""Seconds of sound; less than that is not told at a glance."""


def check_whole(recording: Recording) -> None:
    """Refuse a finished recording without events or sound, and warn of one that has lost some of either.

    Raises:
        RecordingError: its events are missing, or all of its sound is.
    """
    if text := what_is_missing(recording):
        warn(text)


def what_is_missing(recording: Recording) -> str:
    """What a recording has lost, in a sentence; empty where it is whole.

    The events say how many samples there must be, and their numbers how many events. Where a crash tore it
    off, the last second of its sound may be missing, and nothing is refused; one for which the disk had
    no room is as it is, and so is one that still runs.

    Raises:
        RecordingError: it is finished, and its events are missing, or all of its sound is.
    """
    if not _is_to_be_whole(recording):
        return ""
    folder = recording.folder
    events = recording.events
    if not events and recording.finished:
        what = "is empty" if (folder / EVENTS).exists() else "is missing"
        raise RecordingError(
            f"The recording in {folder} has no events: {EVENTS} {what}.",
            remedy="Copy the whole folder once more, or have the call saved again.",
            folder=str(folder),
        )
    least = 0.0 if recording.finished else LAST
    short = [each for each in _short(recording) if each.missing > least * RATE]
    gone = [
        f"{each.file} {_has(folder, each)} of {each.wanted:,} samples ({each.wanted / RATE:.1f} s)"
        for each in short
    ]
    lost, all_events = lost_events(events, recording.ended or {})
    if lost:
        are = "is" if lost == 1 else "are"
        gone.append(f"{lost:,} of {all_events:,} events {are} gone from {EVENTS}")
    if not gone:
        return ""
    text = f"Of the recording in {folder} something is missing: {'; '.join(gone)}."
    if not (recording.finished and short and not has_sound(folder)):
        return f"{text} What is measured from it, played or exported lacks that."
    raise RecordingError(
        text,
        remedy="Copy the whole folder once more. vn.Recording(folder) still reads the words.",
        folder=str(folder),
    )


def told(recording: Recording) -> list[str]:
    """What of a recording is missing, each in a few words; nothing of one that still runs."""
    if not _is_to_be_whole(recording):
        return []
    gone = [
        f"{each.missing / RATE:.1f} s of {each.wanted / RATE:.1f} s of {each.file} missing"
        for each in _short(recording)
        if each.missing > BRIEF * RATE
    ]
    lost, all_events = lost_events(recording.events, recording.ended or {})
    if lost:
        gone.append(f"{lost:,} of {all_events:,} events missing")
    if not gone and not recording.finished:
        gone.append("what came last may be missing")
    return gone


@dataclass(frozen=True, slots=True)
class _Short:
    """A track of which samples are missing."""

    track: str
    file: str
    there: int
    wanted: int

    @property
    def missing(self) -> int:
        return self.wanted - self.there


def _is_to_be_whole(recording: Recording) -> bool:
    if recording.ended is None:
        return not is_locked(recording.folder)
    return "recording_error" not in recording.ended


def _short(recording: Recording) -> list[_Short]:
    """The tracks that lack samples which the events speak of, the caller's first."""
    wanted = samples_of(recording.events)
    found = [
        _Short(track, track_file(recording.folder, track).name, _count(recording, track), wanted[track])
        for track in sorted(wanted, reverse=True)
    ]
    return [each for each in found if each.missing > 0]


def _count(recording: Recording, track: str) -> int:
    if not recording._is_whole:  # the folder is the whole call's
        return len(recording.caller if track == "caller" else recording.agent)
    return count_samples(recording.folder, track)


def samples_of(events: Events) -> dict[str, int]:
    """How many samples the events speak of, by track; a track without any is not in it."""
    sound = {track: events.places(track)[2] for track in TRACKS}
    return {track: int(places.sum(axis=1).max()) for track, places in sound.items() if len(places)}


def lost_events(events: Events, ended: Mapping[str, Any]) -> tuple[int, int]:
    """How many events are gone, and of how many.

    Args:
        events: those that are there; they were numbered from 0 on, without gaps.
        ended: how the call ended; it says how many there were, where this version wrote it.
    """
    there, last = len(events), int(events.numbers.max(initial=-1))
    told = ended.get("events")
    all_events = max(there, last + 1, told if type(told) is int else 0)
    return all_events - there, all_events


def _has(folder: Path, short: _Short) -> str:
    if not track_file(folder, short.track).exists():
        return "is missing, and with it all"
    return f"has {short.there:,}"
