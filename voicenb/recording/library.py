"""Where recordings are kept that nobody has saved yet."""

from __future__ import annotations

import datetime
import os
import re
import secrets
import shutil
import sys
from os import PathLike
from pathlib import Path

from voicenb.errors import RecordingError
from voicenb.recording.layout import SAVED, is_recording
from voicenb.recording.recording import Recording

KEPT = 50
"""How many recordings are kept; beyond them the oldest finished ones go."""

VARIABLE = "VOICENB_RECORDINGS"
"""Names another folder for the library."""


def load(path: str | PathLike[str]) -> Recording:
    """The recording in a folder.

    Raises:
        RecordingError: there is none, it cannot be read, or it is of a newer format.
    """
    return Recording(Path(path).expanduser())


def root() -> Path:
    """The library's folder, absolute: ``VOICENB_RECORDINGS``, else in the platform's folder for data."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    home = Path.home()
    match sys.platform:
        case "win32":
            data = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        case "darwin":
            data = home / "Library" / "Application Support"
        case _:
            data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return data / "voicenb" / "recordings"


def recordings() -> list[Recording]:
    """The calls that nobody has saved, newest first; also those that run or that a crash tore off."""
    return [recording for recording in _all() if not (recording.folder / SAVED).exists()]


def new_folder(name: str = "call") -> Path:
    """A path for a new recording in the library, after the time and ``name``; it does not exist yet.

    Makes room: of the finished recordings the oldest go, so that about fifty stay. One that is not finished
    is never touched.

    Raises:
        RecordingError: the library cannot be written to.
    """
    home = root()
    try:
        home.mkdir(parents=True, exist_ok=True)
        _make_room()
    except OSError as error:
        raise RecordingError(
            f"Recordings cannot be kept in {home}: {error.strerror or error}.",
            remedy=f"Name a folder that may be written to in {VARIABLE}.",
            folder=str(home),
        ) from error
    moment = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "call"
    return home / f"{moment}-{plain}-{secrets.token_hex(2)}"


def mark_saved(folder: Path, target: Path) -> None:
    """Note that a recording of the library was saved; elsewhere this does nothing."""
    try:
        if folder.resolve().parent == root().resolve():
            (folder / SAVED).write_text(f"{target.resolve()}\n", encoding="utf-8")
    except OSError:
        pass  # it is then listed once more, which costs nothing


def _all() -> list[Recording]:
    try:
        folders = list(root().iterdir())
    except OSError:
        return []
    found: list[Recording] = []
    for folder in folders:
        try:
            if is_recording(folder):
                found.append(Recording(folder))
        except (RecordingError, OSError):
            continue  # of a newer version, damaged, or locked: not ours to list or to delete
    return sorted(found, key=lambda one: (str(one.session.get("started")), one.folder.name), reverse=True)


def _make_room() -> None:
    finished = [recording for recording in _all() if recording.finished]
    for recording in finished[KEPT - 1 :]:
        shutil.rmtree(recording.folder, ignore_errors=True)
