"""Things once made, kept on disk: written whole or not at all, and made anew when they are damaged."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path

_DIGEST = hashlib.sha256().digest_size

_PRUNED_EVERY = 64
"""Writes between two looks at how much there is."""


def cache_folder() -> Path:
    """Where things are kept between runs: ``VOICENB_CACHE``, or the user's cache folder on this platform."""
    if chosen := os.environ.get("VOICENB_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "voicenb"


def key(*parts: str | bytes) -> str:
    """A name for what these parts determine; another order or another border between them is another name."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


class Shelf:
    """Byte strings by name in a folder. A disk that is full or read-only makes it useless, never broken.

    Args:
        folder: made when the first thing is kept.
        limit: bytes; beyond them the oldest go.
    """

    def __init__(self, folder: Path, *, limit: int = 256_000_000) -> None:
        self._folder = folder
        self._limit = limit
        self._writes = 0

    def get(self, name: str) -> bytes | None:
        """What was kept under ``name``, or None when there is nothing or it is damaged."""
        try:
            data = self._path(name).read_bytes()
        except OSError:
            return None
        kept, digest = data[_DIGEST:], data[:_DIGEST]
        return kept if hashlib.sha256(kept).digest() == digest else None

    def put(self, name: str, data: bytes) -> None:
        """Keep ``data`` under ``name``."""
        path = self._path(name)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(data).digest() + data)
                Path(draft).replace(path)
            except OSError:
                Path(draft).unlink(missing_ok=True)
                raise
            self._writes += 1
            if self._writes % _PRUNED_EVERY == 0:
                self._prune()

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _prune(self) -> None:
        files = []
        for path in self._folder.glob("*/*"):
            with contextlib.suppress(OSError):
                about = path.stat()
                files.append((about.st_mtime, about.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self._limit:
                return
            path.unlink(missing_ok=True)
            total -= size
