"""Encoded sound in the database: in chunks, so that nobody waits long for a long call."""

from __future__ import annotations

from voicenb.emulator.database import Database

CHUNK = 256 << 10
"""Bytes of a row."""


class Shelf:
    """The sound that a file keeps.

    Rows count down, so that sound whose row 0 is there is whole.

    Args:
        database: what a crash left unfinished in it is removed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        database.write("DELETE FROM audio WHERE session_id NOT IN (SELECT session_id FROM audio WHERE n = 0)")

    def put(self, session_id: str, ogg: bytes) -> None:
        """Keep a file."""
        starts = range(0, len(ogg), CHUNK)
        for n, at in zip(reversed(range(len(starts))), starts, strict=True):
            self._database.write(
                "INSERT OR REPLACE INTO audio VALUES (?, ?, ?)", session_id, n, ogg[at : at + CHUNK]
            )

    def has(self, session_id: str) -> bool:
        """Whether a session's sound is here."""
        return bool(self._database.read("SELECT 1 FROM audio WHERE session_id = ? AND n = 0", session_id))

    def get(self, session_id: str) -> bytes | None:
        """The file, if it is here."""
        question = "SELECT n FROM audio WHERE session_id = ? ORDER BY n DESC"
        numbers = [row[0] for row in self._database.read(question, session_id)]
        if numbers[-1:] != [0]:
            return None
        chunks: list[bytes] = []
        for n in numbers:
            chunk = "SELECT data FROM audio WHERE session_id = ? AND n = ?"
            chunks += [row[0] for row in self._database.read(chunk, session_id, n)]
        return b"".join(chunks) if len(chunks) == len(numbers) else None

    def remove(self, session_id: str) -> None:
        """Drop a session's sound."""
        self._database.write("DELETE FROM audio WHERE session_id = ?", session_id)
