"""What a finished recording says that it has, and what of it is still there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicenb.errors import RecordingError
from voicenb.names import warn
from voicenb.recording.events import Events
from voicenb.recording.layout import EVENTS, RATE, TRACKS
from voicenb.recording.reading import count_samples, track_file

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


def check_whole(recording: Recording) -> None:
    """Refuse a finished recording without events or sound, and warn of one that has lost some of either.

    The events say how many samples there must be, and their numbers how many events. One that a crash tore
    off, or for which the disk had no room, is as it is.

    Raises:
        RecordingError: its events are missing, or all of its sound is.
    """
    ended = recording.ended
    if ended is None or "recording_error" in ended:
        return
    folder = recording.folder
    events = recording.events
    if not events:
        what = "is empty" if (folder / EVENTS).exists() else "is missing"
        raise RecordingError(
            f"The recording in {folder} has no events: {EVENTS} {what}.",
            remedy="Copy the whole folder once more, or have the call saved again.",
            folder=str(folder),
        )
    wanted = samples_of(events)
    there = {track: count_samples(folder, track) for track in wanted}
    gone = [
        f"{track_file(folder, track).name} {_has(folder, track, there[track])} of {count:,} samples "
        f"({count / RATE:.1f} s)"
        for track, count in sorted(wanted.items(), reverse=True)
        if there[track] < count
    ]
    silent = bool(gone) and not any(there.values())
    lost, all_events = lost_events(events, ended)
    if lost:
        are = "is" if lost == 1 else "are"
        gone.append(f"{lost:,} of {all_events:,} events {are} gone from {EVENTS}")
    if not gone:
        return
    text = f"Of the recording in {folder} something is missing: {'; '.join(gone)}."
    if not silent:
        warn(f"{text} What is measured from it, played or exported lacks that.")
        return
    raise RecordingError(
        text,
        remedy="Copy the whole folder once more. vn.Recording(folder) still reads the words.",
        folder=str(folder),
    )


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


def _has(folder: Path, track: str, count: int) -> str:
    if not track_file(folder, track).exists():
        return "is missing, and with it all"
    return f"has {count:,}"
