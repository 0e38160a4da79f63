"""The sound of sessions on a temporary file, which is gone with the process however that ends."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from voicenb.emulator.history_tracks import Piece

Side = Literal["user", "agent"]

LIMIT = 2 << 30
"""Bytes of all sessions together, some six hours of both sides; beyond these the oldest sound is dropped."""

IN_MEMORY = 8
"""MiB of it that are kept in memory, over all sessions."""

CHUNK = 64 << 10
"""Bytes of a file that are written or read at once."""

SWEPT = 4
"""Pieces of what was dropped that are wiped with each new one: all at once, an hour would hold up a voice."""


@dataclass(slots=True)
class _Tape:
    number: int
    size: int = 0
    sealed: bool = False


class Tapes:
    """Keeps the sound of sessions: in pieces at first, as one file once it is encoded.

    SQLite makes the file where temporary files are made, and unlinks it at once. Nobody waits for long: the
    lock is held for one piece.

    Args:
        limit: bytes.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._tapes: dict[str, _Tape] = {}  # by session, oldest first
        self._dropped: list[int] = []
        self._count = self._total = 0
        self._lock = threading.Lock()
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._closing = weakref.finalize(self, self._connection.close)
        for statement in (
            f"PRAGMA cache_size = -{IN_MEMORY * 1024}",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE pieces (place INTEGER PRIMARY KEY, tape INTEGER, side TEXT, start REAL,"
            " encoding TEXT, data BLOB)",
            "CREATE INDEX pieces_of_side ON pieces (tape, side, place)",
        ):
            self._connection.execute(statement)

    def keep(self, session_id: str, side: Side, piece: Piece) -> None:
        """Take a piece; makes room where there is none."""
        with self._lock:
            tape = self._tapes.get(session_id)
            if tape is None:
                self._count += 1
                tape = self._tapes[session_id] = _Tape(self._count)
            self._add(tape, side, piece)

    def seal(self, session_id: str, ogg: bytes) -> bool:
        """Put the file that was made of a session's pieces in their place; False when they are gone."""
        with self._lock:
            whole = self._tapes.get(session_id)
            self._count += 1
            tape = _Tape(self._count, sealed=True)
        if whole is None:
            return False
        for at in range(0, len(ogg), CHUNK):
            with self._lock:
                self._add(tape, "file", Piece(0.0, "audio/ogg", ogg[at : at + CHUNK]))
        with self._lock:
            there = self._tapes.get(session_id) is whole
            if there:
                self._drop(session_id)
                self._tapes[session_id] = tape
            else:
                self._wipe_later(tape)
        return there

    def _add(self, tape: _Tape, side: str, piece: Piece) -> None:
        tape.size += len(piece.data)
        self._total += len(piece.data)
        while self._total > self._limit and len(self._tapes) > 1:
            self._drop(next(iter(self._tapes)))
        self._sweep()
        self._connection.execute(
            "INSERT INTO pieces (tape, side, start, encoding, data) VALUES (?, ?, ?, ?, ?)",
            (tape.number, side, piece.start, piece.encoding, piece.data),
        )

    def pieces(self, session_id: str, side: Side) -> Iterator[Piece]:
        """A side of a session, one piece after the other; ends where it is dropped meanwhile."""
        for row in self._rows(session_id, side):
            yield Piece(*row)

    def file(self, session_id: str) -> bytes | None:
        """The file of a session, once there is one."""
        with self._lock:
            tape = self._tapes.get(session_id)
        if tape is None or not tape.sealed:
            return None
        found = b"".join(row[2] for row in self._rows(session_id, "file"))
        return found if len(found) == tape.size else None

    def _rows(self, session_id: str, side: str) -> Iterator[tuple[Any, ...]]:
        place, number = 0, None
        while True:
            with self._lock:
                tape = self._tapes.get(session_id)
                if tape is None or number not in (None, tape.number):
                    return
                number = tape.number
                row = self._connection.execute(
                    "SELECT place, start, encoding, data FROM pieces"
                    " WHERE tape = ? AND side = ? AND place > ? ORDER BY place LIMIT 1",
                    (number, side, place),
                ).fetchone()
            if row is None:
                return
            place = row[0]
            yield row[1:]

    def has(self, session_id: str) -> bool:
        """Whether there is any sound of a session, in pieces or in one."""
        with self._lock:
            return session_id in self._tapes

    def forget(self, session_id: str) -> None:
        """Drop the sound of a session."""
        with self._lock:
            self._drop(session_id)

    def _drop(self, session_id: str) -> None:
        tape = self._tapes.pop(session_id, None)
        if tape is not None:
            self._wipe_later(tape)

    def _wipe_later(self, tape: _Tape) -> None:
        self._total -= tape.size
        self._dropped.append(tape.number)

    def _sweep(self) -> None:
        """Give some of the room back that dropped sound takes; the next pieces are written there."""
        if self._dropped:
            wiped = self._connection.execute(
                "DELETE FROM pieces WHERE place IN (SELECT place FROM pieces WHERE tape = ? LIMIT ?)",
                (self._dropped[0], SWEPT),
            ).rowcount
            if wiped < SWEPT:
                del self._dropped[0]

    def close(self) -> None:
        """Give the file back; may be called twice."""
        with self._lock:
            self._closing()
