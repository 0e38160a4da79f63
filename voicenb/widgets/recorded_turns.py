"""The caller's turns as the panel shows them on recordings; times are the call's."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from voicenb.tuning.arms import decisions_of
from voicenb.tuning.evidence import Evidence
from voicenb.tuning.ghost import Ghost
from voicenb.tuning.scores import Ground, Heard
from voicenb.tuning.silences import mid_turn_pauses
from voicenb.tuning.truth import CallerTurn, Gap, Truth

TOLD = 90
"""Letters of a turn's words that are shown."""

COLUMNS = ("kind", "start", "decided", "sound", "begin", "end")
"""Of the numbers that a page has of each ghost: its kind (-1: no decision), where the silence begins in which
it falls, the decision, the first audible sample, and that silence as the sound has it. NaN: not known."""

NAMES = {
    Truth.MID: "mid",
    Truth.END: "end",
    Truth.DOUBTFUL: "doubtful",
    Truth.OVER: "over",
    Truth.UNCLEAR: "unclear",
}


def rows(ground: Ground) -> list[dict[str, Any]]:
    """One dict for each of the caller's turns, of all calls, in the order of the ghosts.

    Args:
        ground: the calls, with their truth.

    Returns:
        ``call`` (counted from 0), ``start``, ``end``, ``words``, ``truth`` of its end, ``silence`` behind it
        and the ``pauses`` in it (start, end, what somebody set by ear or a label said, else empty),
        ``decided`` and ``sounded``: the recorded decisions and when the agent was heard first.
    """
    return [
        _row(number, call, place)
        for number, call in enumerate(ground.calls)
        for place in range(len(call.turns))
    ]


def numbers(found: Sequence[Ghost | None], ground: Ground) -> npt.NDArray[np.float64]:
    """Ghosts as a page gets them.

    Args:
        found: one for each turn.
        ground: the calls.

    Returns:
        Shape ``(turns, 6)``, as :data:`COLUMNS` says.
    """
    told = np.full((len(found), len(COLUMNS)), np.nan)
    told[:, 0] = -1.0
    for place, each in enumerate(found):
        if each is None:
            continue
        begin, end = (math.nan, math.nan) if each.pause is None else each.pause
        sound = math.nan if each.sound is None else each.sound
        told[place] = (float(each.kind), each.start, each.decided, sound, begin, end)
    for number, call in enumerate(ground.calls):
        of_call = ground.turn_call == number
        moments = told[of_call, 1:]
        moments[np.isinf(moments)] = call.evidence.duration
        clock = call.evidence.clock
        told[of_call, 1:] = np.round(moments if clock is None else clock.all_back(moments), 4)
    return told


def _row(number: int, call: Heard, place: int) -> dict[str, Any]:
    turn, evidence = call.turns[place], call.evidence
    back = _clock(evidence)
    following = call.turns[place + 1].start if place + 1 < len(call.turns) else math.inf
    heard = [each.start for each in evidence.replies if turn.start <= each.start < following]

    def silence(gap: Gap) -> list[Any]:
        said = NAMES[gap.truth] if gap.labelled and not gap.by_script else ""
        return [*(_told(at, back, evidence.duration) for at in (gap.start, gap.end)), said]

    pauses = {(start, end) for _, start, end in mid_turn_pauses([turn])}
    return {
        "call": number,
        "start": _told(turn.start, back, evidence.duration),
        "end": _told(turn.end, back, evidence.duration),
        "words": words_of(turn, following, evidence),
        "truth": NAMES[turn.last.truth],
        "silence": silence(turn.last),
        "pauses": [silence(gap) for gap in turn.pauses if (gap.start, gap.end) in pauses],
        "decided": [_told(made.at, back, evidence.duration) for made in decisions_of(call, place)],
        "sounded": [_told(at, back, evidence.duration) for at in heard],
    }


def words_of(turn: CallerTurn, following: float, evidence: Evidence) -> str:
    """What was said in a turn, as the transcripts have it.

    Args:
        turn: the one.
        following: where the next one begins; ``inf`` where there is none.
        evidence: of the call.
    """
    before: dict[str, str] = {}
    parts: dict[str, str] = {}
    for number, each in enumerate(evidence.words):
        if not each.final:
            continue
        item = each.item or str(number)
        # A transcript comes behind its words, and before the next ones are over.
        if turn.start < each.at <= following:
            # Of a turn that was reopened it has all words, those that were told before too.
            parts[item] = each.text.removeprefix(before.get(item, "")).strip()
        elif each.at <= turn.start:
            before[item] = each.text
    said = " ".join(filter(None, parts.values()))
    return said if len(said) <= TOLD else f"{said[: TOLD - 1].rstrip()}…"


def _clock(evidence: Evidence) -> Callable[[float], float]:
    return (lambda at: at) if evidence.clock is None else evidence.clock.back


def _told(at: float, back: Callable[[float], float], duration: float) -> float:
    """In seconds of the call; what has no end ends with it."""
    return at if math.isnan(at) else round(back(duration if math.isinf(at) else at), 4)
