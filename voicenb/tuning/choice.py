"""A setting that was chosen, and whether the calls are enough to choose it."""

from __future__ import annotations

from dataclasses import dataclass

from voicenb.tuning.score import Score
from voicenb.turn_detection import TurnDetection


@dataclass(frozen=True, slots=True)
class Choice:
    """The best setting within a budget.

    Attributes:
        score: its score.
        next: the best of those that decide otherwise; None where there is none.
        what: what was made least, ``"EOT latency"`` (seconds) or ``"false-cutoff rate"``.
        difference: the interval (95 %) of the next one's figure minus its own, over the same turns or pauses;
            None where there is nothing to tell it from.
        calls_needed: calls that would tell the two false-cutoff rates apart, at 80 % power; None where they
            are the same.
    """

    score: Score
    next: Score | None
    what: str
    difference: tuple[float, float] | None
    calls_needed: int | None = None

    @property
    def setting(self) -> TurnDetection:
        """To be written to an agent."""
        assert self.score.setting is not None
        return self.score.setting

    @property
    def distinguishable(self) -> bool:
        """Whether the interval of the difference to the next excludes zero."""
        return self.difference is not None and not self.difference[0] <= 0 <= self.difference[1]

    def __str__(self) -> str:
        told = str(self.score)
        if self.next is None:
            return f"{told}. No other setting in the sweep is within the budget and decides otherwise."
        if self.difference is None:
            return f"{told}. There is too little to tell it from {self.next.name}."
        low, high = self.difference
        form = "{:+.2f} s to {:+.2f} s" if self.what == "EOT latency" else "{:+.1%} to {:+.1%}"
        apart = form.format(low, high)
        if self.distinguishable:
            return f"{told}. Told apart from the next, {self.next.name}: {self.what} {apart}."
        needed = "" if self.calls_needed is None else f"; about {self.calls_needed} calls would tell"
        return f"{told}. Not distinguishable from the next, {self.next.name}: {self.what} {apart}{needed}."

    __repr__ = __str__
