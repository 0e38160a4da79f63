"""A limit: how much may go wrong, as a count or as a share of which others would be taken for a sample."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import SupportsFloat

from voicenb.analysis.turn import Turn
from voicenb.errors import InvalidConfiguration
from voicenb.recording.given import told
from voicenb.testing.expectations.sample import Sample
from voicenb.testing.expectations.verdict import Concern, Verdict
from voicenb.tuning.share import Share

HALF = 1e-9
"""What sums of decimal fractions may be off."""


@dataclass(frozen=True, slots=True)
class Case:
    """One turn, reply or call that may have gone wrong.

    Attributes:
        call: the call's place, 0 for the first.
        wrong: whether it did; None where that was not captured.
        turn: which turn it is about.
        note: what there is to say of it.
        times: how often it went wrong.
    """

    call: int
    wrong: bool | None
    turn: Turn | None = None
    note: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Limit:
    """How many cases may go wrong.

    Attributes:
        at_most: as a count; None where a share is meant.
        share: as a share, 0 to 1.
        counted: whether that share is taken as it was found; else all of its interval has to keep to it.
    """

    at_most: int | None = None
    share: float | None = None
    counted: bool = False

    @classmethod
    def given(cls, name: str, at_most: object, share: object, counted: bool) -> Limit:
        """The limit that somebody gave to an expectation.

        Args:
            name: of the expectation, for what is wrong.
            at_most: a count.
            share: a share.
            counted: whether a share is taken as it was found.

        Raises:
            InvalidConfiguration: neither is given, or both, or one that is none.
        """
        if (at_most is None) == (share is None):
            raise InvalidConfiguration(
                f"{name}() takes one limit: {'at_most= or share=' if at_most is None else 'both are given'}.",
                remedy=f"Write {name}(at_most=0) for a count, or {name}(share=0.05) for a share.",
                param="at_most",
            )
        if share is not None:
            return cls(share=fraction(share, "share"), counted=counted)
        if isinstance(at_most, bool) or not isinstance(at_most, int) or at_most < 0:
            raise InvalidConfiguration(
                f"at_most={told(at_most)} is no count.",
                remedy="Give 0 or more; a share of all is share=0.05.",
                param="at_most",
            )
        return cls(at_most=at_most)

    def __str__(self) -> str:
        if self.share is not None:
            return f"at most {100 * self.share:.4g} %{', counted' if self.counted else ''}"
        return f"at most {self.at_most}" if self.at_most else "none"

    @property
    def of_calls(self) -> str:
        """In how many of the calls something has to be that may be missing in so many, in words."""
        if self.share is None:
            return ""
        return f" in {100 * (1 - self.share):.4g} % of the calls{', counted' if self.counted else ''}"

    def verdict(
        self,
        sample: Sample,
        expectation: str,
        cases: Sequence[Case],
        *,
        what: str,
        wrong: str,
        nothing: str,
        remedy: str = "",
        figure: str = "",
        value: float | None = None,
        limit: float | None = None,
    ) -> Verdict:
        """Hold cases against it.

        Args:
            sample: the calls.
            expectation: in words.
            cases: those that could have gone wrong.
            what: what they are, in the plural.
            wrong: what is said of those that went wrong, e.g. ``"later"``.
            nothing: why nothing can be told where there are none.
            remedy: what to do then.
            figure: what else was found; stands first.
            value: the figure that is told, where it is not how many went wrong.
            limit: what that is held against, then.
        """
        bad = [case for case in cases if case.wrong]
        unknown = [case for case in cases if case.wrong is None]
        share = self.share is not None
        count = len(bad) if share else sum(case.times for case in bad)
        total = len(cases) - len(unknown)
        shown = figure
        interval = None
        if total:
            interval, counted = self._share(sample, cases)
            plain = f"{count} {'of' if count == len(bad) else 'in'} {total}"  # one turn may be cut twice
            shown = (
                f"{figure}{', ' if figure else ''}{counted if share else plain} {_noun(what, total)} {wrong}"
            )
        if unknown:
            shown += f"{', ' if shown else ''}{len(unknown)} not captured"
        turns = tuple(_concerns(sample, [*bad, *unknown]))
        fails, holds = self._decide(sample, cases, interval)
        base = Verdict(
            expectation,
            "passed",
            shown or "n = 0",
            total,
            value if limit is not None else float(count) if total else None,
            limit if limit is not None else self.share if share else self.at_most,
            interval if share and not (self.counted or sample.counted) else None,
            turns,
        )
        return _told(base, fails, holds, total, nothing, remedy, unknown=bool(unknown))

    def _share(self, sample: Sample, cases: Sequence[Case]) -> tuple[tuple[float, float], str]:
        """The interval, what is not known taken either way; and the share in words."""
        told = cases
        if self.share is not None and not (self.counted or sample.counted) and len(sample.calls) > 1:
            told = [case for case in cases if case.call in sample.distinct]
        calls = sorted({case.call for case in told})
        by_call = [[case for case in told if case.call == call] for call in calls]
        totals = [len(group) for group in by_call]
        sure = Share.of([sum(case.wrong is True for case in group) for group in by_call], totals)
        perhaps = Share.of([sum(case.wrong is not False for case in group) for group in by_call], totals)
        known = [sum(case.wrong is not None for case in group) for group in by_call]
        shown = Share.of([sum(case.wrong is True for case in group) for group in by_call], known)
        words = f"{shown.k} of {shown.n}" if self.counted or sample.counted else _with_interval(shown)
        return (sure.interval[0], perhaps.interval[1]), words

    def _decide(
        self, sample: Sample, cases: Sequence[Case], interval: tuple[float, float] | None
    ) -> tuple[bool, bool]:
        """Whether the limit is broken for sure, and whether it is kept for sure."""
        least = sum(case.times for case in cases if case.wrong)
        if self.share is None:
            assert self.at_most is not None
            return least > self.at_most, least + sum(case.wrong is None for case in cases) <= self.at_most
        if not cases or interval is None:
            return False, False
        if self.counted or sample.counted:
            low = sum(case.wrong is True for case in cases) / len(cases)
            high = sum(case.wrong is not False for case in cases) / len(cases)
        else:
            low, high = interval
        return low > self.share + HALF, high <= self.share + HALF


def _told(
    base: Verdict, fails: bool, holds: bool, total: int, nothing: str, remedy: str, *, unknown: bool
) -> Verdict:
    if fails:
        return replace(base, outcome="failed")
    if total and holds:
        return base
    if not total and not unknown:
        return replace(base, outcome="inconclusive", why=nothing, remedy=remedy)
    if unknown:
        return replace(
            base, outcome="inconclusive", why="What was not captured may have gone wrong.", remedy=remedy
        )
    return replace(
        base,
        outcome="inconclusive",
        why="The interval spans the limit: too few to tell.",
        remedy="Take more calls that differ, or counted=True to take these as they are.",
    )


def _noun(plural: str, count: int) -> str:
    """``"turns"`` or ``"turn"``, whatever stands around it."""
    if count != 1:
        return plural
    return re.sub(r"\b(turn|call|interruption)s\b", r"\1", plural).replace("replies", "reply")


def _with_interval(share: Share) -> str:
    low, high = share.interval
    return f"{share.k} of {share.n} ({low:.0%} to {high:.0%})"


def _concerns(sample: Sample, cases: Iterable[Case]) -> Iterable[Concern]:
    for case in cases:
        yield sample.concern(case.call, case.turn, case.note)


def fraction(given: object, name: str) -> float:
    """A share that somebody gave.

    Args:
        given: what.
        name: of the argument.

    Raises:
        InvalidConfiguration: it is none.
    """
    if isinstance(given, SupportsFloat) and not isinstance(given, bool | str) and 0 <= float(given) <= 1:
        return float(given)
    raise InvalidConfiguration(
        f"{name}={told(given)} is no share.", remedy="Give one from 0 to 1: 0.05.", param=name
    )


def amount(given: object, name: str, what: str) -> float:
    """A number that is not negative.

    Args:
        given: what somebody gave.
        name: of the argument.
        what: it is, e.g. ``"number of seconds"``.

    Raises:
        InvalidConfiguration: it is none.
    """
    if isinstance(given, SupportsFloat) and not isinstance(given, bool | str):
        number = float(given)
        if math.isfinite(number) and number >= 0:
            return number
    raise InvalidConfiguration(f"{name}={told(given)} is no {what}.", param=name)
