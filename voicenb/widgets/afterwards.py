"""What a page may ask for when a call is over: to hear it, and to save it."""

from __future__ import annotations

import datetime
import logging
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from voicenb.errors import RecordingError, VoicenbError
from voicenb.recording.recording import Recording
from voicenb.widgets.errands import Errands

_log = logging.getLogger(__name__)

PIECE = 2**19
"""Bytes of a WAV in one message: others pass between two of them."""


class Sender(Protocol):
    """Sends the page a message."""

    def __call__(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        """Send one."""
        ...


class Afterwards:
    """Gives a page what it asks for of the last call, on a thread of its own.

    The sound goes to the page that asked, as messages: it is not in the notebook when that is saved.
    Recordings are saved below the folder that the kernel is in now, wherever it goes later.

    Args:
        recording: gives the last call's recording, or None.
        send: sends the page a message.
    """

    def __init__(self, recording: Callable[[], Recording | None], send: Sender) -> None:
        self._recording = recording
        self._send = send
        self._folder = Path("calls").absolute()
        self._errands = Errands("voicenb-afterwards")

    def hear(self, ask: str) -> None:
        """Send both voices as a stereo WAV, in pieces; returns at once."""
        self._errands.ask(self._answer, ask, self._sound)

    def save(self, ask: str) -> None:
        """Save the recording in ``calls``, and say where; returns at once."""
        self._errands.ask(self._answer, ask, self._keep)

    def _answer(self, ask: str, work: Callable[[str, Recording], None]) -> None:
        try:
            recording = self._recording()
            if recording is None:
                raise RecordingError("There is no recording.", remedy="Press Start for a call.")
            work(ask, recording)
        except VoicenbError as error:
            self._fail(ask, error.message, error.remedy)
        except Exception as error:  # whatever it was, the page is waiting for a word
            _log.exception("The recording could not be given out.")
            self._fail(ask, f"The recording cannot be read: {type(error).__name__}: {error}.", "")

    def _fail(self, ask: str, message: str, remedy: str) -> None:
        self._send({"type": "after-error", "ask": ask, "message": message, "remedy": remedy})

    def _sound(self, ask: str, recording: Recording) -> None:
        with tempfile.TemporaryDirectory() as folder:
            wav = recording.export_wav(Path(folder) / "call.wav").read_bytes()
        name = f"{file_name(recording)}.wav"
        for start in range(0, len(wav), PIECE):
            about = {"type": "wav", "ask": ask, "name": name, "size": len(wav), "start": start}
            self._send(about, [wav[start : start + PIECE]])

    def _keep(self, ask: str, recording: Recording) -> None:
        place = self._folder / file_name(recording)
        recording.save(place, overwrite=True)
        self._send({"type": "saved", "ask": ask, "path": _from_here(place).as_posix()})


def _from_here(path: Path) -> Path:
    """A path as one would type it in the kernel: short where it is below the folder that the kernel is in."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def file_name(recording: Recording) -> str:
    """A name for a call's folder or file: the agent and when it began, e.g. ``lido-2026-11-24-181530``."""
    agent = re.sub(r"[^a-z0-9]+", "-", recording.agent_name.lower()).strip("-") or "call"
    try:
        started = datetime.datetime.fromisoformat(str(recording.session.get("started"))).astimezone()
    except ValueError:
        return agent
    return f"{agent}-{started:%Y-%m-%d-%H%M%S}"
