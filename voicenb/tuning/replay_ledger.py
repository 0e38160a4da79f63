"""Which calls of a folder have been held already: none is held, or paid, twice."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voicenb.errors import RecordingError
from voicenb.recording.layout import is_recording
from voicenb.recording.recording import Recording

LEDGER = "replayed.jsonl"
"""One line for each call that is over; beside the folders of the recordings."""

BLOCK = 60 * 24_000
"""Samples that are looked at in one piece."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A call that is over.

    Attributes:
        key: what was held: the caller's sound, the agent, the service and the way of replaying.
        folder: of its recording, beside the ledger.
        of: the name of the recording that it replays.
        seconds: that the session was open.
        ended: how it ended.
    """

    key: str
    folder: str
    of: str
    seconds: float
    ended: str


def sound_of(recording: Recording) -> str:
    """What a caller's track sounds like, in 16 hexadecimal digits: the same for every copy of it.

    Args:
        recording: of the call.
    """
    digest = hashlib.sha256()
    track = recording.caller
    for at in range(0, len(track), BLOCK):
        digest.update(np.ascontiguousarray(track[at : at + BLOCK]).tobytes())
    return digest.hexdigest()[:16]


def key_of(content: Mapping[str, Any]) -> str:
    """Content in 16 hexadecimal digits.

    Args:
        content: whatever makes a difference to the call.
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def folder_for(home: Path, name: str, key: str) -> Path:
    """A folder for a recording, which does not exist yet: one that broke off keeps its own.

    Args:
        home: where the ledger is.
        name: of the recording that is replayed.
        key: of the call.
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:60] or "call"
    number = 1
    while (home / (found := f"{plain}-{key[:8]}{f'-{number}' if number > 1 else ''}")).exists():
        number += 1
    return home / found


def read_ledger(home: Path) -> dict[str, Entry]:
    """The calls that are over and whose recordings are there, by key; a line that was torn off is none.

    Raises:
        RecordingError: it cannot be read.
    """
    found: dict[str, Entry] = {}
    try:
        lines = (home / LEDGER).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return found
    except OSError as error:
        raise RecordingError(f"{home / LEDGER} cannot be read: {error.strerror or error}.") from error
    for line in lines:
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if is_recording(home / entry.folder):
            found[entry.key] = entry
    return found


def enter(home: Path, entry: Entry) -> None:
    """Note that a call is over; from any process.

    Args:
        home: where the ledger is.
        entry: the call.
    """
    line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
    # A line that a crash tore off stays one of its own.
    torn = (home / LEDGER).exists() and not (home / LEDGER).read_bytes().endswith(b"\n")
    file = os.open(home / LEDGER, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(file, (("\n" if torn else "") + line).encode())
        os.fsync(file)
    finally:
        os.close(file)
