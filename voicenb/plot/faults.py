"""What went wrong between the two sides, and where: the same marks in every picture of a call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from voicenb.analysis.turn import Turn


@dataclass(frozen=True, slots=True)
class Fault:
    """A mark on the line of time.

    Attributes:
        kind: ``"interruption"``: the agent fell silent; ``"cut"``: the service took the caller for done.
        at: when, in the engine's seconds: when the agent's last sound was heard, or the decision (wire).
        texts: what is said of it, the longest first.
        sure: False where only listening tells.
    """

    kind: Literal["interruption", "cut"]
    at: float
    texts: tuple[str, ...]
    sure: bool = True


def faults(turns: Iterable[Turn]) -> list[Fault]:
    """The marks of a call, by time."""
    found: list[Fault] = []
    for turn in turns:
        if turn.interrupted and turn.end is not None:
            texts = ("stopped for no words", "no words") if turn.false_interruption else ("interruption",)
            found.append(Fault("interruption", turn.end, texts))
        found += [Fault("cut", at, ("cut off",)) for at in turn.taken_back]
        if turn.decided is not None and turn.ended_by == "resumed":
            found.append(Fault("cut", turn.decided, ("cut off",)))
        elif turn.decided is not None and turn.candidate_cut:
            found.append(Fault("cut", turn.decided, ("cut off?",), sure=False))
    return sorted(found, key=lambda fault: fault.at)
