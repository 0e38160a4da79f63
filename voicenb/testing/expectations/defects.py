"""Expectations of what may not go wrong: turns cut off or unanswered, silent replies, interruptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from voicenb.analysis.report import TOLD_BY, CallFacts
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns
from voicenb.testing.expectations.latency import untold
from voicenb.testing.expectations.limit import Case, Limit
from voicenb.testing.expectations.sample import Sample
from voicenb.testing.expectations.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Defect:
    """Something that goes wrong in a turn.

    Attributes:
        name: as ``vn.report`` has it.
        told: in words.
        what: the turns that it may happen in, in words.
        wrong: what is said of those in which it did.
        note: of one of them.
        side: these turns.
        times: how often it happened in one of them; None where that was not captured, and -1 where it could
            not happen, or the call ended before it was known.
    """

    name: str
    told: str
    what: str
    wrong: str
    note: str
    side: Callable[[Turns], Turns]
    times: Callable[[Turn], int | None]


def _caller(turns: Turns) -> Turns:
    return turns.caller


def _agent(turns: Turns) -> Turns:
    return turns.agent


def _unanswered(turn: Turn) -> int | None:
    if turn.unanswered is None:
        return None if turn.end is None else -1
    return int(turn.unanswered)


def _silent(turn: Turn) -> int | None:
    return -1 if turn.silent is None else int(turn.silent)


def _interrupted(turn: Turn) -> int | None:
    if turn.start is None:
        return -1
    return None if turn.interrupted is None else int(turn.interrupted)


def _falsely(turn: Turn) -> int | None:
    if turn.start is None:
        return -1
    if turn.interrupted is not True:
        return None if turn.interrupted is None else 0
    return None if turn.false_interruption is None else int(turn.false_interruption)


DEFECTS = {
    each.name: each
    for each in (
        Defect(
            "false_cutoffs",
            "false cutoffs",
            "turns",
            "cut off in a pause",
            "cut off in a pause",
            _caller,
            lambda turn: turn.false_cutoffs,
        ),
        Defect("unanswered", "unanswered turns", "turns", "unanswered", "unanswered", _caller, _unanswered),
        Defect(
            "silent_replies",
            "silent replies",
            "replies",
            "silent",
            "a reply without a sound",
            _agent,
            _silent,
        ),
        Defect("interruptions", "interruptions", "replies", "cut off", "cut off", _agent, _interrupted),
        Defect(
            "false_interruptions",
            "false interruptions",
            "replies",
            "cut off for no words",
            "cut off for no words",
            _agent,
            _falsely,
        ),
    )
}


def few(sample: Sample, name: str, limit: Limit) -> Verdict:
    """Whether a defect stayed within its limit.

    Args:
        sample: the calls.
        name: of the defect, as ``vn.report`` has it.
        limit: how often it may happen, or in what share of the turns.
    """
    defect = DEFECTS[name]
    cases = [case for at, call in enumerate(sample.calls) for case in _cases(at, call, defect)]
    who = "the caller" if defect.side is _caller else "the agent"
    return limit.verdict(
        sample,
        f"{defect.told}: {limit}",
        cases,
        what=defect.what,
        wrong=defect.wrong,
        nothing=f"There is no turn of {who}'s of which that is known.",
        remedy="Let the caller say something, and wait for the vn.Answer().",
    )


def _cases(at: int, call: CallFacts, defect: Defect) -> Iterator[Case]:
    if not call.tells(defect.name):
        yield Case(at, None, note=untold(call, TOLD_BY.get(defect.name, "")))
        return
    for turn in defect.side(call.turns):
        times = defect.times(turn)
        if times is None:
            yield Case(at, None, turn, f"{defect.told}: not captured")
        elif times >= 0:
            yield Case(at, times > 0, turn, defect.note, max(times, 1))
