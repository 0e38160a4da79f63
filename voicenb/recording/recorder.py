"""Writes a recording while the call runs, so that a crash at any moment leaves one that loads."""

from __future__ import annotations

import asyncio
import datetime
import logging
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import voicenb
from voicenb.audio.wav import WavWriter
from voicenb.errors import RecordingError, VoicenbError
from voicenb.recording.layout import EVENTS, FORMAT, RATE, SESSION, TRACKS, JSONObject
from voicenb.recording.lock import lock
from voicenb.recording.redact import Redaction

_log = logging.getLogger(__name__)

DELAY = 0.5
"""Seconds that sound may wait before it is handed to the operating system."""

PATIENCE = (0.005, 0.02, 0.1)
"""Seconds between attempts to put a file in the place of one that somebody reads."""

_SOUND = frozenset({"input.audio", "reply.audio"})


class Recorder:
    """Writes one recording, format 1.

    Events and sound reach the operating system within half a second, every event that is not sound at once.
    Once the recording is under way an error of the disk never raises: it is reported once, and nothing more
    is written. What is no JSON in UTF-8 is written as well as can be.

    Args:
        folder: where; it must not exist yet, or be empty. Parents are made.
        about: what ``session.json`` says beside the format: ``agent`` (``name`` and settings), ``service``
            (its label), ``microphone``, ``speaker``, ``clocks``, … ``started`` (ISO, the wall clock's label
            for engine second 0) and ``versions`` are filled in where they are missing.
        secrets: texts that must never be written, such as the key in use; each occurrence is masked.
        on_error: is told, once, when writing fails during the call.

    Raises:
        RecordingError: the folder cannot be made or written to, or holds something already.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        about: Mapping[str, Any],
        secrets: Iterable[str] = (),
        on_error: Callable[[RecordingError], None] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.failure: RecordingError | None = None
        self._redaction = Redaction(secrets)
        self._on_error = on_error
        self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._samples = dict.fromkeys(TRACKS, 0)
        self._about: JSONObject = {"format": FORMAT, **about, "ended": None}
        self._about.setdefault("started", _now())
        self._about.setdefault("versions", versions())
        self._tracks: dict[str, WavWriter] = {}
        self._lines: list[bytes] = []  # events whose sound is not on disk yet
        self._count = 0  # of events
        _make(self.folder)
        with ExitStack() as opened:
            try:
                self._lock = opened.enter_context(lock(self.folder))
                self._write_session()
                self._events: BinaryIO = opened.enter_context((self.folder / EVENTS).open("wb"))
                for track, name in TRACKS.items():
                    self._tracks[track] = opened.enter_context(WavWriter(self.folder / name, RATE))
                self._flush()
            except (OSError, VoicenbError) as error:
                raise _cannot_write(self.folder, error) from error
            opened.pop_all()  # open until close()

    @property
    def closed(self) -> bool:
        """Whether the recording is complete."""
        return self._closed

    def event(self, event: Mapping[str, Any]) -> None:
        """Append a numbered event."""
        if self._silent:
            return
        try:
            self._lines.append(self._encode(event) + b"\n")
            self._count += 1
            if event.get("type") in _SOUND:
                self._flush_soon()
            else:
                self._flush()
        except OSError as error:
            self._fail(error)

    def caller(self, pcm: bytes) -> int:
        """Append samples that were sent (PCM16, 24 kHz, mono); returns where the first one stands."""
        return self._append("caller", pcm)

    def agent(self, pcm: bytes) -> int:
        """Append samples that were received (PCM16, 24 kHz, mono); returns where the first one stands."""
        return self._append("agent", pcm)

    def update(self, **about: Any) -> None:
        """Change what ``session.json`` says, e.g. ``clocks``; the file is replaced whole."""
        self._about |= about
        if self._silent:
            return
        try:
            self._write_session()
        except OSError as error:
            self._fail(error)

    def flush(self) -> None:
        """Hand everything to the operating system."""
        if self._silent:
            return
        try:
            self._flush()
        except OSError as error:
            self._fail(error)

    def close(self, ended: Mapping[str, Any]) -> None:
        """Complete the recording; a second time does nothing. Never raises.

        Args:
            ended: how the call ended, e.g. ``{"t": 12.5, "reason": "ended"}``; beside it is noted how many
                events there are.
        """
        if self._closed:
            return
        self.flush()
        self._closed = True
        self._cancel_timer()
        for close in (self._events.close, *(track.close for track in self._tracks.values())):
            try:
                close()
            except OSError as error:
                self._fail(error)
        self._about["ended"] = {**ended, "events": self._count}
        if self.failure is not None:
            self._about["ended"]["recording_error"] = self.failure.message
        try:
            self._write_session()
        except OSError as error:
            self._fail(error)
        finally:
            self._lock.close()

    # --- inside ---

    @property
    def _silent(self) -> bool:
        return self._closed or self.failure is not None

    def _append(self, track: str, pcm: bytes) -> int:
        # Places are given out also when nothing is written any more: events elsewhere rest on them.
        start = self._samples[track]
        whole = len(pcm) & ~1
        self._samples[track] = start + whole // 2
        if not self._silent:
            try:
                self._tracks[track].write(pcm if whole == len(pcm) else pcm[:whole])
                self._flush_soon()
            except OSError as error:
                self._fail(error)
        return start

    def _flush_soon(self) -> None:
        if self._timer is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._flush()  # nobody would come back to it
            return
        self._timer = loop.call_later(DELAY, self.flush)

    def _flush(self) -> None:
        self._cancel_timer()
        # Sound first: an event must not speak of samples that are not there.
        for track in self._tracks.values():
            track.flush()
        self._events.write(b"".join(self._lines))
        self._lines.clear()
        self._events.flush()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _encode(self, value: Mapping[str, Any]) -> bytes:
        try:
            return self._redaction.encode(value)
        except (TypeError, ValueError, OverflowError):  # an event that is left out would be a hole
            return self._redaction.encode(_plain(value))

    def _write_session(self) -> None:
        import msgspec

        text = msgspec.json.format(self._encode(self._about), indent=2)
        target = self.folder / SESSION
        draft = target.with_suffix(".json.part")
        draft.write_bytes(text + b"\n")
        replace(draft, target)

    def _fail(self, error: OSError) -> None:
        if self.failure is not None:
            return
        self._cancel_timer()
        self.failure = RecordingError(
            f"The recording in {self.folder} stopped: {error.strerror or error}. The call goes on.",
            remedy="Make room on the disk; what was recorded until now loads.",
            folder=str(self.folder),
            errno=error.errno,
        )
        _log.warning("%s", self.failure)
        if self._on_error is not None:
            self._on_error(self.failure)


def versions() -> dict[str, str]:
    """What recordings say of the software that made them."""
    return {"voicenb": voicenb.__version__, "python": platform.python_version(), "system": platform.system()}


def _plain(value: Any) -> Any:
    """``value`` as JSON in UTF-8 has it: half a character is a question mark, what is no JSON its repr."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case Mapping():
            return {_plain(str(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case None | bool() | int() | float() | bytes() | bytearray() | memoryview():
            return value
        case _:
            return _plain(repr(value))


def replace(draft: Path, target: Path) -> None:
    """Put a file in another's place; on Windows that must wait while somebody reads the other."""
    for patience in PATIENCE:
        try:
            draft.replace(target)
        except PermissionError:
            time.sleep(patience)
        else:
            return
    draft.replace(target)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = next(folder.iterdir(), None)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    if taken is not None:
        raise RecordingError(
            f"{folder} is not empty (there is {taken.name}); a recording needs a folder of its own.",
            remedy="Choose another path, or move what is there.",
            folder=str(folder),
        )


def _cannot_write(folder: Path, error: Exception) -> RecordingError:
    what = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return RecordingError(
        f"No recording can be written to {folder}: {what}.",
        remedy="Choose a folder that may be written to, on a disk with room.",
        folder=str(folder),
        errno=getattr(error, "errno", None),
    )
