"""Ears that remember what they have heard."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voicenb.emulator.recognizer import Recognizer
from voicenb.emulator.voices.shelf import Shelf, key

if TYPE_CHECKING:
    from voicenb.emulator.recognizer import Samples

_MAKE = "3"
"""Raised when the same sound would be heard otherwise than before."""


class CachedRecognizer:
    """Hears through another recogniser, and the same sound again from memory. Several threads may call it.

    Its stated cost is that of the recogniser behind it: a run on the virtual clock is the same cold and warm.

    Args:
        recognizer: who hears.
        folder: keeps what was heard for later runs, by a hash of the sound, never the sound; None keeps it in
            memory only. See :func:`voicenb.emulator.voices.shelf.cache_folder`.
        limit: texts kept in memory.
    """

    def __init__(self, recognizer: Recognizer, folder: Path | None = None, *, limit: int = 4096) -> None:
        self.recognizer = recognizer
        self._shelf = Shelf(folder / "words", limit=32_000_000) if folder else None
        self._limit = limit
        self._known: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the recogniser behind it."""
        return self.recognizer.name

    @property
    def cost(self) -> float:
        """The cost of the recogniser behind it."""
        return self.recognizer.cost

    def transcribe(self, samples: Samples, keyterms: Sequence[str] = (), expected: Sequence[str] = ()) -> str:
        """The words of ``samples``; see :class:`voicenb.emulator.recognizer.Recognizer`."""
        name = key(_MAKE, self.recognizer.name, samples.astype("<f4").tobytes(), *keyterms, *("", *expected))
        with self._lock:
            if name in self._known:
                self._known.move_to_end(name)
                return self._known[name]
        kept = self._shelf.get(name) if self._shelf else None
        text = kept.decode() if kept is not None else self.recognizer.transcribe(samples, keyterms, expected)
        if kept is None and self._shelf:
            self._shelf.put(name, text.encode())
        with self._lock:
            self._known[name] = text
            while len(self._known) > self._limit:
                self._known.popitem(last=False)
        return text

    def warm(self) -> None:
        """Make the recogniser behind it ready."""
        warm = getattr(self.recognizer, "warm", None)
        if warm:
            warm()
