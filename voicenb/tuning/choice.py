"""A setting that was chosen, and whether the calls are enough to choose it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.tuning.calibration import Calibration
from voicenb.tuning.change import Change
from voicenb.tuning.score import Score, doubtful_ends
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
        changes: from each policy that was in force in the recordings to this one.
        calibration: how far the model decides as the service did.
    """

    score: Score
    next: Score | None
    what: str
    difference: tuple[float, float] | None
    calls_needed: int | None = None
    changes: tuple[Change, ...] = ()
    calibration: Calibration | None = None

    @property
    def setting(self) -> TurnDetection:
        """To be written to an agent."""
        assert self.score.setting is not None
        return self.score.setting

    @property
    def distinguishable(self) -> bool:
        """Whether the interval of the difference to the next excludes zero."""
        return self.difference is not None and not self.difference[0] <= 0 <= self.difference[1]

    @property
    def advice(self) -> list[Change]:
        """The changes that the calls tell to be for the better; none where they do not."""
        return [each for each in self.changes if each.after.observed and each.distinguishable]

    def __str__(self) -> str:
        lines = [f"{self.score}. {self._next()}", *doubt(self.score), *map(str, self.changes)]
        if self.calibration is not None:
            lines.append(str(self.calibration))
        return "\n".join(lines)

    __repr__ = __str__

    def _next(self) -> str:
        if self.next is None:
            return "No other setting in the sweep is within the budget and decides otherwise."
        if self.difference is None:
            return f"There is too little to tell it from {self.next.name}."
        low, high = self.difference
        form = "{:+.2f} s to {:+.2f} s" if self.what == "EOT latency" else "{:+.1%} to {:+.1%}"
        apart = form.format(low, high)
        if self.distinguishable:
            return f"Told apart from the next, {self.next.name}: {self.what} {apart}."
        needed = ""
        if self.calls_needed is not None:
            needed = (
                f"; about {self.calls_needed:,} calls like these would tell their rates apart (80% power)"
            )
        return f"Not distinguishable from the next, {self.next.name}: {self.what} {apart}{needed}."


def doubt(score: Score) -> list[str]:
    """What to do first about the doubtful ends in which a setting decides; nothing where there are none."""
    if not score.doubtful.k:
        return []
    return [
        f"It decides in {doubtful_ends(score.doubtful)}, where the caller may have had more to say: no rate "
        "counts them. Label them first: sweep.examples(setting) has their sound, "
        "vn.TurnDetectionPanel(recordings) labels by ear."
    ]


def check_budget(name: str, budget: Any, most: int) -> None:
    """Refuse what is no budget; none at all is fine.

    Args:
        name: of the parameter.
        budget: what was given, or None.
        most: what it may be.

    Raises:
        InvalidConfiguration: it is no number from 0 to that.
    """
    if budget is None:
        return
    if isinstance(budget, bool) or not isinstance(budget, int | float) or not 0 <= budget <= most:
        raise InvalidConfiguration(
            f"{name} must be a number from 0 to {most}; got {budget!r}.",
            remedy="A share of the pauses is 0.05, a latency 0.6 (seconds).",
            param=name,
        )
