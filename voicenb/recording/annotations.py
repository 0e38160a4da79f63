"""Notes and tags of a recording, in a file of their own beside it: the recording itself never changes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, MutableSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.recording.layout import NOTES
from voicenb.recording.recorder import replace


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody noted of a call.

    Attributes:
        text: as it was written.
        at: seconds on the call's clock; None for the call as a whole.
        written: when, by the wall clock (ISO).
    """

    text: str
    at: float | None = None
    written: str = ""

    def __str__(self) -> str:
        place = "" if self.at is None else f"{int(self.at) // 60}:{self.at % 60:04.1f}  "
        return f"{place}{self.text}"


@dataclass(frozen=True, slots=True)
class Annotations:
    """All notes, by time with those of the whole call first, and all tags, as they were given."""

    notes: tuple[Note, ...] = ()
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.notes or self.tags)

    @classmethod
    def read(cls, folder: Path) -> Annotations:
        """Those beside a recording.

        Raises:
            RecordingError: the file is there and cannot be read.
        """
        path = folder / NOTES
        try:
            told = msgspec.json.decode(path.read_bytes(), type=_File)
        except FileNotFoundError:
            return cls()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RecordingError(
                f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.",
                remedy="It holds notes and tags only: move it away, and the recording is without them.",
                path=str(path),
            ) from error
        return cls(_in_order(told.notes), tuple(dict.fromkeys(told.tags)))

    def write(self, folder: Path) -> None:
        """Put them beside a recording; none leave no file.

        Raises:
            RecordingError: the folder cannot be written to.
        """
        path = folder / NOTES
        try:
            if not self:
                path.unlink(missing_ok=True)
                return
            draft = path.with_name(f"{NOTES}.part")
            draft.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
            replace(draft, path)
        except OSError as error:
            raise RecordingError(
                f"Notes and tags cannot be written to {folder}: {error.strerror or error}.",
                remedy='Save a copy where you may write, as in call.save("calls/lido"), and note it there.',
                folder=str(folder),
            ) from error

    def with_note(self, note: Note) -> Annotations:
        """These and one more."""
        return Annotations(_in_order([*self.notes, note]), self.tags)

    def without_note(self, note: Note) -> Annotations:
        """These but one.

        Raises:
            InvalidConfiguration: it is none of these.
        """
        if note not in self.notes:
            raise InvalidConfiguration(
                f"The recording has no such note: {note!r}.", remedy="Take one of call.notes.", param="note"
            )
        left = list(self.notes)
        left.remove(note)
        return Annotations(tuple(left), self.tags)

    def with_tags(self, tags: Iterable[str]) -> Annotations:
        """The same notes with these tags.

        Raises:
            InvalidConfiguration: one is no text, or an empty one.
        """
        found = [tags] if isinstance(tags, str) else list(tags)
        for tag in found:
            if not isinstance(tag, str) or not tag.strip():
                raise InvalidConfiguration(f"A tag is a text, not {tag!r}.", param="tags")
        return Annotations(self.notes, tuple(dict.fromkeys(tag.strip() for tag in found)))

    def between(self, begin: float, end: float) -> Annotations:
        """What of them belongs to a part of the call, on its own clock; notes of the whole call do."""
        kept = [
            Note(note.text, None if note.at is None else round(note.at - begin, 6), note.written)
            for note in self.notes
            if note.at is None or begin <= note.at < end
        ]
        return Annotations(tuple(kept), self.tags)


class Tags(MutableSet[str]):
    """The tags of a recording, as a set: ``call.tags.add("billing")`` writes it down at once.

    Args:
        get: gives the tags as they stand.
        put: writes others in their place.
    """

    def __init__(self, get: Callable[[], tuple[str, ...]], put: Callable[[Iterable[str]], None]) -> None:
        self._get = get
        self._put = put

    def __contains__(self, tag: object) -> bool:
        return tag in self._get()

    def __iter__(self) -> Iterator[str]:
        return iter(self._get())

    def __len__(self) -> int:
        return len(self._get())

    def add(self, value: str) -> None:
        """Give it this tag.

        Raises:
            InvalidConfiguration: that is no text.
            RecordingError: the folder cannot be written to.
        """
        self._put([*self._get(), value])

    def discard(self, value: str) -> None:
        """Take this tag away, if it has it.

        Raises:
            RecordingError: the folder cannot be written to.
        """
        if value in self:
            self._put([tag for tag in self._get() if tag != value])

    @classmethod
    def _from_iterable(cls, it: Iterable[str]) -> set[str]:  # type: ignore[override]
        return set(it)

    def __repr__(self) -> str:
        return f"{{{', '.join(map(repr, self))}}}"


class _File(msgspec.Struct):
    notes: list[Note] = []
    tags: list[str] = []


def new_note(text: str, at: float | None, duration: float | None) -> Note:
    """A note of now.

    Args:
        text: not empty.
        at: seconds on the call's clock, or None.
        duration: of the call; None while that grows.

    Raises:
        InvalidConfiguration: it says nothing, or its moment is none of the call's.
    """
    if not isinstance(text, str) or not text.strip():
        raise InvalidConfiguration(f"A note is a text, not {text!r}.", param="text")
    if at is not None and not _is_in(at, duration):
        lasts = "" if duration is None else f", which lasts {duration:.1f} s"
        raise InvalidConfiguration(
            f"at={at!r} is no second of the call{lasts}.",
            remedy="Give seconds on the call's clock, or leave at= out for a note of the whole call.",
            param="at",
        )
    written = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return Note(text.strip(), None if at is None else round(float(at), 6), written)


def _is_in(at: Any, duration: float | None) -> bool:
    number = isinstance(at, int | float) and not isinstance(at, bool)
    return number and 0 <= at <= (float("1e12") if duration is None else duration)


def _in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: -1.0 if note.at is None else note.at))
