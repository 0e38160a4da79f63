"""The one place that keeps: SQLite, in memory or in a file."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from voicenb.errors import InvalidConfiguration

APPLICATION = 0x766E6231
"""In the file's header: it is an emulator's ("vnb1")."""

VERSION = 2
"""Of the tables."""

TABLES = (
    "CREATE TABLE agents (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " body TEXT NOT NULL)",
    "CREATE TABLE sessions (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, agent_id TEXT,"
    " status TEXT NOT NULL, body TEXT NOT NULL, timeline TEXT, metadata TEXT, complete_at REAL,"
    " deleted INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE audio (session_id TEXT NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL,"
    " PRIMARY KEY (session_id, n))",
    "CREATE TABLE subscriptions (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " body TEXT NOT NULL)",
    "CREATE TABLE deliveries (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " session_id TEXT NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL)",
    "CREATE INDEX deliveries_of_session ON deliveries (session_id)",
)
SINCE_2 = (
    "CREATE TABLE tokens (digest TEXT PRIMARY KEY, redeem_until REAL NOT NULL,"
    " longest_session INTEGER NOT NULL, owner TEXT NOT NULL)",
    "CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)

Row = tuple[Any, ...]


class Database:
    """Rows that are there as soon as `write` has returned, also after a crash of the process.

    A file holds secrets in the clear (headers of HTTP tools, keys of models, secrets of webhooks): it is
    made with mode 0600, readable by its owner only, and belongs to one emulator at a time. Where it is
    written to, the write-ahead log is synchronised at each commit (``synchronous=FULL``).

    Args:
        path: of the file, made where there is none; None keeps everything in memory.

    Attributes:
        last_written: when the file was written last before that, in epoch seconds; None where it is new.

    Raises:
        InvalidConfiguration: the file cannot be opened, is another emulator's at the moment, is damaged, or
            is something else. Nothing in it has been changed then.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self.path = None if path is None else Path(path).expanduser()
        self.last_written: float | None = None
        self._lock = threading.RLock()  # sound is written from a thread of the background
        if self.path is None:
            self._connection = _connect(":memory:")
            self._make()
        else:
            self._connection = self._open(self.path)
        self._closing = weakref.finalize(self, self._connection.close)

    @property
    def keeps(self) -> bool:
        """Whether what is written outlives the process."""
        return self.path is not None

    def read(self, statement: str, *values: Any) -> list[Row]:
        """The rows of a query."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def write(self, statement: str, *values: Any) -> int:
        """Change something, for good; returns the place of a row that was inserted."""
        with self._lock:
            return int(self._connection.execute(statement, values).lastrowid or 0)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is written inside is written whole, or not at all."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # some faults have rolled it back already
                    self._connection.execute("ROLLBACK")
                raise

    def newest(self, table: str) -> int:
        """The highest place that a row of ``table`` ever had; 0 before the first."""
        rows = self.read("SELECT seq FROM sqlite_sequence WHERE name = ?", table)
        return int(rows[0][0]) if rows else 0

    def secret(self, name: str, fresh: str) -> str:
        """The secret of that name; ``fresh`` from now on, where there is none yet."""
        with self._lock:
            self.write("INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)", name, fresh)
            return str(self.read("SELECT value FROM secrets WHERE name = ?", name)[0][0])

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        with self._lock:
            self._closing()

    # --- opening a file ---

    def _open(self, path: Path) -> sqlite3.Connection:
        try:
            self.last_written = _last_written(path)
            with contextlib.suppress(FileExistsError):
                # Never one that exists: closing it would drop the locks of another emulator of this process.
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            connection = _connect(str(path))
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, f"cannot be opened: {_reason(error)}") from None
        try:
            self._connection = connection
            self._take(path, connection)
        except sqlite3.Error as error:
            connection.close()
            raise self._explained(path, error) from None
        except BaseException:
            connection.close()
            raise
        return connection

    def _take(self, path: Path, connection: sqlite3.Connection) -> None:
        """See that it is ours before anything is written, and keep others out."""
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        application, version, tables = (
            connection.execute(question).fetchone()[0]
            for question in (
                "PRAGMA application_id",
                "PRAGMA user_version",
                "SELECT count(*) FROM sqlite_master",
            )
        )
        connection.execute("COMMIT")
        new = (application, version, tables) == (0, 0, 0)
        if not new and application != APPLICATION:
            raise _unusable(path, "holds something else than an emulator's state")
        if version > VERSION:
            raise _unusable(
                path, f"was written by a newer voicenb (format {version}, this one knows {VERSION})"
            )
        connection.execute("PRAGMA journal_mode = WAL")
        for file in (path, path.with_name(path.name + "-wal")):
            if os.name == "posix" and file.exists():
                file.chmod(0o600)
        connection.execute("PRAGMA synchronous = FULL")
        if new:
            self._make()
        elif version < VERSION:
            self._bring_up_to_date(SINCE_2)

    def _make(self) -> None:
        self._bring_up_to_date((f"PRAGMA application_id = {APPLICATION}", *TABLES, *SINCE_2))

    def _bring_up_to_date(self, statements: tuple[str, ...]) -> None:
        with self.together():
            for statement in (*statements, f"PRAGMA user_version = {VERSION}"):
                self._connection.execute(statement)

    @staticmethod
    def _explained(path: Path, error: sqlite3.Error) -> InvalidConfiguration:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return InvalidConfiguration(
                f"{path} is in use by another emulator.",
                remedy="Stop that one, or give this one a file of its own.",
                path=str(path),
            )
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return _unusable(path, "is damaged, or holds something else than an emulator's state")
        return _unusable(path, f"cannot be used: {_reason(error)}")


def _last_written(path: Path) -> float | None:
    """When a file or its log was changed last."""
    files = [file for file in (path, path.with_name(path.name + "-wal")) if file.exists()]
    return max((file.stat().st_mtime for file in files), default=None)


def _connect(name: str) -> sqlite3.Connection:
    # An emulator that is not entered runs on whatever thread calls it.
    return sqlite3.connect(name, timeout=0.2, isolation_level=None, check_same_thread=False)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _unusable(path: Path, why: str) -> InvalidConfiguration:
    return InvalidConfiguration(
        f"{path} {why}.",
        remedy="Nothing was changed in it. Give the path of a new file, or of one that an emulator has made.",
        path=str(path),
    )
