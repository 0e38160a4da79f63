"""The question that a silence puts: do the words so far look complete? Each silence of a turn asks anew."""

from __future__ import annotations

from voicenb.turn_taking.completeness import Completeness, Said, Utterance
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
        self._grown: list[Said] = []

    @property
    def has_words(self) -> bool:
        """Whether there are words at all."""
        return bool(self.text.strip())

    def hear(self, text: str, until: float, now: float | None = None) -> None:
        """All words so far, known ``now``, from ears that had heard everything ``until`` then."""
        self.text, self._heard_until, self._new = text, until, True
        self._grown.append((until if now is None else now, text))

    def said(self, speech_end: float) -> tuple[Said, ...]:
        """How the words grew, counted from the end of the speech."""
        return tuple((at - speech_end, text) for at, text in self._grown)

    def forget(self) -> None:
        """Another utterance begins: no words yet."""
        self.text, self._heard_until = "", NEVER
        self._grown.clear()
        self.renew()

    def renew(self) -> None:
        """Another silence is to come: judged by itself, with the words that are there then."""
        self.complete_at, self._new = NEVER, True

    def due(self, speech_end: float) -> bool:
        """Whether there is something new to judge: words not judged yet, from ears that are not behind."""
        return self._new and self.has_words and self._heard_until >= speech_end - _BEHIND

    def ask(self, judge: Completeness, silence: float, speech_end: float) -> None:
        """Let ``judge`` look at the words, ``silence`` seconds into the silence behind ``speech_end``."""
        self._new = False
        complete = judge.looks_complete(Utterance(self.text, self.said(speech_end)))
        self.complete_at = silence if complete else NEVER

    def settle(self) -> None:
        """A judge of the sound says yes."""
        self.complete_at = 0.0
