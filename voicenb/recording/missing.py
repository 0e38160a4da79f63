"""What a finished recording says that it has, and what of it is still there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from voicenb.errors import RecordingError
from voicenb.names import warn
from voicenb.recording.layout import EVENTS, RATE, TRACKS, JSONObject
from voicenb.recording.reading import read_track

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


def check_whole(recording: Recording) -> None:
    """Refuse a finished recording without events or sound, and warn of one that has lost some of its sound.

    The events say how many samples there must be. One that a crash tore off, or for which the disk had no
    room, is as it is.

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
    there = {track: len(read_track(folder, track)) for track in wanted}
    gone = [
        f"{TRACKS[track]} {_has(recording, track, there[track])} of {count:,} samples ({count / RATE:.1f} s)"
        for track, count in sorted(wanted.items(), reverse=True)
        if there[track] < count
    ]
    if not gone:
        return
    text = f"Of the recording in {folder} sound is missing: {'; '.join(gone)}."
    if any(there.values()):
        warn(f"{text} What is measured from it, played or exported lacks that.")
        return
    raise RecordingError(
        text,
        remedy="Copy the whole folder once more. vn.Recording(folder) still reads the words.",
        folder=str(folder),
    )


def samples_of(events: Iterable[JSONObject]) -> dict[str, int]:
    """How many samples the events speak of, by track; a track without any is not in it."""
    wanted: dict[str, int] = {}
    for event in events:
        track, start, samples = event.get("track"), event.get("start"), event.get("samples")
        if track in TRACKS and isinstance(start, int) and isinstance(samples, int) and samples > 0:
            wanted[track] = max(wanted.get(track, 0), start + samples)
    return wanted


def _has(recording: Recording, track: str, count: int) -> str:
    if not (recording.folder / TRACKS[track]).exists():
        return "is missing, and with it all"
    return f"has {count:,}"
