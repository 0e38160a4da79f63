"""What a turn was waited for behind its decision: results of tools, and announcements that were heard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from voicenb.analysis.overlap import Span
from voicenb.protocol.calls import ToolCallState


@dataclass(frozen=True, slots=True)
class Wait:
    """A stretch of a wait, in the engine's seconds.

    Attributes:
        kind: ``"tool"``: from ``tool.call`` received to ``tool.result`` sent (both wire); what overlaps is
            one stretch. ``"announcement"``: the agent was heard (heard) before its answer, and no result was
            waited for meanwhile.
        start: when it begins.
        end: when it is over.
    """

    kind: Literal["tool", "announcement"]
    start: float
    end: float

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.start


def waits(
    calls: Iterable[ToolCallState],
    announced: Iterable[Span],
    *,
    since: float,
    begun: float | None = None,
    until: float | None,
) -> tuple[Wait, ...]:
    """The stretches by time; none overlaps another, so that they add up.

    Args:
        calls: those of the turn; one whose result was not sent, or only when the answer had begun, counts for
            nothing.
        announced: where the agent was heard in replies before the answer.
        since: the decision; the wait before it is for the end of the turn.
        begun: when ``reply.started`` of the answer came (wire); None where none did.
        until: when the answer was heard; None where none was.
    """
    over, last = inf if until is None else until, inf if begun is None else begun
    sent = ((call.at, call.result_at) for call in calls if call.result_at is not None)
    trips = [(at, result_at) for at, result_at in sent if result_at <= last]
    tools = _joined(trips, since, over)
    said = _joined([(each.start, each.end) for each in announced], since, over)
    found = [Wait("tool", *stretch) for stretch in tools]
    found += [Wait("announcement", *part) for stretch in said for part in _outside(stretch, tools)]
    return tuple(sorted(found, key=lambda wait: wait.start))


def lasting(found: Iterable[Wait], kind: Literal["tool", "announcement"]) -> float:
    """How long the waits of a kind are together."""
    return sum((wait.length for wait in found if wait.kind == kind), 0.0)


def _joined(
    stretches: Iterable[tuple[float, float]], since: float, until: float
) -> list[tuple[float, float]]:
    """What lies between two moments; stretches that touch are one."""
    found: list[tuple[float, float]] = []
    for begin, end in sorted((max(a, since), min(b, until)) for a, b in stretches):
        if begin >= end:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((begin, end))
    return found


def _outside(
    stretch: tuple[float, float], others: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """The parts of a stretch in which none of the others is under way; those are by time."""
    at, end = stretch
    found = []
    for begin, stop in others:
        if at < begin and at < end:
            found.append((at, min(begin, end)))
        at = max(at, stop)
    return [*found, (at, end)] if at < end else found
