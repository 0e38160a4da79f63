"""EVA: the turn-taking score of ServiceNow's framework for evaluating voice agents.

After version v0.2 of the metric (``src/eva/metrics/experience/turn_taking.py`` and
``docs/metrics/turn_taking.md`` in github.com/ServiceNow/eva, August 2026). Each turn has a score from 0 to 1,
by what happened in it; the score of a conversation is their mean.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicenb.analysis.overlap import Span, overlap
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns
from voicenb.analysis.voiced import Voiced

HARD_EARLY, FULL_FROM = -0.5, 0.5
"""Seconds of latency up to which a turn scores 0, and from which on it scores 1."""

FULL_TO, HARD_LATE = 2.0, 3.5
"""Seconds up to which it scores 1, and from which on it scores 0."""

FULL_TO_TOOL, HARD_LATE_TOOL = 3.0, 5.0
"""The same where a tool was called in the turn."""

OVER_CALLER_MOST = 0.5
"""What an agent that speaks over the caller can have at most."""

OVERLAP_HARD, YIELD_HARD = 2.0, 2.0
"""Seconds of overlap, and of speaking on over the caller, at which the score is 0."""

COUNT_HARD = 3
"""Times that the agent speaks into one turn at which the score is 0."""

Reason = Literal["latency", "agent_interrupt", "user_interrupt", "dual_interrupt"]


@dataclass(frozen=True, slots=True)
class EvaTurn:
    """A turn's score.

    Attributes:
        number: of the caller's turn in :func:`voicenb.turns`.
        score: from 0 to 1.
        reason: which signal it is made of.
    """

    number: int
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class EvaScore:
    """The score of a conversation.

    Attributes:
        turns: those that were scored.
        missed: whether the caller's last turn got no answer: the whole conversation scores 0 then. There it
            is told by the end of the run (``inactivity_timeout``), here by our *unanswered*, 10 s.
    """

    turns: tuple[EvaTurn, ...]
    missed: bool

    @property
    def score(self) -> float:
        """The mean, from 0 to 1; 0 where no turn was scored, or the last one was missed."""
        if self.missed or not self.turns:
            return 0.0
        return statistics.mean(turn.score for turn in self.turns)


def turn_taking(found: Turns) -> EvaScore:
    """EVA's ``turn_taking.score`` of one call.

    A turn is the caller's and what the agent was heard to say from its beginning to the next one's; one
    without an answer is left out, as is the greeting. There the ends come from the audio that a simulator
    plays and receives, in pieces; here they are acoustic and heard, which leaves silence at a reply's
    beginning out. A turn in which the agent spoke over the caller scores by overlap, times and the wait
    after it, one in which the caller spoke over the agent by how long it went on, any other by the latency:
    so a score says more than our response latency does, and in tool turns an announcement ends the wait.

    Args:
        found: the call's turns.
    """
    caller = [turn for turn in found if turn.role == "user" and turn.start is not None]
    begins = [turn.start or 0.0 for turn in caller] + [float("inf")]
    scored: list[EvaTurn] = []
    for number, turn in enumerate(caller):
        said = [each for each in found.said if _within(each, turn)]
        runs = [run for run in found.heard if begins[number] <= run.start < begins[number + 1]]
        if not said or not runs:
            continue
        over_agent = [run for run in found.heard if run.start < begins[number] < run.end]
        scored.append(_scored(turn, said, runs, over_agent))
    last = caller[-1] if caller else None
    return EvaScore(tuple(scored), missed=last is not None and last.unanswered is True)


def latency_score(latency: float, *, tool: bool = False) -> float:
    """The score of a latency in seconds: a ramp up, a plateau at 1, a ramp down."""
    full, late = (FULL_TO_TOOL, HARD_LATE_TOOL) if tool else (FULL_TO, HARD_LATE)
    if latency <= HARD_EARLY or latency >= late:
        return 0.0
    if latency < FULL_FROM:
        return (latency - HARD_EARLY) / (FULL_FROM - HARD_EARLY)
    return 1.0 if latency <= full else (late - latency) / (late - full)


def _scored(
    turn: Turn, said: Sequence[Span], runs: Sequence[Voiced], over_agent: Sequence[Voiced]
) -> EvaTurn:
    end, tool = said[-1].end, turn.kind == "tool"
    over_caller = [run for run in runs if run.start < end]
    agent = _over_caller(said, runs, end, tool=tool) if over_caller else None
    user = None
    if over_agent:
        user = max(0.0, 1 - (max(run.end for run in over_agent) - said[0].start) / YIELD_HARD)
    if agent is not None and user is not None:
        return EvaTurn(turn.number, min(agent, user), "dual_interrupt")
    if agent is not None:
        return EvaTurn(turn.number, agent, "agent_interrupt")
    if user is not None:
        return EvaTurn(turn.number, user, "user_interrupt")
    return EvaTurn(turn.number, latency_score(runs[0].start - end, tool=tool), "latency")


def _over_caller(said: Sequence[Span], runs: Sequence[Voiced], end: float, *, tool: bool) -> float:
    """The agent spoke over the caller: the least of overlap, times, and the wait for what came after."""
    scores = [max(0.0, OVER_CALLER_MOST * (1 - overlap(said, runs) / OVERLAP_HARD))]
    times = sum(overlap(said, [run]) > 0.001 for run in runs)
    if times:
        scores.append(max(0.0, OVER_CALLER_MOST * (1 - (times - 1) / (COUNT_HARD - 1))))
    settled = [run.start for run in runs if run.start > end]
    if settled and not any(run.start <= end < run.end for run in runs):
        scores.append(latency_score(settled[0] - end, tool=tool))
    return min(scores)


def _within(speech: Span, turn: Turn) -> bool:
    assert turn.start is not None
    assert turn.end is not None
    return turn.start - 0.001 <= speech.start and speech.end <= turn.end + 0.001
