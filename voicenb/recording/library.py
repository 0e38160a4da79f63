"""Where recordings are kept that nobody has saved yet."""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import secrets
import shutil
import sys
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from voicenb.errors import RecordingError
from voicenb.recording.layout import LABELS, NOTES, SAVED, is_recording
from voicenb.recording.lock import is_locked
from voicenb.recording.missing import check_whole
from voicenb.recording.reading import has_sound
from voicenb.recording.recording import Recording, as_path

if TYPE_CHECKING:
    from voicenb.recording.shelf import Recordings

KEPT = 50
"""How many recordings are kept; beyond them the oldest go that nobody writes any more."""

FAILURES_KEPT = 5
"""How many calls that did not begin are kept beside them: to see why, and no more than that."""

VARIABLE = "VOICENB_RECORDINGS"
"""Names another folder for the library."""


def load(path: str | PathLike[str]) -> Recording:
    """The recording in a folder.

    Of one that has lost some of its sound or its events it warns; where a crash tore it off, of more than the
    last second of its sound.

    Args:
        path: the folder, ``~`` for one's own.

    Raises:
        InvalidConfiguration: that is no path.
        RecordingError: there is none, it cannot be read, is of a newer format, or is finished and has lost
            its events or all of its sound.
    """
    recording = Recording(as_path(path, "load"))
    check_whole(recording)
    return recording


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


def recordings() -> Recordings:
    """The calls that nobody has saved, newest first; also those that run or that a crash tore off.

    Shown they are a table; ``vn.recordings()[0]`` is the newest.
    """
    from voicenb.recording.shelf import Recordings

    return Recordings(recording for recording in _all() if not (recording.folder / SAVED).exists())


def new_folder(name: str = "call") -> Path:
    """A path for a new recording in the library, after the time and ``name``; it does not exist yet.

    Makes room: the oldest recordings go, so that about fifty stay, and beside them a few of calls that did
    not begin. One that is being written is never touched, nor one that has notes or tags.

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
    return _named(home, name)


def folder_in(home: Path, name: str = "call") -> Path:
    """A path for a new recording in a folder of somebody's own; it does not exist yet.

    Nothing is ever deleted there.

    Args:
        home: the folder; it need not exist either.
        name: of the call, which the recording is named after, behind the time.

    Raises:
        RecordingError: ``home`` is a recording.
    """
    if is_recording(home):
        raise RecordingError(
            f"{home} is a recording itself; a folder is wanted in which each call gets one of its own.",
            remedy=f"Name the folder above it, {home.parent}, or another one.",
            folder=str(home),
        )
    return _named(home, name)


def _named(home: Path, name: str) -> Path:
    moment = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "call"
    return home / f"{moment}-{plain}-{secrets.token_hex(2)}"


def mark_saved(folder: Path, target: Path) -> None:
    """Note that a recording of the library was saved; elsewhere this does nothing."""
    try:
        if folder.resolve().parent == root().resolve():
            mark = folder / SAVED
            copies = _lines(mark) if mark.exists() else []
            _write_lines(mark, [*copies, str(target.resolve())])
    except OSError:
        pass  # it is then listed once more, which costs nothing


def forget_copy(target: Path) -> None:
    """Note that the copy at ``target`` gives way to another: who has no other copy is not saved any more."""
    gone = str(target.resolve())
    for mark in root().glob(f"*/{SAVED}"):
        with contextlib.suppress(OSError):
            copies = _lines(mark)
            if gone not in copies:
                continue
            if left := [copy for copy in copies if copy != gone]:
                _write_lines(mark, left)
            else:
                mark.unlink()


def _lines(mark: Path) -> list[str]:
    return [line for line in mark.read_text("utf-8", "surrogateescape").split("\n") if line]


def _write_lines(mark: Path, copies: list[str]) -> None:
    mark.write_text("".join(f"{copy}\n" for copy in dict.fromkeys(copies)), "utf-8", "surrogateescape")


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
    idle = [
        recording
        for recording in _all()
        if not any((recording.folder / name).exists() for name in (NOTES, LABELS))  # somebody worked on it
        and (recording.finished or not is_locked(recording.folder))
    ]
    calls: list[Recording] = []
    failures: list[Recording] = []
    for recording in idle:
        (calls if _began(recording) else failures).append(recording)
    for recording in (*calls[KEPT - 1 :], *failures[FAILURES_KEPT:]):
        shutil.rmtree(recording.folder, ignore_errors=True)


def _began(recording: Recording) -> bool:
    """Whether the service was ready for it, or there is any sound."""
    try:
        return has_sound(recording.folder) or any(
            event["type"] == "session.ready" and event["dir"] == "in" for event in recording.events
        )
    except OSError:
        return True  # of somebody else's it cannot be told
