"""The mouth's protocol: what turns words into sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word with its place in the sound of its clause, in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of synthetic speech.

    Attributes:
        text: the words, as they were given.
        pcm: PCM16 mono at 24 kHz.
        words: where each word lies in ``pcm``.
    """

    text: str
    pcm: bytes
    words: tuple[Word, ...]


class Mouth(Protocol):
    """Synthesises speech. Called on the processor."""

    @property
    def name(self) -> str:
        """What the panel and the timeline call it, e.g. ``"piper"``."""
        ...

    @property
    def cost(self) -> float:
        """Stated seconds of work per second of sound, used on the virtual clock."""
        ...

    def say(self, text: str, voice: str) -> Clause:
        """One clause (see :func:`voicenb.emulator.voices.clauses.clauses`) in one of the API's voices, whole.

        Raises:
            UnspeakableText: there is nothing in ``text`` that can be said.
        """
        ...
