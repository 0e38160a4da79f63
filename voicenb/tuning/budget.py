"""What calls will cost, and a cap that they cannot go beyond."""

from __future__ import annotations

import math
from dataclasses import dataclass

from voicenb.errors import InvalidConfiguration
from voicenb.recording.given import told
from voicenb.service.prices import COST_RATES

PARTING = 1.0
"""Seconds before the cap at which a call is ended: the service bills until it has hung up, too."""

BESIDE = 2.0
"""So many times what is thought a call may take that runs beside others."""


@dataclass(slots=True)
class Budget:
    """Dollars that calls may cost together; each that is begun is allotted its share.

    The cap is hard: what running calls may still cost and what was spent is never more than it, however many
    run at once. What a call was allotted and did not need is there for those behind it.

    Attributes:
        dollars: the cap; None for none.
        rate: dollars for an hour of an open session; None where nobody knows it.
        spent: dollars, by calls that are over.
        allotted: dollars that running calls may cost at most.
    """

    dollars: float | None
    rate: float | None
    spent: float = 0.0
    allotted: float = 0.0

    def cost(self, seconds: float) -> float | None:
        """Dollars for so many seconds of an open session; None where the price is not known."""
        return None if self.rate is None else seconds / 3600 * self.rate

    def allot(self, seconds: float, *, alone: bool = True) -> float | None:
        """Begin a call.

        Args:
            seconds: that it will take, by estimate.
            alone: whether no other runs beside it: then it may take all that is left; else twice what is
                thought, and the others have the rest.

        Returns:
            Seconds that it may take at most, ``inf`` without a cap; None where it must not begin.
        """
        if self.dollars is None or not self.rate:
            return math.inf
        left = self.dollars - self.spent - self.allotted
        wanted = (seconds + PARTING) / 3600 * self.rate
        if wanted > left:
            return None
        share = left if alone else min(left, BESIDE * wanted)
        self.allotted += share
        return share / self.rate * 3600 - PARTING

    def settle(self, longest: float, seconds: float) -> None:
        """A call is over.

        Args:
            longest: what :meth:`allot` gave it.
            seconds: that it took.
        """
        if self.dollars is not None and self.rate and math.isfinite(longest):
            self.allotted = max(0.0, self.allotted - (longest + PARTING) / 3600 * self.rate)
        self.spent += self.cost(seconds) or 0.0


def budget_of(dollars: object, cost_rate: object, kind: str, seconds: float) -> Budget:
    """The budget for calls with a service.

    Args:
        dollars: that somebody gave; ``math.inf`` is a word for no cap.
        cost_rate: dollars an hour that somebody gave.
        kind: of the service (``Address.kind``).
        seconds: that the calls will take, by estimate.

    Raises:
        InvalidConfiguration: it is no sum; or calls that cost something, without a budget: what they will
            cost is told.
    """
    rate = COST_RATES.get(kind) if cost_rate is None else _sum("cost_rate", cost_rate)
    cap = None if dollars is None else _sum("budget", dollars)
    if cap is not None and rate is None:
        raise InvalidConfiguration(
            "Nobody knows what this service costs, so a budget cannot be kept.",
            remedy="Say it: cost_rate= dollars for an hour of an open session.",
            param="cost_rate",
        )
    if rate and cap is None:
        estimate = seconds / 3600 * rate
        raise InvalidConfiguration(
            f"These calls will cost about ${estimate:.2f} ({_minutes(seconds)} at ${rate:.2f} an hour), and "
            "there is no budget.",
            remedy=f"Say what they may cost: budget={_round_up(1.25 * estimate):.2f}.",
            param="budget",
            estimate=estimate,
        )
    return Budget(None if cap is None or math.isinf(cap) else cap, rate)


def _sum(name: str, given: object) -> float:
    if isinstance(given, int | float) and not isinstance(given, bool) and given >= 0:
        return float(given)
    raise InvalidConfiguration(
        f"{name}={told(given)} is no sum.", remedy=f"Give dollars: {name}=4.50.", param=name
    )


def _round_up(dollars: float) -> float:
    return max(0.01, math.ceil(100 * dollars) / 100)


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
