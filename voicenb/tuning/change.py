"""From one policy to another: what changes in both figures, and whether the calls tell it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voicenb.tuning.score import Score, per_call
from voicenb.tuning.scores import Bools, Ground, Outcomes
from voicenb.tuning.share import difference, mean_difference

RATE, SECONDS = 0.05, 0.1
"""Differences of a stated size: five of a hundred pauses, and a tenth of a second."""

_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure's difference, after minus before; less is better.

    Attributes:
        value: the difference.
        low: from where it may be, 95 %.
        high: to where.
    """

    value: float
    low: float
    high: float

    @property
    def less(self) -> bool:
        """Whether the interval lies below zero."""
        return self.high < -_HAIR

    @property
    def more(self) -> bool:
        """Whether the interval lies above zero."""
        return self.low > _HAIR


@dataclass(frozen=True, slots=True)
class Change:
    """What another policy would change, over the same pauses and the same ends of turns.

    Attributes:
        before: the one, as it was recorded.
        after: the other.
        rate: of the false-cutoff rates; None where there is no pause.
        latency: of the mean EOT latencies, in seconds; None below six ends.
        calls_needed: calls like these that would tell two false-cutoff rates apart, the other policy's and
            one that differs from it by 0.05 (:func:`told_apart`), at 80 % power; None where there is no
            pause.
    """

    before: Score
    after: Score
    rate: Difference | None
    latency: Difference | None
    calls_needed: int | None

    @property
    def distinguishable(self) -> bool:
        """Whether the interval of a difference excludes zero, and the other tells that nothing is risked.

        Less of the one figure is worth nothing while the other may be anything: it must be less too, or at
        most 0.05 or 0.1 s more.
        """
        if self.rate is None or self.latency is None:
            return False
        return (self.rate.less and self.latency.high <= SECONDS + _HAIR) or (
            self.latency.less and self.rate.high <= RATE + _HAIR
        )

    @property
    def trade(self) -> bool:
        """Whether one figure is told to be less, and the other to be more."""
        if self.rate is None or self.latency is None:
            return False
        return (self.rate.less and self.latency.more) or (self.latency.less and self.rate.more)

    def __str__(self) -> str:
        was, name = self.before.name, self.after.name
        if self.before.setting is not None and self.before.setting == self.after.setting:
            return f"{name} is what was recorded: there is nothing to change."
        if not self.after.observed:
            return (
                f"No advice on {was} → {name}: {self.after.beyond} of {self.after.ends} ends "
                "would be decided later than anybody observed."
            )
        told = f"false-cutoff rate {_points(self.rate)}, EOT latency {_seconds(self.latency)}"
        if self.distinguishable:
            return f"Change {was} → {name}: {told}."
        if self.trade:
            return f"{was} → {name}: one figure is paid for with the other, {told}."
        needed = "There is no mid-turn pause to tell it by."
        if self.calls_needed is not None:
            calls = f"{self.calls_needed:,} call{'' if self.calls_needed == 1 else 's'}"
            one, other = told_apart(self.after)
            needed = (
                f"About {calls} like these would tell rates of {one:.0%} and {other:.0%} apart (80% power)."
            )
        figure = "in what it cuts" if self.latency and (self.latency.less or self.latency.more) else ""
        return f"Not distinguishable {figure}{' ' if figure else ''}from {was}: {told}. {needed}"

    __repr__ = __str__


def told_apart(after: Score) -> tuple[float, float]:
    """The false-cutoff rate of a policy and another that differs by :data:`RATE`, the lesser first."""
    rate = after.false_cutoffs.rate or 0.0
    return (rate, rate + RATE) if rate < 0.5 else (rate - RATE, rate)


def differences(
    before: Outcomes,
    after: Outcomes,
    ground: Ground,
    pauses: Bools | None = None,
    ends: Bools | None = None,
) -> tuple[Difference | None, Difference | None]:
    """Of the false-cutoff rates, and of the mean EOT latencies in seconds, of two policies.

    Args:
        before: of the one, ``k`` is 1; of the chosen pauses and ends alone where some are chosen.
        after: of the other, of all pauses and ends.
        ground: the calls.
        pauses: the pauses that are compared, shape ``(p,)``; all where they are not given.
        ends: the ends of turns that are compared, shape ``(e,)``; all where they are not given.
    """
    calls = len(ground.calls)
    some = np.ones(len(ground.pause_call), np.bool_) if pauses is None else pauses
    others = np.ones(len(ground.end_turn), np.bool_) if ends is None else ends
    of_pause = ground.pause_call[some]
    hits, totals = per_call(before.pauses_cut[:, 0], of_pause, calls)
    cut, _ = per_call(after.pauses_cut[some, 0], of_pause, calls)
    rate = latency = None
    if n := sum(totals):
        rate = Difference((sum(cut) - sum(hits)) / n, *difference(hits, cut, totals))
    was, is_now = before.latency[:, 0], after.latency[others, 0]
    apart = mean_difference(was, is_now, ground.turn_call[ground.end_turn][others], calls)
    if apart is not None:
        latency = Difference(float(np.mean(is_now - was)), *apart)
    return rate, latency


def _points(apart: Difference | None) -> str:
    if apart is None:
        return "not told"
    return f"{apart.value:+.1%} ({apart.low:+.1%} to {apart.high:+.1%})"


def _seconds(apart: Difference | None) -> str:
    if apart is None:
        return "not told"
    return f"{apart.value:+.2f} s ({apart.low:+.2f} to {apart.high:+.2f})"
