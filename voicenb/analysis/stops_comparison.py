"""Two ledgers of stops side by side: what another ``barge_in`` changes, and what cannot be told apart."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicenb.analysis.interval import bootstrap, newcombe
from voicenb.analysis.report_comparison import ENOUGH, ReportComparison, Row, rests_on
from voicenb.analysis.sides import BEFORE_AND_AFTER, Names
from voicenb.analysis.stop import Stop

if TYPE_CHECKING:
    from voicenb.analysis.stops import Stops


@dataclass(frozen=True, slots=True, repr=False)
class StopsComparison(ReportComparison):
    """Figures of two ledgers beside each other.

    From ten calls on each side up, intervals come from drawing whole calls anew (bootstrap); below, shares
    have Newcombe's interval, as if each stop stood for itself, and medians have none.

    Attributes:
        rows: one for each figure.
        services: which ``barge_in`` and who answered, before and after.
        names: of the two sides; where nobody gave any, the ``barge_in`` in which they differ.
    """


def compare(before: Stops, after: Stops, names: Names | None = None) -> StopsComparison:
    """Two ledgers, figure by figure.

    Args:
        before: the one.
        after: the later one.
        names: of the sides; by default the ``barge_in`` of each, where that differs.
    """
    rows = [
        _rate(before, after),
        _median("onset to quieter or silent", before, after, _gave_way),
        _median("onset to silence", before, after, lambda stop: stop.yield_latency),
        _median("words lost at a stop", before, after, _lost, unit="words"),
        _share("stops for no words", before, after, lambda stop: stop.false),
        _share("echo of the agent's own", before, after, lambda stop: stop.echo),
        _share("only quieter, for nobody", before, after, _for_nobody),
    ]
    modes = [f"barge_in {' and '.join(each.modes)}" if each.modes else "no stop" for each in (before, after)]
    services = [" · ".join([mode, *each.services]) for mode, each in zip(modes, (before, after), strict=True)]
    if names is None:
        names = _names(modes, services)
    return StopsComparison(tuple(row for row in rows if row is not None), (services[0], services[1]), names)


def _names(modes: Sequence[str], services: Sequence[str]) -> Names:
    for one, other in (modes, services):
        if one != other:
            return one, other
    return BEFORE_AND_AFTER


def _gave_way(stop: Stop) -> float | None:
    """Acoustic onset → the first that the caller hears of it: a quieter voice, or none."""
    return stop.quieter if stop.quieter is not None else stop.yield_latency


def _lost(stop: Stop) -> float | None:
    return stop.lost if stop.outcome == "silent" else None


def _for_nobody(stop: Stop) -> bool | None:
    return stop.outcome == "back" if stop.by == "duck" else None


def _rate(before: Stops, after: Stops) -> Row | None:
    values = [60 * len(each.silent) / each.voice if each.voice else None for each in (before, after)]
    if values == [None, None]:
        return None
    counts = [f"{len(each.silent)} in {each.voice:.0f} s of voice" for each in (before, after)]
    return Row("stops in a minute of voice", values[0], values[1], None, " and ".join(counts), unit="")


def _calls(stops: Stops) -> list[list[Stop]]:
    """The stops of each call that tells of them, those without one as well."""
    return [
        [stop for stop in stops if stop.call == call]
        for call in range(1, len(stops.calls) + 1)
        if call not in stops.not_captured
    ]


def _known(calls: Sequence[Sequence[Stop]], value: Callable[[Stop], Any]) -> list[Any]:
    return [found for call in calls for stop in call if (found := value(stop)) is not None]


def _median(
    name: str, before: Stops, after: Stops, value: Callable[[Stop], float | None], unit: str = "s"
) -> Row | None:
    def middle(calls: Sequence[Sequence[Stop]]) -> float | None:
        values = _known(calls, value)
        return statistics.median(values) if values else None

    one, other = _calls(before), _calls(after)
    counts = [len(_known(each, value)) for each in (one, other)]
    if not any(counts):
        return None
    interval = bootstrap(one, other, middle) if _enough(before, after) and all(counts) else None
    basis = f"medians of {counts[0]} and {counts[1]}, {_rests_on(before, after)}"
    return Row(name, middle(one), middle(other), interval, basis, unit=unit)


def _share(name: str, before: Stops, after: Stops, value: Callable[[Stop], bool | None]) -> Row | None:
    def share(calls: Sequence[Sequence[Stop]]) -> float | None:
        values = _known(calls, value)
        return sum(values) / len(values) if values else None

    one, other = _calls(before), _calls(after)
    mine, theirs = _known(one, value), _known(other, value)
    if not mine and not theirs:
        return None
    interval = None
    if mine and theirs and _enough(before, after):
        interval = bootstrap(one, other, share)
    elif mine and theirs:
        interval = newcombe((sum(mine), len(mine)), (sum(theirs), len(theirs)))
    counts = (sum(mine), len(mine)), (sum(theirs), len(theirs))
    basis = rests_on(counts, _rests_on(before, after))
    return Row(name, share(one), share(other), interval, basis, share=True, counts=counts)


def _enough(before: Stops, after: Stops) -> bool:
    return min(len(each.calls) - len(each.not_captured) for each in (before, after)) >= ENOUGH


def _rests_on(before: Stops, after: Stops) -> str:
    counts = [len(each.calls) - len(each.not_captured) for each in (before, after)]
    return f"{counts[0]} and {counts[1]} calls"
