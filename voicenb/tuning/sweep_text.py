"""A sweep to read: as text and as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.tuning.score import Score
    from voicenb.tuning.sweep import Sweep

HEADINGS = (
    "policy",
    "pauses cut",
    "turns cut",
    "calls cut",
    "doubtful",
    "EOT latency",
    "p50",
    "p90",
    "missed",
    "response",
    "",
)
_WORDS = frozenset({"policy", ""})
_MOST = 12
"""Settings of the front that are told; the table has all."""


def text(sweep: Sweep) -> str:
    """The table in plain text; figures in seconds."""
    rows = [dict(zip(HEADINGS, HEADINGS, strict=True)), *map(_cells, _told(sweep))]
    widths = {name: max(len(row[name]) for row in rows) for name in HEADINGS}
    lines = [title(sweep)]
    for row in rows:
        aligned = (
            row[name].ljust(widths[name]) if name in _WORDS else row[name].rjust(widths[name])
            for name in HEADINGS
        )
        lines.append("  ".join(aligned).rstrip())
    return "\n".join([*lines, *_below(sweep)])


def html(sweep: Sweep) -> str:
    """The table in HTML, in the notebook's own style."""
    head = "".join(f"<th style='{_style(name)}'>{escape(name)}</th>" for name in HEADINGS)
    body = "".join(_row(each) for each in _told(sweep))
    told = "".join(f"<p style='margin:.3em 0;opacity:.75'>{escape(line)}</p>" for line in _below(sweep))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div style='overflow-x:auto'><p>{escape(title(sweep))}</p>{table}{told}</div>"


def title(sweep: Sweep) -> str:
    """How many settings, and what they rest on."""
    ground = sweep.ground
    counts = [
        _count(len(sweep), "setting"),
        _count(len(ground.calls), "call"),
        _count(ground.turns, "turn of the caller's", "turns of the caller's"),
        _count(len(ground.pause_call), "mid-turn pause"),
        _count(int(ground.doubtful.sum()), "doubtful end"),
    ]
    return " · ".join([*counts, *filter(None, sweep.services)])


def _told(sweep: Sweep) -> list[Score]:
    front = sweep.frontier(observed=False)
    step = max(1, -(-len(front) // _MOST))
    return [*sweep.recorded, *front[::step]]


def _below(sweep: Sweep) -> list[str]:
    lines = [str(sweep.calibration)]
    if sweep.grid.left_out:
        lines.append(f"Left out: {sweep.grid.left_out} with min_silence not less than max_silence.")
    if any(not each.observed for each in _told(sweep)):
        lines.append(
            "Not observed: it decides later than the recorded decision, and no label says what the caller "
            "would have done. Collect calls with patient settings, or label."
        )
    return lines


def _cells(score: Score) -> dict[str, str]:
    note = "as recorded" if score.recorded else "" if score.observed else "not observed"
    if score.recorded and not score.turns.n:
        note = "no call was held with it"
    name = score.name.partition(", as ")[0]
    return {
        "policy": name,
        "pauses cut": str(score.false_cutoffs),
        "turns cut": f"{score.turns.k} of {score.turns.n}",
        "calls cut": f"{score.calls.k} of {score.calls.n}",
        "doubtful": f"{score.doubtful.k} of {score.doubtful.n}",
        "EOT latency": _seconds(score.latency),
        "p50": _seconds(score.latency_p50),
        "p90": _seconds(score.latency_p90),
        "missed": f"{score.missed} of {score.ends}",
        "response": _seconds(score.response_latency),
        "": note,
    }


def _row(score: Score) -> str:
    faded = "" if score.observed else " style='opacity:.55'"
    cells = _cells(score)
    told = "".join(f"<td style='{_style(name)}'>{escape(cells[name])}</td>" for name in HEADINGS)
    return f"<tr{faded}>{told}</tr>"


def _style(name: str) -> str:
    side = "left" if name in _WORDS else "right"
    return f"text-align:{side};font-variant-numeric:tabular-nums;padding:.25em .6em;white-space:nowrap"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _count(n: int, one: str, several: str = "") -> str:
    return f"{n} {one if n == 1 else several or one + 's'}"
