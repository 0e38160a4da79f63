"""Speech over the agent: does the caller want the floor?

It does when the speech has lasted ``interruption_delay`` beyond its second frame, unless the words so far
are only a back-channel (which may take up to 1 s). Due before there are any words, the decision waits for a
partial, up to 300 ms.
"""

from __future__ import annotations

from typing import Literal

from voicenb.turn_taking.backchannel import is_backchannel
from voicenb.turn_taking.settings import Settings
from voicenb.turn_taking.stand_in import SHORTEST_PAUSE

WAIT_FOR_WORDS = 0.3
LONGEST_BACKCHANNEL = 1.0
WORDS_APART = 0.5
"""Seconds of silence after which words are no longer of one utterance: where the ears end a segment, too."""

_HAIR = 1e-6

Verdict = Literal["wait", "interrupt", "listen"]
"""Not (yet) an interruption; one; one that must not stop the agent (``interrupt_response`` is off)."""


class BargeIn:
    """One utterance over the agent. Times in seconds of the track.

    Args:
        onset: where the speech began.
        since: the end of its second frame, from which ``interruption_delay`` counts.
    """

    def __init__(self, onset: float, since: float) -> None:
        self.onset = onset
        self.since = since
        self._due: float | None = None

    @property
    def due(self) -> bool:
        """Whether the speech has lasted long enough; only its words may still speak against it."""
        return self._due is not None

    def resume(self, onset: float, since: float, pause: float, text: str) -> None:
        """The caller goes on after a silence. A real pause starts the count anew, a stop consonant not.

        Nor does a short pause in the middle of words: neither half of "half past … eight" may last for the
        delay.

        Args:
            onset: where the speech goes on.
            since: the end of its second frame.
            pause: seconds of the silence.
            text: the words before it, empty while there are none.
        """
        meant = bool(text.strip()) and not is_backchannel(text)
        if pause >= (WORDS_APART if meant else SHORTEST_PAUSE):
            self.onset, self.since = onset, since

    def frame(self, now: float, speech_end: float, text: str, settings: Settings) -> Verdict:
        """The verdict at the end of a frame.

        Args:
            now: the frame's end.
            speech_end: the end of the last frame of speech.
            text: the words so far, empty while there are none.
            settings: in force.
        """
        if self._due is None and speech_end - self.since >= settings.interruption_delay / 1000 - _HAIR:
            self._due = now
        if self._due is None:
            return "wait"
        if not text.strip():
            meant = now - self._due >= WAIT_FOR_WORDS - _HAIR
        elif is_backchannel(text):
            meant = speech_end - self.onset > LONGEST_BACKCHANNEL + _HAIR
        else:
            meant = True
        if not meant:
            return "wait"
        return "interrupt" if settings.interrupt_response else "listen"
