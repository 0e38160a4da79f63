"""A tape: what went over the wire between a client and a service, with times, in a file of JSON lines."""

from __future__ import annotations

import contextlib
import json
import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from voicenb.errors import RecordingError
from voicenb.names import warn
from voicenb.recording.redact import MASK, Redaction

FORMAT = 1
Direction = Literal["out", "in"]

_OWN = ("", "closed")
"""Types that only a tape has."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    Attributes:
        t: seconds since the connection was opened.
        dir: ``"out"`` (from the client) or ``"in"`` (from the service).
        msg: the message; of ``input.audio`` the ``length`` of its base64 text and the ``crc`` of it stand in
            for the sound; type ``"closed"`` with ``code`` and ``reason`` where that side closed the
            connection; type ``""`` with ``text`` for a frame that is no message. Secrets are masked as in a
            recording.
    """

    t: float
    dir: Direction
    msg: dict[str, Any]

    @property
    def is_audio(self) -> bool:
        """Whether it is the caller's sound."""
        return self.dir == "out" and self.msg.get("type") == "input.audio"


def entry(t: float, direction: Direction, frame: str | bytes) -> Entry:
    """A frame of the wire as it stands on a tape; one that is no message is kept as text."""
    try:
        message = json.loads(frame)
    except (ValueError, RecursionError):
        message = None
    kind = message.get("type") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(kind, str) or kind in _OWN:
        text = frame if isinstance(frame, str) else frame.decode("utf-8", "backslashreplace")
        return Entry(t, direction, {"type": "", "text": text})
    if direction == "out" and message.get("type") == "input.audio":
        data = str(message.get("audio") or "")
        message = {"type": "input.audio", "length": len(data), "crc": zlib.crc32(data.encode())}
        return Entry(t, direction, message)
    if message.get("resume_token"):
        message = {**message, "resume_token": MASK}
    for part in ("session", "config"):
        if isinstance(message.get(part), dict):
            message = {**message, part: Redaction().cleared(message[part])}
    return Entry(t, direction, message)


class Writer:
    """Writes a tape; what was written is on disk at once.

    Args:
        path: the file; one that is there is replaced when the first connection begins, and not before: a
            service that does not answer costs nobody a good tape.
        service: what the service calls itself.

    Attributes:
        fault: why it could be written no longer, or None. Then what is on disk is not whole.

    Raises:
        RecordingError: it cannot be written.
    """

    def __init__(self, path: Path, service: str) -> None:
        self.fault: RecordingError | None = None
        self._path = path
        self._service = service
        self._begun = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = path.open("a", encoding="utf-8")
        except OSError as error:
            raise RecordingError(f"{path} cannot be written: {error.strerror or error}.") from error

    def connection(self) -> None:
        """Another connection begins."""
        if not self._begun:
            self._begun = True
            self._write(lambda: self._file.truncate(0))
            self._line({"cassette": FORMAT, "service": self._service})
        self._line({"connection": {}})

    def put(self, what: Entry) -> None:
        """Something has happened."""
        self._line({"t": round(what.t, 6), "dir": what.dir, "msg": what.msg})

    def close(self) -> None:
        """Nothing more will."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            if not self._begun and not self._path.stat().st_size:
                self._path.unlink()

    def _line(self, value: dict[str, Any]) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        try:
            line.encode()
        except UnicodeEncodeError:  # half a character, which a service may send as an escape
            line = json.dumps(value, separators=(",", ":"))
        self._write(lambda: self._file.write(f"{line}\n"))

    def _write(self, work: Callable[[], object]) -> None:
        """Do something to the file; where that fails the call goes on, and nothing more is written."""
        if self._file.closed or self.fault is not None:
            return
        try:
            work()
            self._file.flush()
        except OSError as error:
            self.fault = RecordingError(
                f"The cassette {self._path} cannot be written any more: {error.strerror or error}. What is "
                "on it is not the whole call.",
                remedy="Make room there, or choose another path, and record it again.",
            )
            warn(str(self.fault))


def read(path: Path) -> list[list[Entry]]:
    """The connections on a tape, each with what happened on it.

    Raises:
        RecordingError: there is no such file, or it is no tape.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        remedy = 'Record one: vn.Cassette(path, service="hosted").' if not path.exists() else ""
        raise RecordingError(f"{path} cannot be read: {error.strerror or error}.", remedy=remedy) from error
    except UnicodeDecodeError:
        raise RecordingError(f"{path} is no cassette.") from None
    connections: list[list[Entry]] = []
    for number, value in _values(path, lines):
        if number == 1:
            _check_header(path, value)
        elif "connection" in value:
            connections.append([])
        else:
            found = _entry(value) if connections else None
            if found is None:
                raise RecordingError(
                    f"{path}, line {number}: that is nothing that stands on a cassette.",
                    remedy="Record it again, or take the file as it was before it was changed.",
                )
            connections[-1].append(found)
    if not connections:
        raise RecordingError(f"There is nothing on the cassette {path}.", remedy="Record it again.")
    return connections


def _entry(value: dict[str, Any]) -> Entry | None:
    """What a line says; None where it says nothing that can be."""
    t, direction, message = value.get("t"), value.get("dir"), value.get("msg")
    if not isinstance(t, int | float) or isinstance(t, bool) or not 0 <= t < math.inf:
        return None
    if direction not in ("out", "in") or not isinstance(message, dict):
        return None
    what = Entry(float(t), direction, message)
    match message.get("type"):
        case "":
            good = isinstance(message.get("text"), str)
        case "closed":
            good = isinstance(message.get("code"), int | None)
        case "input.audio" if what.is_audio:
            good = all(isinstance(message.get(name), int) for name in ("length", "crc"))
        case kind:
            good = isinstance(kind, str)
    return what if good else None


def _values(path: Path, lines: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise RecordingError(f"{path}, line {number}: that is no JSON object, so this is no cassette.")
        yield number, value


def _check_header(path: Path, header: dict[str, Any]) -> None:
    if "cassette" not in header:
        raise RecordingError(f"{path} is no cassette: its first line says nothing of one.")
    if header["cassette"] != FORMAT:
        raise RecordingError(
            f"The cassette {path} has format {header['cassette']!r}; this version reads {FORMAT}.",
            remedy="Record it again, or install a newer version of voicenb.",
        )
