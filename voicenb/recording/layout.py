"""Format 1 of a recording: a folder with four files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FORMAT = 1
"""The format that this version writes, and the newest that it reads."""

RATE = 24_000
"""Samples per second of both tracks (signed 16-bit, mono)."""

SESSION = "session.json"
"""Format, agent, settings, versions, clock maps, how it ended (null while it runs)."""

EVENTS = "events.jsonl"
"""One numbered event a line: ``{n, t, dir, type, msg without audio, track, start, samples}``."""

TRACKS = {"caller": "caller.wav", "agent": "agent.wav"}
"""Exactly the samples that were sent; every sample that was received."""

SAVED = ".saved"
"""Says that somebody has saved a copy; only in folders of the library."""

JSONObject = dict[str, Any]


def is_recording(folder: Path) -> bool:
    """Whether there is a recording of any format."""
    return (folder / SESSION).is_file()
