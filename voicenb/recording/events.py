"""The events of a recording: what all have in common as columns, the rest read when it is asked for.

An hour has a quarter of a million of them. As dicts they would take a second to read and 200 MB to keep; here
it is their text, some 40 MB, and 44 bytes for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, overload

import msgspec
import numpy as np

from voicenb.recording.layout import TRACKS, JSONObject

if TYPE_CHECKING:
    import numpy.typing as npt

    Indices = npt.NDArray[np.intp]

BLOCK = 1 << 20
"""Bytes of text that are read at once."""

NONE = -1
"""Stands for a number or a name that an event has not."""

_COLUMNS = np.dtype(
    [
        ("at", "<i8"),  # where its line begins in the text
        ("size", "<i4"),
        ("t", "<f8"),
        ("n", "<i8"),
        ("kind", "<i4"),  # direction, type and track
        ("start", "<i8"),
        ("samples", "<i4"),
    ]
)
_decoder = msgspec.json.Decoder(dict[str, Any])


class _Kinds(dict[tuple[str, str, str], int]):
    """A number for each direction, type and track that there is."""

    def __missing__(self, kind: tuple[str, str, str]) -> int:
        self[kind] = number = len(self)
        return number


class _Message(msgspec.Struct, gc=False):
    """That it is an object is enough to know."""


class _Head(msgspec.Struct, gc=False):
    """What is read of every event; of names that are few there is one text for all."""

    t: float
    dir: Literal["in", "out", "local"]
    type: str
    n: int = NONE
    msg: _Message | None = None
    track: Literal["caller", "agent", ""] = ""
    start: int = NONE
    samples: int = NONE


_heads = msgspec.json.Decoder(_Head)


class Events(Sequence[JSONObject]):
    """Numbered events, oldest first, each a dict as it stands in the file; it may grow.

    What is looked up or iterated is read from the text again each time. :meth:`select` reads those of some
    types only, and :attr:`t` the times of all without reading any.
    """

    def __init__(self) -> None:
        self._text = bytearray()
        self._columns = np.zeros(256, _COLUMNS)
        self._count = 0
        self._kinds = _Kinds()

    # --- as a sequence ---

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> JSONObject: ...
    @overload
    def __getitem__(self, at: slice) -> list[JSONObject]: ...
    def __getitem__(self, at: int | slice) -> JSONObject | list[JSONObject]:
        """One event, or a list of some."""
        if isinstance(at, slice):
            return list(self._read(range(*at.indices(self._count))))
        number = at + self._count if at < 0 else at
        if not 0 <= number < self._count:
            raise IndexError(f"There are {self._count} events; none is number {at}.")
        return self._one(number)

    def __iter__(self) -> Iterator[JSONObject]:
        begin = 0
        while begin < self._count:  # it may grow meanwhile
            stop = min(begin + 4096, self._count)
            yield from self._read(range(begin, stop))
            begin = stop

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Events):
            return self._text == other._text or list(self) == list(other)
        return list(self) == other if isinstance(other, list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self._count:,} events>"

    # --- as columns ---

    @property
    def t(self) -> npt.NDArray[np.float64]:
        """When each was, in the engine's seconds; shape ``(n,)``, read-only."""
        times: npt.NDArray[np.float64] = self._column("t")
        return times

    def places(self, track: str) -> tuple[Indices, npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """The events that went with sound of a track.

        Args:
            track: ``"caller"`` or ``"agent"``.

        Returns:
            Which they are, when they were (seconds), and of the track the first sample and how many, in two
            columns.
        """
        rows = self._columns[: self._count]
        kinds = [code for (_, _, name), code in self._kinds.items() if name == track]
        which = np.isin(rows["kind"], kinds) & (rows["start"] >= 0) & (rows["samples"] > 0)
        found = np.flatnonzero(which)
        sound = np.stack([rows["start"][found], rows["samples"][found].astype(np.int64)], axis=1)
        return found, rows["t"][found], sound

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The number of each, -1 where it has none; shape ``(n,)``, read-only."""
        numbers: npt.NDArray[np.int64] = self._column("n")
        return numbers

    def find(self, *types: str, direction: str | None = None, since: int = 0) -> Indices:
        """Which are of these types.

        Args:
            *types: e.g. ``"heard"``.
            direction: ``"in"``, ``"out"`` or ``"local"``; None for all.
            since: only from this one on.
        """
        wanted = [
            code for (way, kind, _), code in self._kinds.items() if kind in types and direction in (None, way)
        ]
        kinds = self._columns["kind"][since : self._count]
        found = np.zeros(len(kinds), bool)
        for code in wanted:
            found |= kinds == code
        return np.flatnonzero(found) + since

    def select(self, *types: str, direction: str | None = None, since: int = 0) -> Iterator[JSONObject]:
        """The events of some types, in order; the others are not read. Arguments as of :meth:`find`."""
        return map(self._one, self.find(*types, direction=direction, since=since).tolist())

    def without(self, *kinds: tuple[str, str], since: int = 0) -> Iterator[JSONObject]:
        """The events from ``since`` on but those of some directions and types."""
        left_out = [code for (way, kind, _), code in self._kinds.items() if (way, kind) in kinds]
        which = self._columns["kind"][since : self._count]
        keep = np.ones(len(which), bool)
        for code in left_out:
            keep &= which != code
        return map(self._one, (np.flatnonzero(keep) + since).tolist())

    # --- growing ---

    def append(self, text: bytes) -> None:
        """Take whole lines. One that is no event is left out.

        Args:
            text: ends with a newline.
        """
        begin = 0
        while begin < len(text):
            stop = text.find(b"\n", min(len(text), begin + BLOCK) - 1) + 1
            self._add(text[begin:stop])
            begin = stop

    def _add(self, block: bytes) -> None:
        ends = np.flatnonzero(np.frombuffer(block, np.uint8) == 10) + 1
        begins = np.concatenate([[0], ends[:-1]])
        try:
            str(block, "utf-8")  # what is passed over would not be looked at
            heads = _heads.decode_lines(block)
            whole = len(heads) == len(ends)
            rows = self._rows(heads) if whole else []
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError):
            whole = False
        if not whole:
            lines = [block[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
            known = [_lenient(line) for line in lines]
            kept = [n for n, head in enumerate(known) if head is not None]
            begins, ends = begins[kept], ends[kept]
            rows = self._rows([head for head in known if head is not None])
        if not len(ends):
            return
        added = np.zeros(len(ends), _COLUMNS)
        added["at"], added["size"] = begins + len(self._text), ends - begins
        for name, values in rows:
            added[name] = values
        self._make_room(len(added))
        self._columns[self._count : self._count + len(added)] = added
        self._text += block
        self._count += len(added)

    def _rows(self, heads: Sequence[_Head]) -> list[tuple[str, Any]]:
        """Each column of these; without a loop in Python, for there may be a quarter of a million."""
        kinds = map(self._kinds.__getitem__, map(attrgetter("dir", "type", "track"), heads))
        columns = [("kind", kinds)]
        columns += [(name, map(attrgetter(name), heads)) for name in ("t", "n", "start", "samples")]
        return [(name, np.fromiter(values, _COLUMNS[name], len(heads))) for name, values in columns]

    def _make_room(self, more: int) -> None:
        if self._count + more > len(self._columns):
            room = np.zeros(max(2 * len(self._columns), self._count + more), _COLUMNS)
            room[: self._count] = self._columns[: self._count]
            self._columns = room

    # --- reading ---

    def _one(self, number: int) -> JSONObject:
        begin, size = self._columns["at"][number].item(), self._columns["size"][number].item()
        return _decoder.decode(self._text[begin : begin + size])

    def _read(self, numbers: range) -> Iterable[JSONObject]:
        if numbers.step == 1 and len(numbers) > 1:
            begin, last = self._columns["at"][numbers[0]].item(), self._columns[numbers[-1]]
            end = last["at"].item() + last["size"].item()
            if end - begin == int(self._columns["size"][numbers[0] : numbers[-1] + 1].sum()):
                return _decoder.decode_lines(self._text[begin:end])  # no line between them is left out
        return map(self._one, numbers)

    def _column(self, name: str) -> Any:
        column = self._columns[name][: self._count]
        column.flags.writeable = False
        return column


def _lenient(line: bytes) -> _Head | None:
    """The head of a line that may be of another version, or damaged; None where it is no event."""
    try:
        event = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    msg = event.get("msg")
    if not (
        isinstance(event.get("t"), int | float)
        and isinstance(event.get("dir"), str)
        and isinstance(event.get("type"), str)
        and (msg is None or isinstance(msg, dict))
    ):
        return None
    track: Any = event.get("track")
    n, start, samples = (_number(event.get(name), most) for name, most in _NUMBERS)
    known: Any = track if isinstance(track, str) and track in TRACKS else ""
    return _Head(float(event["t"]), event["dir"], event["type"], n, None, known, start, samples)


_NUMBERS = (("n", 1 << 62), ("start", 1 << 62), ("samples", 1 << 31))


def _number(value: object, most: int) -> int:
    return value if type(value) is int and 0 <= value < most else NONE
