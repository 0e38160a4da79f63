"""The question that a silence puts: do the words so far look complete? Each silence of a turn asks anew."""

from __future__ import annotations

from voicenb.turn_taking.completeness import Completeness
from voicenb.turn_taking.segmenter import FRAME_SECONDS

_BEHIND = 2 * FRAME_SECONDS + 1e-6
"""Seconds of speech that ears may lack and still know all: the detector holds on longer than a word does."""

NEVER = float("inf")


class Question:
    """The words of an utterance, and when in the silence at hand they looked complete. Times in seconds.

    Attributes:
        text: the words so far.
        complete_at: seconds into this silence from which on they look complete; `NEVER` until they do.
    """

    def __init__(self) -> None:
        self.text = ""
        self.complete_at = NEVER
        self._heard_until = NEVER
        self._new = False

    @property
    def has_words(self) -> bool:
        """Whether there are words at all."""
        return bool(self.text.strip())

    def hear(self, text: str, until: float) -> None:
        """All words so far, from ears that had heard everything ``until`` then."""
        self.text, self._heard_until, self._new = text, until, True

    def forget(self) -> None:
        """Another utterance begins: no words yet."""
        self.text, self._heard_until = "", NEVER
        self.renew()

    def renew(self) -> None:
        """Another silence is to come: judged by itself, with the words that are there then."""
        self.complete_at, self._new = NEVER, True

    def due(self, speech_end: float) -> bool:
        """Whether there is something new to judge: words not judged yet, from ears that are not behind."""
        return self._new and self.has_words and self._heard_until >= speech_end - _BEHIND

    def ask(self, judge: Completeness, silence: float) -> None:
        """Let ``judge`` look at the words, ``silence`` seconds into the silence."""
        self._new = False
        self.complete_at = silence if judge.looks_complete(self.text) else NEVER

    def pass_on(self) -> str:
        """The words, for a judge that takes time; until `settle` they are not complete."""
        self._new, self.complete_at = False, NEVER
        return self.text

    def settle(self) -> None:
        """Such a judge says yes."""
        self.complete_at = 0.0
