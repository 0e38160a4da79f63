"""Format 1 of a recording: a folder with four files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

FORMAT = 1
"""The format that this version writes, and the newest that it reads."""

RATE = 24_000
"""Samples per second of both tracks (signed 16-bit, mono)."""

SESSION = "session.json"
"""Format, agent, settings, versions, clock maps, how it ended and with how many events (null while it runs).

``agent`` holds the settings that the call began with. What an accepted update changed is in the events: what
was asked for in ``session.update``, what the service made of it in ``session.updated``; the sum is
``Recording.conversation.config``.

``clocks`` maps other clocks on the engine's, which all events are timed by, where there was another: the
browser's. ``page`` has ``{page, t, offset, uncertainty}``: around the engine's second ``t``, that page's
seconds plus ``offset`` are the engine's. ``caller`` has ``{start, t, uncertainty}``: sample ``start`` of the
caller's track was captured at the engine's second ``t``, and those behind it follow evenly up to the next
point. A microphone without a browser runs on the engine's clock: there the times of ``input.audio`` say it.
When samples of the agent's track were heard is in the ``heard`` events in every case.
"""

EVENTS = "events.jsonl"
"""One numbered event a line: ``{n, t, dir, type, msg without audio, track, start, samples}``."""

TRACKS = {"caller": "caller.wav", "agent": "agent.wav"}
"""Exactly the samples that were sent; every sample that was received."""

FLACS = {"caller": "caller.flac", "agent": "agent.flac"}
"""The same samples, compressed without loss, in a copy that was made with ``save(flac=True)``."""

NOTES = "notes.json"
"""What people noted of the call, and its tags: ``{notes: [{text, at, written}], tags}``."""

TIMELINE = "timeline.json"
"""The service's timeline of the session, as it wrote it, where somebody has attached it."""

SPEECH = "speech.npz"
"""Probabilities of speech in the caller's track, once somebody has asked for them; they can be had again."""

TURN_ENDS = "turn-ends.npz"
"""Probabilities that the caller's turn was over, of its silences, likewise."""

LABELS = "labels.txt"
"""What somebody heard in the caller's silences (Audacity's labels: start, end, what it was), by ear."""

SAVED = ".saved"
"""Says where somebody has saved copies, a path a line; only in folders of the library."""

JSONObject = dict[str, Any]


def is_recording(folder: Path) -> bool:
    """Whether there is a recording of any format."""
    return (folder / SESSION).is_file()


def foreign(folder: Path) -> list[str]:
    """Names of what is in a folder with a ``session.json`` and no part of a recording, sorted.

    ``session.json`` itself is among them where it is somebody else's or the events are missing. What a crash
    left behind of a file of ours (``*.part``) is ours.
    """
    ours = {
        SESSION,
        EVENTS,
        NOTES,
        TIMELINE,
        SPEECH,
        TURN_ENDS,
        LABELS,
        SAVED,
        *TRACKS.values(),
        *FLACS.values(),
    }
    others = [
        path for path in folder.iterdir() if path.name.removesuffix(".part") not in ours or path.is_dir()
    ]
    if not others and not ((folder / EVENTS).is_file() and _has_format(folder / SESSION)):
        return [SESSION]
    return sorted(path.name for path in others)


def _has_format(session: Path) -> bool:
    try:
        known = msgspec.json.decode(session.read_bytes(), type=JSONObject).get("format")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return isinstance(known, int) and known >= 1
