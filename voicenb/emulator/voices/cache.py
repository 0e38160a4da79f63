"""A mouth that remembers what it has said."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from pathlib import Path

from voicenb.emulator.mouth import Clause, Mouth, Word
from voicenb.emulator.voices.shelf import Shelf, key

_MAKE = "5"
"""Raised when the same words of the same mouth would sound otherwise than before."""


class CachedMouth:
    """Says through another mouth, and says again from memory. Several threads may call it at once.

    Its stated cost is that of the mouth behind it, so a run on the virtual clock is the same cold and warm.

    Args:
        mouth: who speaks.
        folder: keeps what was said for later runs; None keeps it in memory only. See
            :func:`voicenb.emulator.voices.shelf.cache_folder`.
        limit: bytes of sound kept in memory.
    """

    def __init__(self, mouth: Mouth, folder: Path | None = None, *, limit: int = 64_000_000) -> None:
        self.mouth = mouth
        self._shelf = Shelf(folder / "speech") if folder else None
        self._limit = limit
        self._size = 0
        self._known: OrderedDict[str, Clause] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the mouth behind it."""
        return self.mouth.name

    @property
    def cost(self) -> float:
        """The cost of the mouth behind it."""
        return self.mouth.cost

    def say(self, text: str, voice: str) -> Clause:
        """One clause; see :class:`voicenb.emulator.mouth.Mouth`."""
        name = key(_MAKE, self.mouth.name, str(getattr(self.mouth, "variant", "")), voice, text)
        with self._lock:
            if name in self._known:
                self._known.move_to_end(name)
                return self._known[name]
        clause = self._fetch(name, text)
        if clause is None:
            clause = self.mouth.say(text, voice)
            if self._shelf:
                self._shelf.put(name, _to_bytes(clause))
        self._remember(name, clause)
        return clause

    def warm(self) -> None:
        """Make the mouth behind it ready."""
        warm = getattr(self.mouth, "warm", None)
        if warm:
            warm()

    def _fetch(self, name: str, text: str) -> Clause | None:
        kept = self._shelf.get(name) if self._shelf else None
        return _from_bytes(kept, text) if kept is not None else None

    def _remember(self, name: str, clause: Clause) -> None:
        with self._lock:
            if name not in self._known:
                self._known[name] = clause
                self._size += len(clause.pcm)
            while self._size > self._limit and len(self._known) > 1:
                _, oldest = self._known.popitem(last=False)
                self._size -= len(oldest.pcm)


def _to_bytes(clause: Clause) -> bytes:
    words = [[word.text, word.start, word.end] for word in clause.words]
    return json.dumps(words).encode() + b"\n" + clause.pcm


def _from_bytes(kept: bytes, text: str) -> Clause:
    head, pcm = kept.split(b"\n", 1)
    return Clause(text, pcm, tuple(Word(*word) for word in json.loads(head)))
