"""A verdict: whether what was expected of some calls came true, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from voicenb.analysis.turn import Turn

Outcome = Literal["passed", "failed", "inconclusive"]


@dataclass(frozen=True, slots=True)
class Concern:
    """A turn that a verdict is about, or a whole call.

    Attributes:
        call: which of the calls, 1 for the first.
        name: the call's.
        note: what there is to say of it.
        turn: of ``vn.turns``; None for the call as a whole.
    """

    call: int
    name: str
    note: str = ""
    turn: Turn | None = None

    def to_dict(self) -> dict[str, Any]:
        """In plain values; times are the engine's seconds."""
        about: dict[str, Any] = {"call": self.call, "name": self.name, "note": self.note}
        if self.turn is None:
            return about | {"turn": None}
        turn = self.turn
        said = {"role": turn.role, "start": turn.start, "end": turn.end, "text": turn.text}
        return about | {"turn": turn.number, **said}

    def told(self, *, alone: bool = False) -> str:
        """All of it in a line.

        Args:
            alone: whether there is but one call, that need not be named.
        """
        return ": ".join(filter(None, (self.place(alone=alone), self.note)))

    def place(self, *, alone: bool = False) -> str:
        """Which call and turn it is, e.g. ``'call 2, turn 5, caller at 0:23.1, "Friday."'``.

        Args:
            alone: whether there is but one call, that need not be named.
        """
        turn = self.turn
        call = "" if alone else f"call {self.call}"
        if turn is None:
            return call
        at = "" if turn.start is None else f" at {int(turn.start // 60)}:{turn.start % 60:04.1f}"
        who = "caller" if turn.role == "user" else "agent"
        said = f', "{_short(turn.text)}"' if turn.text else ""
        return f"{call}{', ' if call else ''}turn {turn.number}, {who}{at}{said}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one expectation.

    Attributes:
        expectation: in words, e.g. ``"answers within 2 s"``.
        outcome: ``"passed"``, ``"failed"`` or ``"inconclusive"``.
        figure: what was found, in words, e.g. ``"largest 1.52 s, 0 of 3 turns later"``.
        n: how many turns, replies, tool calls or calls it rests on.
        value: the figure as a number, where it is one.
        limit: what it was held against, in the same unit.
        interval: of the share that decided, 95 %, from 0 to 1; None where none was asked for.
        turns: those concerned: the ones that went wrong, or are not known; of something that had to be, where
            it was.
        why: why it did not pass.
        remedy: what to do about an inconclusive one.
    """

    expectation: str
    outcome: Outcome
    figure: str = ""
    n: int = 0
    value: float | None = None
    limit: float | None = None
    interval: tuple[float, float] | None = None
    turns: tuple[Concern, ...] = ()
    why: str = ""
    remedy: str = ""

    @property
    def passed(self) -> bool:
        """Whether it passed; what is inconclusive did not."""
        return self.outcome == "passed"

    def to_dict(self) -> dict[str, Any]:
        """In plain values, as JSON has them."""
        return {
            "expectation": self.expectation,
            "outcome": self.outcome,
            "figure": self.figure,
            "n": self.n,
            "value": None if self.value is None else round(self.value, 6),
            "limit": self.limit,
            "interval": None if self.interval is None else [round(end, 6) for end in self.interval],
            "turns": [each.to_dict() for each in self.turns],
            "why": self.why,
            "remedy": self.remedy,
        }


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """What several amount to: failed where one did, inconclusive where one is, or where there is none."""
    given = set(outcomes)
    if "failed" in given:
        return "failed"
    return "passed" if given == {"passed"} else "inconclusive"


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
