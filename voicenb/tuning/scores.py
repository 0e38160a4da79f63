"""Scores of many policies over the silences of many calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from voicenb.tuning.evidence import Evidence
from voicenb.tuning.grid import setting_of
from voicenb.tuning.listener import Listener
from voicenb.tuning.silences import Row, Silence, mid_turn_pauses, silences
from voicenb.tuning.table import Floats, Table
from voicenb.tuning.truth import CallerTurn, Truth
from voicenb.turn_taking.completeness import Completeness
from voicenb.turn_taking.segmenter import FRAME_SECONDS

TIMEOUT = 10.0
"""Seconds after which a turn's end that no decision has come for is missed; it costs as much."""

_AT_ONCE = 200_000
"""Decisions that are made in one piece, so that they stay in the processor's own memory."""

NEAR = 0.1
"""Seconds that a decision may lie apart and still be the same one: it is told over the wire."""

_HAIR = 1e-6

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A call, and its truth.

    Attributes:
        evidence: what the recording shows.
        turns: the caller's.
        listener: asks a judge of the sound about it; None where words are judged.
    """

    evidence: Evidence
    turns: Sequence[CallerTurn]
    listener: Listener | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What ``k`` policies do; ``c`` calls, ``p`` pauses, ``e`` turns' ends.

    Attributes:
        pauses_cut: whether each mid-turn pause was cut, ``(p, k)``.
        turns_cut: whether each of the caller's turns was cut, in a pause or in speech, ``(t, k)``.
        doubtful_cut: whether each doubtful turn's end was decided before the caller went on, ``(t, k)``.
        latency: of each end, true end → decision, in seconds; `TIMEOUT` where it is missed, ``(e, k)``.
    """

    pauses_cut: Bools
    turns_cut: Bools
    doubtful_cut: Bools
    latency: Floats

    @property
    def missed(self) -> Bools:
        """Whether each end is missed."""
        return self.latency >= TIMEOUT


class Ground:
    """Calls as arrays: what does not depend on the settings.

    Args:
        calls: with their truth.
        judge: says whether words look complete.

    Attributes:
        calls: with their truth.
        pause_call: for each mid-turn pause its call, ``(p,)``.
        pause_turn: and its turn among all calls', ``(p,)``.
        turn_call: for each of the caller's turns its call, ``(t,)``.
        end_turn: for each end that is one its turn, ``(e,)``.
        doubtful: for each turn whether its end is doubtful, ``(t,)``.
        rest: for each end recorded decision → first audible sample heard, NaN where not known, ``(e,)``.
    """

    def __init__(self, calls: Sequence[Heard], judge: Completeness) -> None:
        self.calls = list(calls)
        self._judge = judge
        self._rows: dict[float, tuple[list[Silence], Places, Places]] = {}
        self.pauses = [mid_turn_pauses(call.turns) for call in self.calls]
        self._first_turn = np.cumsum([0, *(len(call.turns) for call in self.calls)])
        self._first_pause = np.cumsum([0, *(len(each) for each in self.pauses)])
        numbers = np.arange(len(self.calls))
        self.turn_call: Places = np.repeat(numbers, np.diff(self._first_turn))
        self.pause_call: Places = np.repeat(numbers, np.diff(self._first_pause))
        self.pause_turn: Places = np.array(
            [
                first + turn
                for first, pauses in zip(self._first_turn.tolist(), self.pauses, strict=False)
                for turn, _, _ in pauses
            ],
            np.intp,
        )
        turns = [turn for call in self.calls for turn in call.turns]
        lasts = [turn.last for turn in turns]
        self.doubtful: Bools = np.array([gap.truth is Truth.DOUBTFUL for gap in lasts], np.bool_)
        ends = [at for at, gap in enumerate(lasts) if gap.truth is Truth.END]
        self.end_turn: Places = np.array(ends, np.intp)
        found = [lasts[at] for at in ends]
        self._ends = found
        self.rest: Floats = np.array(
            [
                np.nan
                if gap.decision is None or gap.decision.tools or gap.answered is None
                else gap.answered - gap.decision.at
                for gap in found
            ],
            np.float64,
        )

    @cached_property
    def observed(self) -> Floats:
        """For each end the seconds that nobody had decided on, ``(e,)``; ``inf`` where labels say it.

        A service may count a little otherwise than the model. Where the model, with the settings that were in
        force, decides within 0.1 s of the recorded decision, the two are the same one, and the settings in
        force are no more patient than themselves.
        """
        seen = np.array([np.inf if gap.labelled else gap.observed for gap in self._ends], np.float64)
        held = [
            None if gap.decision is None else setting_of(gap.decision.turn_detection) for gap in self._ends
        ]
        for setting in {each for each in held if each is not None}:
            threshold, shortest, longest = setting
            mine = np.array([each == setting for each in held], np.bool_)
            decided = Scorer(self, threshold).outcomes([shortest], [longest]).latency[:, 0]
            same = mine & (np.abs(decided - seen) <= NEAR)
            seen[same] = np.maximum(seen, decided)[same]
        return seen

    @property
    def turns(self) -> int:
        """How many turns of the caller's."""
        return len(self.turn_call)

    def silences(self, threshold: float) -> tuple[list[Silence], Places, Places]:
        """All silences at a threshold, and for each its turn and its pause (-1: none) among all calls'."""
        if threshold not in self._rows:
            rows: list[Silence] = []
            turn: list[int] = []
            pause: list[int] = []
            for number, call in enumerate(self.calls):
                for each in silences(call.evidence, call.turns, threshold, self._judge, call.listener):
                    rows.append(each)
                    turn.append(int(self._first_turn[number]) + each.turn)
                    pause.append(-1 if each.pause < 0 else int(self._first_pause[number]) + each.pause)
            self._rows[threshold] = rows, np.array(turn, np.intp), np.array(pause, np.intp)
        return self._rows[threshold]


class Scorer:
    """Decides and scores policies of one threshold.

    Args:
        ground: the calls.
        threshold: the ``vad_threshold``.
    """

    def __init__(self, ground: Ground, threshold: float) -> None:
        self._ground = ground
        rows, turn, pause = ground.silences(threshold)
        kind = np.array([each.kind for each in rows], np.int8)
        self._offset = np.array([each.offset for each in rows], np.float64)
        self._mid = _Groups.of(np.flatnonzero(kind == Row.MID), pause)
        self._cut = _Groups.of(np.flatnonzero((kind == Row.MID) | (kind == Row.SPEECH)), turn)
        self._doubtful = _Groups.of(np.flatnonzero(kind == Row.DOUBTFUL), turn)
        end_of_turn = np.full(max(1, ground.turns), -1, np.intp)
        end_of_turn[ground.end_turn] = np.arange(len(ground.end_turn))
        self._end = _Groups.of(np.flatnonzero(kind == Row.END), end_of_turn[turn] if len(turn) else turn)
        self._table = Table.of(rows)

    @property
    def at_once(self) -> int:
        """Policies that are best decided in one piece."""
        return max(1, _AT_ONCE // max(1, len(self._offset)))

    def decisions(self, min_silence: npt.ArrayLike, max_silence: npt.ArrayLike) -> Floats:
        """When each silence is decided, ``(rows, k)``."""
        return self._table.decide(min_silence, max_silence)

    def outcomes(self, min_silence: npt.ArrayLike, max_silence: npt.ArrayLike) -> Outcomes:
        """What policies of shape ``(k,)`` do."""
        return self.outcomes_of(self.decisions(min_silence, max_silence))

    def outcomes_of(self, at: Floats) -> Outcomes:
        """What comes of decisions, however they were made.

        Args:
            at: when each silence is decided, in seconds into it, ``(rows, k)``; ``inf`` where it is not.
        """
        ground = self._ground
        ended = np.isfinite(at)
        late = at[self._end.rows] + self._offset[self._end.rows, None]
        latency = np.full((len(ground.end_turn), at.shape[1]), TIMEOUT)
        if len(self._end.rows):
            soonest = np.minimum.reduceat(late, self._end.first, axis=0)
            latency[self._end.whose] = np.clip(soonest, 0.0, TIMEOUT)
        return Outcomes(
            self._mid.any(ended, len(ground.pause_call)),
            self._cut.any(ended, ground.turns),
            self._doubtful.any(ended, ground.turns),
            latency,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Rows that belong to one pause, or to one turn, side by side.

    Attributes:
        rows: sorted.
        first: where each group begins.
        whose: what each group belongs to.
    """

    rows: Places
    first: Places
    whose: Places

    @classmethod
    def of(cls, rows: Places, owner: Places) -> _Groups:
        if not len(rows):
            return cls(rows, rows, rows)
        rows = rows[np.argsort(owner[rows], kind="stable")]
        whose, first = np.unique(owner[rows], return_index=True)
        return cls(rows, first.astype(np.intp), whose)

    def any(self, ended: Bools, count: int) -> Bools:
        """Whether a decision falls into one of each owner's rows, ``(count, k)``."""
        found = np.zeros((count, ended.shape[1]), np.bool_)
        if len(self.rows):
            found[self.whose] = np.logical_or.reduceat(ended[self.rows], self.first, axis=0)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of ``k`` policies; seconds. NaN: there is nothing to tell it from.

    Attributes:
        pauses_cut: mid-turn pauses cut, ``(k,)``.
        turns_cut: turns cut, in a pause or in speech, ``(k,)``.
        calls_cut: calls with such a turn, ``(k,)``.
        doubtful_cut: doubtful ends that would be decided before the caller goes on, ``(k,)``.
        missed: turns' ends missed, ``(k,)``.
        beyond: ends without a label that are decided later than the recorded decision, where nothing was
            observed, ``(k,)``.
        mean: of the EOT latency, ``(k,)``.
        p50: of the EOT latency, ``(k,)``.
        p90: of the EOT latency, nearest rank; NaN below 20 ends, ``(k,)``.
        response: median of the response latency that would have resulted, ``(k,)``.
    """

    pauses_cut: Ints
    turns_cut: Ints
    calls_cut: Ints
    doubtful_cut: Ints
    missed: Ints
    beyond: Ints
    mean: Floats
    p50: Floats
    p90: Floats
    response: Floats


P90_FROM = 20
"""Ends that a 90th percentile needs (design: words and clocks)."""


def summarize(outcomes: Outcomes, ground: Ground, *, recorded: bool = False) -> Scores:
    """Figures of outcomes of shape ``(…, k)``; of what was recorded nothing is beyond what was observed."""
    k = outcomes.latency.shape[1]
    latency = outcomes.latency
    nothing = np.full(k, np.nan)
    with_answer = np.isfinite(ground.rest)
    n = len(latency)
    if n:
        middle, high = ((n - 1) // 2, n // 2), int(np.ceil(0.9 * n - 1e-9)) - 1
        ranked = np.partition(np.ascontiguousarray(latency.T), sorted({*middle, high}), axis=1)
        p50 = (ranked[:, middle[0]] + ranked[:, middle[1]]) / 2
        p90 = ranked[:, high] if n >= P90_FROM else nothing
    mean = latency.mean(axis=0) if n else nothing
    answered = latency[with_answer] + ground.rest[with_answer, None]
    calls = np.zeros((len(ground.calls), k), np.bool_)
    np.logical_or.at(calls, ground.turn_call, outcomes.turns_cut)
    return Scores(
        outcomes.pauses_cut.sum(axis=0),
        outcomes.turns_cut.sum(axis=0),
        calls.sum(axis=0),
        outcomes.doubtful_cut.sum(axis=0),
        outcomes.missed.sum(axis=0),
        np.zeros(k, np.int64) if recorded else _beyond(latency, ground),
        mean,
        p50 if n else nothing,
        p90 if n else nothing,
        np.median(answered, axis=0) if len(answered) else nothing,
    )


def _beyond(latency: Floats, ground: Ground) -> Ints:
    beyond: Ints = (latency > ground.observed[:, None] + FRAME_SECONDS + _HAIR).sum(axis=0)
    return beyond


def together(parts: Sequence[Scores], order: Places) -> Scores:
    """Scores one behind the other, then in this order."""
    names = Scores.__dataclass_fields__
    return Scores(*(np.concatenate([getattr(each, name) for each in parts])[order] for name in names))
