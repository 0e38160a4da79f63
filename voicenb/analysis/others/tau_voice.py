"""τ-voice: response, yield and selectivity, in ticks of 0.2 s and within windows.

After version 1.0 of the interaction metrics of τ-bench (``src/tau2/metrics/voice_interaction_metrics.py`` and
``docs/interaction-metrics.md`` in github.com/sierra-research/tau2-bench, August 2026).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns
from voicenb.turn_taking.backchannel import is_backchannel

TICK = 0.2
"""Seconds of a tick."""

NO_YIELD = 2.0
"""Seconds within which the agent must be silent after an interruption."""

BACKCHANNEL = 1.0
"""Seconds within which it must not be silent after a back-channel."""

ENOUGH = 10
"""Events from which its leaderboard shows a rate."""


@dataclass(frozen=True, slots=True)
class TauVoice:
    """What happened in some calls, counted in τ-voice's way.

    Attributes:
        responses: seconds from each end of the caller's speech to the agent's response.
        no_response: ends after which the caller had to speak again first.
        yields: seconds that the agent went on after each interruption, where it was silent within 2 s.
        no_yield: interruptions after which it was not.
        over_caller: how often the agent began while the caller spoke.
        through: back-channels that the agent talked through.
        stopped: back-channels after which it was silent within 1 s.
    """

    responses: tuple[float, ...] = ()
    no_response: int = 0
    yields: tuple[float, ...] = ()
    no_yield: int = 0
    over_caller: int = 0
    through: int = 0
    stopped: int = 0

    def __add__(self, other: TauVoice) -> TauVoice:
        """Both together."""
        return TauVoice(
            self.responses + other.responses,
            self.no_response + other.no_response,
            self.yields + other.yields,
            self.no_yield + other.no_yield,
            self.over_caller + other.over_caller,
            self.through + other.through,
            self.stopped + other.stopped,
        )

    @property
    def response_total(self) -> int:
        """Ends of the caller's that could have had a response."""
        return len(self.responses) + self.no_response

    @property
    def yield_total(self) -> int:
        """Interruptions by the caller."""
        return len(self.yields) + self.no_yield

    @property
    def backchannel_total(self) -> int:
        """Back-channels of the caller's over the agent."""
        return self.through + self.stopped

    @property
    def response_latency_mean(self) -> float | None:
        """L_R in seconds."""
        return statistics.mean(self.responses) if self.responses else None

    @property
    def response_rate(self) -> float | None:
        """R_R, 0…1."""
        return _share(len(self.responses), self.response_total)

    @property
    def yield_latency_mean(self) -> float | None:
        """L_Y in seconds."""
        return statistics.mean(self.yields) if self.yields else None

    @property
    def yield_rate(self) -> float | None:
        """R_Y, 0…1."""
        return _share(len(self.yields), self.yield_total)

    @property
    def agent_interruption_rate(self) -> float | None:
        """I_A: for each end that could have had a response; may be above 1."""
        return _share(self.over_caller, self.response_total)

    @property
    def selectivity_backchannel(self) -> float | None:
        """S_BC, 0…1."""
        return _share(self.through, self.backchannel_total)


def tau_voice(found: Turns) -> TauVoice:
    """τ-voice's interaction metrics of one call.

    A segment of the caller's is a turn, or a sound that no turn was made of; one of the agent's is a reply as
    it was heard; both in whole ticks, the nearest. There a simulated caller tells what it meant with a sound,
    and its vocal tics and its words to others are scored too: nobody tells that of a recording, so S_VT and
    S_ND are not captured, and a back-channel is a sound over the agent whose words are one, or that no turn
    was made of. Our response latency is continuous, has its tool turns apart and ends 10 s without an answer;
    our yield latency parts reaction from flush.

    Args:
        found: the call's turns.
    """
    said = [(each, is_backchannel(turn.text)) for turn in found.caller for each in _spans([turn])]
    said += [(each, True) for each in _apart(found.other)]
    said.sort(key=lambda one: one[0].start)
    heard = _spans(found.agent)
    ends = [each.end for each in heard] + [each.end for each, _ in said]
    count = math.ceil(max(ends, default=0.0) / TICK) + 2
    caller, agent = _ticks([each for each, _ in said], count), _ticks(heard, count)
    passed = _ticks([each for each, hum in said if hum], count)
    return _interruptions(caller, agent, passed) + _responses(caller, agent, passed)


Ticks = npt.NDArray[np.bool_]


def _spans(turns: Iterable[Turn]) -> list[Speech]:
    """From the first sound of each to the last."""
    return [Speech(one.start, one.end) for one in turns if one.start is not None and one.end is not None]


def _apart(sounds: Iterable[Speech]) -> list[Speech]:
    """Sounds, joined over pauses that end nothing."""
    found: list[Speech] = []
    for each in sounds:
        if found and each.start - found[-1].end <= 2 * TICK:
            found[-1] = Speech(found[-1].start, each.end)
        else:
            found.append(each)
    return found


def _ticks(spans: Iterable[Speech], count: int) -> Ticks:
    """Which ticks have sound in half of them or more; each span has one at least."""
    ticks = np.zeros(count, bool)
    for span in spans:
        begin = round(span.start / TICK)
        ticks[begin : max(begin + 1, round(span.end / TICK))] = True
    return ticks


def _segments(ticks: Ticks) -> list[tuple[int, int]]:
    """From, to, in ticks; the second is silent."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ticks, [False]])))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def _interruptions(caller: Ticks, agent: Ticks, passed: Ticks) -> TauVoice:
    found = TauVoice()
    for begin, _ in _segments(caller):
        if not agent[begin]:
            continue
        hum = bool(passed[begin])
        window = int((BACKCHANNEL if hum else NO_YIELD) / TICK)
        silent = np.flatnonzero(~agent[begin : begin + window])
        if hum:
            found += TauVoice(stopped=1) if len(silent) else TauVoice(through=1)
        else:
            found += TauVoice(yields=(float(silent[0] * TICK),)) if len(silent) else TauVoice(no_yield=1)
    over = sum(bool(caller[begin]) for begin, _ in _segments(agent))
    return found + TauVoice(over_caller=over)


def _responses(caller: Ticks, agent: Ticks, passed: Ticks) -> TauVoice:
    ends = [(b, e) for b, e in _segments(caller) if not passed[b] and not (e < len(agent) and agent[e])]
    begins = [begin for begin, _ in _segments(agent)]
    found = TauVoice()
    for number, (_, end) in enumerate(ends):
        answer = _next(begins, end)
        again = _next([begin for begin, _ in ends[number + 1 :]], end)
        if answer is not None and (again is None or answer <= again):
            found += TauVoice(responses=(float((answer - end) * TICK),))
        elif again is not None:
            found += TauVoice(no_response=1)
    return found


def _next(begins: Sequence[int], end: int) -> int | None:
    return next((begin for begin in begins if begin >= end), None)


def _share(hits: int, total: int) -> float | None:
    return hits / total if total else None
