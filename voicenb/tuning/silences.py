"""Every silence that a turn detector hears in a call at one ``vad_threshold``, and what a decision in it is.

A row is one silence of the detector's. A decision in it cuts a pause (``MID``), cuts speech or a silence that
is too short to be a pause (``SPEECH``), ends a turn (``END``), or falls into a doubtful silence
(``DOUBTFUL``). Silences that are no question of turn taking have no row.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from voicenb.tuning.evidence import Evidence
from voicenb.tuning.listener import Asked, Listener
from voicenb.tuning.truth import PAUSE, CallerTurn, Truth
from voicenb.tuning.words import ALWAYS, Span, complete_spans
from voicenb.turn_taking.completeness import Completeness
from voicenb.turn_taking.segmenter import FRAME_SECONDS, stretches

_HAIR = 1e-6
_EARLY = (
    0.2  # seconds that a detector's onset or end may lie before the one in the sound: its frames, its reach
)


class Row(IntEnum):
    """What a decision in a silence is."""

    MID = 0
    SPEECH = 1
    END = 2
    DOUBTFUL = 3


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence of the detector's.

    Attributes:
        kind: what a decision in it is.
        turn: which of the caller's turns it belongs to, counted from 0.
        pause: which of the call's mid-turn pauses, counted from 0; -1 for none.
        start: seconds of the track.
        offset: seconds from the turn's end to its start: a decision ``x`` into it comes ``offset + x`` after
            that.
        length: seconds; ``inf`` where the caller is known to have been done.
        resumed: whether speech went on behind it.
        spans: when the words looked complete in it.
    """

    kind: Row
    turn: int
    pause: int
    start: float
    offset: float
    length: float
    resumed: bool
    spans: tuple[Span, ...] = ALWAYS


def mid_turn_pauses(turns: Sequence[CallerTurn]) -> list[tuple[int, float, float]]:
    """The mid-turn pauses of a call: the turn, counted from 0, start and end in seconds of the track."""
    return [
        (number, gap.start, gap.end)
        for number, turn in enumerate(turns)
        for gap in turn.pauses
        if gap.length >= PAUSE - _HAIR
    ]


def silences(
    evidence: Evidence,
    turns: Sequence[CallerTurn],
    threshold: float,
    judge: Completeness,
    listener: Listener | None = None,
) -> list[Silence]:
    """The silences at a threshold, by time; speech that goes on into the next turn leaves an end without one.

    Args:
        evidence: of the call.
        turns: the caller's, by the truth.
        threshold: the ``vad_threshold``.
        judge: says whether words look complete.
        listener: instead of it, asks a judge of the sound.
    """
    speech = stretches(evidence.values.tolist(), threshold)
    pauses = mid_turn_pauses(turns)
    starts = [turn.start for turn in turns]
    heard: list[_Heard] = []
    onsets: dict[int, float] = {}
    over: set[int] = set()  # turns behind whose end nothing more is to be judged
    for at, stretch in enumerate(speech):
        number = bisect_right(starts, stretch.end) - 1
        if number < 0 or number in over:
            continue
        begin, resumes = stretch.end, speech[at + 1].start if at + 1 < len(speech) else math.inf
        following = starts[number + 1] if number + 1 < len(turns) else math.inf
        onset = onsets.setdefault(number, stretch.start)
        heard.append(_Heard(number, turns[number], onset, begin, resumes, following))
        if heard[-1].done:
            over.add(number)
    asked = [Asked(each.turn.start, each.onset, each.begin, each.until) for each in heard]
    if listener is None:
        spans = [complete_spans(evidence.words, judge, each.turn, each.start, each.end) for each in asked]
    else:
        spans = listener.spans(asked)
    duration = len(evidence.values) * FRAME_SECONDS
    return [
        row for each, of_it in zip(heard, spans, strict=True) for row in each.rows(pauses, of_it, duration)
    ]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A silence as a detector hears it, and the turn that it falls into."""

    number: int
    turn: CallerTurn
    onset: float  # where the detector heard the turn begin
    begin: float
    resumes: float
    following: float

    @property
    def until(self) -> float:
        """Where the silence ends for what is said in this turn."""
        return min(self.resumes, self.following)

    @property
    def done(self) -> bool:
        """Whether what follows took place because of the answer: without it the caller would have waited."""
        last = self.turn.last
        if last.truth is not Truth.END:
            return False
        until = self.following if last.answered is None else min(self.following, last.answered)
        return self.resumes >= until - _EARLY

    def rows(
        self, pauses: Sequence[tuple[int, float, float]], spans: tuple[Span, ...], duration: float
    ) -> list[Silence]:
        end = self.turn.end
        offset, length = self.begin - end, min(self.resumes, duration) - self.begin
        resumed = math.isfinite(self.resumes)
        if self.resumes < end:
            return [self._within(pauses, self.resumes, resumed, spans)]
        found: list[Silence] = []
        if offset < -_EARLY:  # the last words were not heard: a decision before the end cuts them
            found.append(self._within(pauses, end, False, spans))
        if self.turn.last.truth is Truth.END:
            known = math.inf if self.done else length
            found.append(
                Silence(Row.END, self.number, -1, self.begin, offset, known, resumed and not self.done, spans)
            )
        elif self.turn.last.truth is Truth.DOUBTFUL:
            found.append(Silence(Row.DOUBTFUL, self.number, -1, self.begin, offset, length, resumed, spans))
        return found

    def _within(
        self,
        pauses: Sequence[tuple[int, float, float]],
        until: float,
        resumed: bool,
        spans: tuple[Span, ...],
    ) -> Silence:
        shared = [
            (min(end, until) - max(start, self.begin), at)
            for at, (turn, start, end) in enumerate(pauses)
            if turn == self.number and start < until and end > self.begin
        ]
        pause = max(shared)[1] if shared else -1
        kind = Row.MID if shared else Row.SPEECH
        offset, length = self.begin - self.turn.end, until - self.begin
        return Silence(kind, self.number, pause, self.begin, offset, length, resumed, spans)
