"""The sound of sessions on a temporary file, which is gone with the process however that ends."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from typing import Literal

from voicenb.emulator.history_tracks import Piece

Side = Literal["user", "agent"]

LIMIT = 2 << 30
"""Bytes of all sessions together, some six hours of both sides; beyond these the oldest sound is dropped."""

IN_MEMORY = 8
"""MiB of it that are kept in memory, over all sessions."""


class Tapes:
    """Keeps the sound of sessions: in pieces at first, as one file once it is encoded.

    SQLite makes the file where temporary files are made, and unlinks it at once.

    Args:
        limit: bytes.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._sizes: dict[str, int] = {}  # by session, oldest first
        self._total = 0
        self._lock = threading.Lock()
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._closing = weakref.finalize(self, self._connection.close)
        for statement in (
            f"PRAGMA cache_size = -{IN_MEMORY * 1024}",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE pieces (place INTEGER PRIMARY KEY, session TEXT, side TEXT, start REAL,"
            " encoding TEXT, data BLOB)",
            "CREATE INDEX pieces_of_side ON pieces (session, side, place)",
            "CREATE TABLE files (session TEXT PRIMARY KEY, ogg BLOB)",
        ):
            self._connection.execute(statement)

    def keep(self, session_id: str, side: Side, piece: Piece) -> None:
        """Take a piece; makes room where there is none."""
        with self._lock:
            self._make_room(session_id, len(piece.data))
            self._connection.execute(
                "INSERT INTO pieces (session, side, start, encoding, data) VALUES (?, ?, ?, ?, ?)",
                (session_id, side, piece.start, piece.encoding, piece.data),
            )

    def seal(self, session_id: str, ogg: bytes | None) -> bool:
        """Drop a session's pieces for the file that was made of them, if it is to be kept here.

        Returns:
            False where there are none any more: nothing is kept then.
        """
        with self._lock:
            if session_id not in self._sizes:
                return False
            self._drop(session_id)
            if ogg is not None:
                self._make_room(session_id, len(ogg))
                self._connection.execute("INSERT INTO files VALUES (?, ?)", (session_id, ogg))
            return True

    def file(self, session_id: str) -> bytes | None:
        """The file of a session, once there is one."""
        with self._lock:
            question = "SELECT ogg FROM files WHERE session = ?"
            row = self._connection.execute(question, (session_id,)).fetchone()
        return None if row is None else bytes(row[0])

    def _make_room(self, session_id: str, size: int) -> None:
        self._sizes[session_id] = self._sizes.get(session_id, 0) + size
        self._total += size
        while self._total > self._limit and len(self._sizes) > 1:
            self._drop(next(iter(self._sizes)))

    def pieces(self, session_id: str, side: Side) -> Iterator[Piece]:
        """A side of a session, one piece after the other."""
        place = 0
        while True:
            with self._lock:
                row = self._connection.execute(
                    "SELECT place, start, encoding, data FROM pieces"
                    " WHERE session = ? AND side = ? AND place > ? ORDER BY place LIMIT 1",
                    (session_id, side, place),
                ).fetchone()
            if row is None:
                return
            place = row[0]
            yield Piece(*row[1:])

    def has(self, session_id: str) -> bool:
        """Whether there is any sound of a session, in pieces or in one."""
        with self._lock:
            return session_id in self._sizes

    def forget(self, session_id: str) -> None:
        """Drop the sound of a session."""
        with self._lock:
            self._drop(session_id)

    def _drop(self, session_id: str) -> None:
        size = self._sizes.pop(session_id, None)
        if size is not None:
            self._total -= size
            for table in ("pieces", "files"):
                self._connection.execute(f"DELETE FROM {table} WHERE session = ?", (session_id,))

    def close(self) -> None:
        """Give the file back; may be called twice."""
        with self._lock:
            self._closing()
