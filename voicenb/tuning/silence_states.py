"""Which state a caller's silence falls into, and what settings that hang on the state decide in it.

What a turn is awaited to be stays what it is when it begins: what the service made of it in the recording (a
transcript in a pause that it cut) would not have come under other settings. That digits are read out is told
by the words so far, also by those that come while the silence lasts: from then on their settings hold.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

import numpy as np

from voicenb.protocol.caller_state import State, reads_digits
from voicenb.tuning.evidence import Evidence
from voicenb.tuning.scores import Ground
from voicenb.tuning.silences import Silence
from voicenb.tuning.table import Floats
from voicenb.tuning.truth import CallerTurn
from voicenb.turn_taking.segmenter import FRAME_SECONDS

KNOWN_BY = 0.5
"""Seconds into a silence by which the words before it are known: the state then is the one it counts for."""

_HAIR = 1e-6

Spans = tuple[tuple[float, State], ...]
"""States of one silence: seconds into it, on frame ends, from which on each holds; the first from 0 on."""


def spans_of(evidence: Evidence, turn: CallerTurn, start: float, end: float) -> Spans:
    """The states of a silence.

    Args:
        evidence: of the call.
        turn: that it belongs to.
        start: where it begins, seconds of the track.
        end: where it ends.
    """
    decided = next((made.at for made in evidence.decisions if made.at >= turn.start), math.inf)
    changes = [when for when, _ in evidence.awaited]
    at = min(bisect_right(changes, start), bisect_left(changes, decided)) - 1
    awaited: State = evidence.awaited[at][1] if at >= 0 else "other"
    found: list[tuple[float, State]] = [(0.0, awaited)]
    for words in evidence.words:
        if words.final or not turn.start < words.at < end:
            continue
        state: State = "digits" if reads_digits(words.text) else awaited
        since = 0.0 if words.at <= start else _frame_end(words.at - start)
        if since == found[-1][0]:
            found.pop()
        if not found or found[-1][1] != state:
            found.append((since, state))
    return tuple(found)


def state_at(spans: Spans, seconds: float = KNOWN_BY) -> State:
    """The state that holds so far into a silence."""
    return [state for since, state in spans if since <= seconds + _HAIR][-1]


def spans_at(ground: Ground, threshold: float) -> list[Spans]:
    """The states of each silence that is heard at a threshold, in the ground's order."""
    rows, turns, _ = ground.silences(threshold)
    first = np.cumsum([0, *(len(call.turns) for call in ground.calls)])
    found: list[Spans] = []
    for row, turn in zip(rows, turns.tolist(), strict=True):
        call = int(ground.turn_call[turn])
        heard = ground.calls[call]
        of_turn = heard.turns[turn - int(first[call])]
        found.append(spans_of(heard.evidence, of_turn, row.start, row.start + row.length))
    return found


def decided(rows: Sequence[Silence], spans: Sequence[Spans], by_state: Mapping[State, Floats]) -> Floats:
    """When each silence is decided where the settings hang on the state.

    Args:
        rows: the silences.
        spans: the states of each.
        by_state: when each would be decided under one state's settings alone, shape ``(rows,)``.

    Returns:
        Seconds into each silence, ``inf`` where it is not decided; shape ``(rows, 1)``.
    """
    at = np.full((len(rows), 1), np.inf)
    one = np.array([states[0][1] if len(states) == 1 else "" for states in spans], "U8")
    for state, alone in by_state.items():
        at[one == state, 0] = alone[one == state]
    for number in np.flatnonzero(one == "").tolist():
        row, states = rows[number], spans[number]
        for (since, state), until in zip(states, [*(each[0] for each in states[1:]), math.inf], strict=True):
            when = max(
                float(by_state[state][number]), since
            )  # settings may be in force that are late already
            if when < until - _HAIR and _lasts(row, when):
                at[number] = when
                break
    return at


def _lasts(row: Silence, seconds: float) -> bool:
    """Whether a silence is still one then; the first frame of what follows counts, as it does live."""
    if math.isinf(row.length) or math.isinf(seconds):
        return math.isfinite(seconds)
    seen = math.floor(row.length / FRAME_SECONDS + _HAIR) + row.resumed
    return round(seconds / FRAME_SECONDS) <= seen


def _frame_end(seconds: float) -> float:
    return math.ceil(seconds / FRAME_SECONDS - _HAIR) * FRAME_SECONDS
