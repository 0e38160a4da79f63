"""Repeats: how reliably the same call comes out well, and how far its figures lie apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicenb.analysis.interval import wilson
from voicenb.testing.expectations.verdict import Outcome, Verdict, worst


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a figure lies apart from run to run.

    Attributes:
        expectation: whose figure it is.
        lowest: of all runs.
        highest: of all runs.
        n: runs that have it.
    """

    expectation: str
    lowest: float
    highest: float
    n: int

    def __str__(self) -> str:
        return f"{self.expectation}: {self.lowest:.4g} to {self.highest:.4g} ({self.n} runs)"


@dataclass(frozen=True, slots=True)
class Repeats:
    """Several runs, each held against all that was expected, by itself and counted.

    Attributes:
        outcomes: of each run.
        distinct: how many of the runs differ in what was said, or when: the same call held again tells
            nothing new.
        spread: of the figures that differ from run to run.
    """

    outcomes: tuple[Outcome, ...]
    distinct: int
    spread: tuple[Spread, ...] = ()

    @classmethod
    def of(cls, runs: Sequence[Sequence[Verdict]], distinct: int) -> Repeats:
        """Of the verdicts of each run.

        Args:
            runs: for each run, a verdict for each expectation, in the same order.
            distinct: how many runs differ.
        """
        outcomes = tuple(worst(verdict.outcome for verdict in run) for run in runs)
        spread = []
        for each in zip(*runs, strict=True):
            values = [verdict.value for verdict in each if verdict.value is not None]
            if len(values) > 1 and len(set(values)) > 1 and each[0].limit is not None:
                spread.append(Spread(each[0].expectation, min(values), max(values), len(values)))
        return cls(outcomes, distinct, tuple(spread))

    @property
    def runs(self) -> int:
        """How many."""
        return len(self.outcomes)

    @property
    def passed(self) -> int:
        """How many passed; an inconclusive one did not."""
        return self.outcomes.count("passed")

    def pass_k(self, k: int) -> float | None:
        """Pass^k: how likely ``k`` runs all pass; of ``n`` runs of which ``c`` passed, C(c, k) / C(n, k).

        Args:
            k: runs.

        Returns:
            0 to 1; None where there are fewer runs than that.
        """
        if not 1 <= k <= self.runs:
            return None
        return math.comb(self.passed, k) / math.comb(self.runs, k)

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share of runs that pass, 95 % (Wilson); all of it where no two runs differ."""
        return wilson(self.passed, self.runs) if self.distinct > 1 else (0.0, 1.0)

    def to_dict(self) -> dict[str, Any]:
        """In plain values."""
        return {
            "runs": self.runs,
            "passed": self.passed,
            "inconclusive": self.outcomes.count("inconclusive"),
            "distinct": self.distinct,
            "interval": [round(end, 6) for end in self.interval],
            "pass_k": {str(k): round(self.pass_k(k) or 0.0, 6) for k in range(1, self.runs + 1)},
            "spread": [
                {"expectation": each.expectation, "lowest": each.lowest, "highest": each.highest, "n": each.n}
                for each in self.spread
            ],
        }

    def lines(self) -> list[str]:
        """In words, a line for each thing."""
        low, high = self.interval
        unsure = self.outcomes.count("inconclusive")
        told = f"{self.passed} of {self.runs} pass ({low:.0%} to {high:.0%})"
        told += f", {unsure} inconclusive" if unsure else ""
        ks = sorted({k for k in (1, 2, 3, 5, 10, self.runs) if k <= self.runs})
        powers = ", ".join(f"pass^{k} {self.pass_k(k):.0%}" for k in ks)
        found = [told, powers]
        if self.distinct == 1:
            found.append("All are the same call: they tell no more than one.")
        elif self.distinct < self.runs:
            found.append(f"Only {self.distinct} of them differ.")
        return found + [str(each) for each in self.spread]
