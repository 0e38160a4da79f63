"""Two reports side by side: what differs, and what cannot be told apart."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from voicenb.analysis.interval import bootstrap, newcombe
from voicenb.analysis.sides import BEFORE_AND_AFTER, Names, names_of
from voicenb.analysis.turn import Turn

if TYPE_CHECKING:
    from voicenb.analysis.report import CallFacts, Report

ENOUGH = 10
"""Calls on each side from which on they are drawn anew (design, section 6); below, shares have Newcombe's
interval and medians none."""

IN_PERCENT = 10
"""How many a share rests on from which it is told in per cent; below, as k of n."""

LONGEST_HEAD = 28
"""Characters of a side's name that stands above a column; with longer ones it is before, and after."""

Verdict = Literal["lower", "higher", "inconclusive"]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of two reports.

    Attributes:
        name: what it is.
        before: of the first; None where it was not measured.
        after: of the second.
        interval: of the difference, after minus before, at 95 %; None where too little is there for one.
        basis: what it rests on.
        share: whether it is a share.
        unit: of what is no share.
        counts: of a share, how many of how many, before and after.
    """

    name: str
    before: float | None
    after: float | None
    interval: tuple[float, float] | None
    basis: str
    share: bool = False
    unit: str = "s"
    counts: tuple[tuple[int, int], tuple[int, int]] | None = None

    @property
    def difference(self) -> float | None:
        """After minus before."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def verdict(self) -> Verdict:
        """Which way it went; ``"inconclusive"`` where the interval holds zero, or there is none."""
        if self.interval is None or self.interval[0] <= 0 <= self.interval[1]:
            return "inconclusive"
        return "lower" if self.interval[1] < 0 else "higher"


@dataclass(frozen=True, slots=True)
class ReportComparison:
    """Figures of two reports beside each other.

    Attributes:
        rows: one for each figure.
        services: who answered, before and after; timings of the emulator say nothing of the hosted service's.
        names: of the two sides; where nobody gave any, the settings in which their calls differ.
    """

    rows: tuple[Row, ...]
    services: tuple[str, str]
    names: Names = BEFORE_AND_AFTER

    def __getitem__(self, name: str) -> Row:
        """The row of that name.

        Raises:
            KeyError: there is none.
        """
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(f"{name!r}; there are {', '.join(row.name for row in self.rows)}")

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {
            "names": list(self.names),
            "services": list(self.services),
            "rows": [
                {
                    "name": row.name,
                    "before": row.before,
                    "after": row.after,
                    "difference": row.difference,
                    "interval": None if row.interval is None else list(row.interval),
                    "verdict": row.verdict,
                    "basis": row.basis,
                }
                for row in self.rows
            ],
        }

    def __repr__(self) -> str:
        table = [self._headings, *(_cells(row) for row in self.rows)]
        widths = [max(len(cells[at]) for cells in table) for at in range(len(self._headings))]
        lines = [self._title]
        for cells in table:
            aligned = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
            lines.append("  ".join(aligned).rstrip())
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        style = "text-align:left;white-space:nowrap;padding:.25em .6em"
        head = "".join(f"<th style='{style}'>{escape(cell)}</th>" for cell in self._headings)
        body = "".join(
            "<tr>" + "".join(f"<td style='{style}'>{escape(cell)}</td>" for cell in _cells(row)) + "</tr>"
            for row in self.rows
        )
        return (
            f"<div style='overflow-x:auto'><p>{escape(self._title)}</p>"
            "<table style='font-variant-numeric:tabular-nums'>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    @property
    def _title(self) -> str:
        """Both sides, and who answered where that was the same."""
        same = [self.services[0]] if self.services[0] == self.services[1] else []
        return " · ".join([" → ".join(self.names), *same])

    @property
    def _headings(self) -> tuple[str, ...]:
        short = max(map(len, self.names)) <= LONGEST_HEAD
        return ("", *(self.names if short else BEFORE_AND_AFTER), *_HEADINGS)


_HEADINGS = ("difference", "95 % interval", "verdict", "rests on")


def compare(before: Report, after: Report, names: Names | None = None) -> ReportComparison:
    """Two reports, figure by figure.

    From ten calls on each side up, intervals come from drawing whole calls anew (bootstrap); below, shares
    have Newcombe's interval, as if each turn stood for itself, and medians have none.

    Args:
        before: the one.
        after: the later one.
        names: of the sides; by default what their calls differ in.
    """
    rows = [
        _median("response latency, plain turns", before, after, _answered("response_latency"), "plain"),
        _median("first sound, tool turns", before, after, _answered("first_sound"), "tool"),
        _median("first answer, tool turns", before, after, _answered("first_answer"), "tool"),
        _median("end-of-turn delay, plain turns", before, after, _delay, "plain"),
        _median("end-of-turn delay, tool turns", before, after, _delay, "tool"),
        _median("yield latency", before, after, lambda turn: turn.yield_latency),
        _share("unanswered turns", before, after, lambda turn: turn.unanswered),
        _share("turns with a false cutoff", before, after, lambda turn: _any(turn.false_cutoffs)),
        _share("interruptions for no words", before, after, lambda turn: turn.false_interruption, "agent"),
        _share("silent replies", before, after, lambda turn: turn.silent, "agent", "silent_replies"),
    ]
    services = [" + ".join(report.services) or "unknown service" for report in (before, after)]
    found = tuple(row for row in rows if row is not None)
    return ReportComparison(found, (services[0], services[1]), names or names_of(before.calls, after.calls))


def _delay(turn: Turn) -> float | None:
    return turn.end_of_turn_delay


def _answered(name: str) -> Callable[[Turn], float | None]:
    """A figure of the turns that were answered, as in a report: the others stand beside it."""
    return lambda turn: None if turn.unanswered else getattr(turn, name)


def _any(count: int | None) -> bool | None:
    return None if count is None else count > 0


def _values(calls: Sequence[CallFacts], value: Callable[[Turn], float | None], kind: str) -> list[float]:
    found = (value(turn) for call in calls for turn in call.turns if kind in ("", turn.kind))
    return [each for each in found if each is not None]


def _median(
    name: str, before: Report, after: Report, value: Callable[[Turn], float | None], kind: str = ""
) -> Row | None:
    def middle(calls: Sequence[CallFacts]) -> float | None:
        values = _values(calls, value, kind)
        return statistics.median(values) if values else None

    counts = [len(_values(report.calls, value, kind)) for report in (before, after)]
    if not any(counts):
        return None
    return Row(
        name,
        middle(before.calls),
        middle(after.calls),
        bootstrap(before.calls, after.calls, middle) if _enough(before, after) and all(counts) else None,
        f"medians of {counts[0]} and {counts[1]} turns, {_calls(before, after)}",
    )


def _share(
    name: str,
    before: Report,
    after: Report,
    value: Callable[[Turn], bool | None],
    role: str = "user",
    count: str = "",
) -> Row | None:
    def known(calls: Sequence[CallFacts]) -> list[bool]:
        telling = (call for call in calls if call.tells(count))
        found = (value(turn) for call in telling for turn in call.turns if turn.role == role)
        return [each for each in found if each is not None]

    def share(calls: Sequence[CallFacts]) -> float | None:
        values = known(calls)
        return sum(values) / len(values) if values else None

    one, other = known(before.calls), known(after.calls)
    if not one and not other:
        return None
    interval = None
    if one and other:
        if _enough(before, after):
            interval = bootstrap(before.calls, after.calls, share)
        else:
            interval = newcombe((sum(one), len(one)), (sum(other), len(other)))
    counts = (sum(one), len(one)), (sum(other), len(other))
    values = share(before.calls), share(after.calls)
    return Row(name, *values, interval, rests_on(counts, _calls(before, after)), share=True, counts=counts)


def rests_on(counts: tuple[tuple[int, int], tuple[int, int]], calls: str) -> str:
    """What two shares rest on.

    Args:
        counts: how many of how many, before and after.
        calls: how many of them.
    """
    return f"{' and '.join(f'{part} of {whole}' for part, whole in counts)}, {calls}"


def _enough(before: Report, after: Report) -> bool:
    return min(len(before.calls), len(after.calls)) >= ENOUGH


def _calls(before: Report, after: Report) -> str:
    return f"{len(before.calls)} and {len(after.calls)} calls"


def _cells(row: Row) -> tuple[str, ...]:
    signed = f"{{:+.2f}} {'' if row.share else row.unit}".strip()
    if row.share and not _few(row):
        signed = "{:+.0%}"
    difference = "" if row.difference is None or _few(row) else signed.format(row.difference)
    between = "" if row.interval is None else " … ".join(signed.format(value) for value in row.interval)
    nothing = "not measured" if row.difference is None else "too few calls" if row.unit else "none for a rate"
    values = [_value(row, at) for at in (0, 1)]
    return (row.name, *values, difference, between or nothing, row.verdict, row.basis)


def _value(row: Row, at: int) -> str:
    """One side's value; a share in per cent only from ten up (design, section 6)."""
    value = (row.before, row.after)[at]
    if value is None:
        return ""
    if not row.share:
        return f"{value:.2f} {row.unit}".strip()
    if row.counts is None or row.counts[at][1] >= IN_PERCENT:
        return f"{value:.0%}"
    return "{} of {}".format(*row.counts[at])


def _few(row: Row) -> bool:
    """Whether one of two shares rests on too little to be told in per cent."""
    return row.counts is not None and min(whole for _, whole in row.counts) < IN_PERCENT
