"""What the service really decided in the recordings, by the settings that were in force: no model in it.

The service's adaptive default is one of them where a call was held with it; nothing else can stand for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from voicenb.tuning.evidence import Recorded
from voicenb.tuning.grid import Setting, setting_of
from voicenb.tuning.score import Score, score
from voicenb.tuning.scores import TIMEOUT, Ground, Heard, Outcomes, Places
from voicenb.tuning.silences import mid_turn_pauses
from voicenb.tuning.truth import CallerTurn, Truth
from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.completeness import Completeness

ADAPTIVE = "adaptive default, as it decided"


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """One setting that was in force, and what was decided in its turns.

    Attributes:
        score: of the decisions that fell.
        turns: its turns among all calls', shape ``(t,)``.
        outcomes: in these turns alone; ``k`` is 1.
    """

    score: Score
    turns: Places
    outcomes: Outcomes


def arms(calls: Sequence[Heard], judge: Completeness) -> list[Arm]:
    """What was decided under each setting that was in force; the adaptive default first, never missing.

    A turn belongs to the setting under which its last decision fell; a turn without any to none.

    Args:
        calls: with their truth.
        judge: not asked; what the ground of a score is made with.
    """
    known: dict[Setting, None] = {None: None}
    for call in calls:
        for number in range(len(call.turns)):
            if (made := last_decision(call, number)) is not None:
                known.setdefault(setting_of(made.turn_detection))
    return [_arm(each, calls, judge) for each in sorted(known, key=lambda key: key or (-1.0, 0, 0))]


def decisions_of(call: Heard, number: int) -> list[Recorded]:
    """The service's decisions from a turn's onset to the next turn's."""
    begin = call.turns[number].start
    end = call.turns[number + 1].start if number + 1 < len(call.turns) else float("inf")
    return [made for made in call.evidence.decisions if begin <= made.at < end]


def last_decision(call: Heard, number: int) -> Recorded | None:
    """The last of them."""
    found = decisions_of(call, number)
    return found[-1] if found else None


def _arm(setting: Setting, calls: Sequence[Heard], judge: Completeness) -> Arm:
    of_arm: list[Heard] = []
    places: list[int] = []
    first = 0
    for call in calls:
        turns = []
        for number, turn in enumerate(call.turns):
            made = last_decision(call, number)
            if made is not None and setting_of(made.turn_detection) == setting:
                turns.append(turn)
                places.append(first + number)
        first += len(call.turns)
        if turns:
            of_arm.append(replace(call, turns=turns))
    ground = Ground(of_arm, judge)
    pauses: list[bool] = []
    cut: list[bool] = []
    doubtful: list[bool] = []
    latency: list[float] = []
    for call in of_arm:
        for turn in call.turns:
            inside, behind = _split(call, turn)
            pauses += _pauses_cut(turn, inside)
            cut.append(bool(inside))
            doubtful.append(turn.last.truth is Truth.DOUBTFUL and bool(behind))
            if turn.last.truth is Truth.END:
                latency.append(min(behind[0] - turn.end, TIMEOUT) if behind else TIMEOUT)
    outcomes = Outcomes(
        np.array(pauses, np.bool_).reshape(-1, 1),
        np.array(cut, np.bool_).reshape(-1, 1),
        np.array(doubtful, np.bool_).reshape(-1, 1),
        np.array(latency, np.float64).reshape(-1, 1),
    )
    where = np.array(places, np.intp)
    if setting is None:
        return Arm(score(ADAPTIVE, None, outcomes, ground, recorded=True), where, outcomes)
    threshold, shortest, longest = setting
    policy = TurnDetection(vad_threshold=threshold, min_silence=shortest, max_silence=longest)
    name = f"{shortest} to {longest} ms at {threshold:g}, as recorded"
    return Arm(score(name, policy, outcomes, ground, recorded=True), where, outcomes)


def _split(call: Heard, turn: CallerTurn) -> tuple[list[float], list[float]]:
    """When it was decided within a turn, and behind its end."""
    moments = [made.at for made in call.evidence.decisions if turn.start <= made.at < turn.last.end]
    return [at for at in moments if at < turn.end], [at for at in moments if at >= turn.end]


def _pauses_cut(turn: CallerTurn, inside: Sequence[float]) -> list[bool]:
    """For each mid-turn pause whether a decision came in it, or late, before the next one."""
    starts = [start for _, start, _ in mid_turn_pauses([turn])]
    after = [*starts[1:], turn.end][: len(starts)]
    return [any(start <= at < stop for at in inside) for start, stop in zip(starts, after, strict=True)]
