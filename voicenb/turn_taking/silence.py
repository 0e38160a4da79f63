"""The silence at hand: what is due in it, and whether it ends the turn."""

from __future__ import annotations

from typing import Literal

from voicenb.turn_taking.completeness import LISTENED, Completeness
from voicenb.turn_taking.decide import Ending, Pauses, Silences, decide
from voicenb.turn_taking.decisions import BeginFinal, CheckComplete, Decision, LoneStop, TurnEnded
from voicenb.turn_taking.question import NEVER, Question
from voicenb.turn_taking.segmenter import FRAME_SECONDS

FINAL_AFTER = 0.2
"""Seconds of silence after which the final is begun; sooner where ``min_silence`` leaves less time."""

_FINAL_TAKES = 0.3
_HAIR = 1e-6


class Silence:
    """Judges the silences of one caller's turns, one after the other.

    Args:
        question: what is known of the words.
        completeness: asked whether they look complete; None asks a judge of the sound with `CheckComplete`.
    """

    def __init__(self, question: Question, completeness: Completeness | None) -> None:
        self._question = question
        self._completeness = completeness
        self._final_begun = self._asked = False

    def renew(self) -> None:
        """Another silence is to come."""
        self._question.renew()
        self._final_begun = self._asked = False

    def judge(
        self, now: float, onset: float, end: float, limits: Silences, *, offset: float, recognizing: bool
    ) -> list[Decision]:
        """What is decided at the end of a frame of silence.

        Args:
            now: the frame's end, in seconds counted in frames, as are the next two.
            onset: where the turn began.
            end: where its speech ended.
            limits: in force.
            offset: of the caller's clock to the count of frames.
            recognizing: whether the ears are at work on the turn: what has no words yet may have some then.
        """
        decided: list[Decision] = []
        silence = now - end
        at, began, ended = now + offset, onset + offset, end + offset
        after = min(FINAL_AFTER, max(limits.min_silence / 1000 - _FINAL_TAKES, 2 * FRAME_SECONDS))
        if not self._final_begun and silence >= after - _HAIR:
            self._final_begun = recognizing = True
            decided.append(BeginFinal(at, began, ended))
        if self._completeness is None:
            if not self._asked and silence >= LISTENED - _HAIR:
                self._asked = True
                decided.append(CheckComplete(at, began, ended, self._question.said(end)))
        elif silence * 1000 >= limits.min_silence - _HAIR and self._question.due(end):
            self._question.ask(self._completeness, silence, end)
        worded = self._question.has_words or recognizing
        complete_at = self._question.complete_at if worded else NEVER
        by = Ending(int(decide(Pauses(silence, complete_at), limits).by))
        if by is Ending.NONE:
            return decided
        if worded:
            limit: Literal["min_silence", "max_silence"] = (
                "min_silence" if by is Ending.MIN_SILENCE else "max_silence"
            )
            decided.append(TurnEnded(at, began, ended, limit, self._question.text))
        else:
            decided.append(LoneStop(at, began, ended))
        return decided
