"""A sweep to read: as text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from voicenb.tuning.change import RATE
from voicenb.tuning.share import TELLS

if TYPE_CHECKING:
    from voicenb.tuning.score import Score
    from voicenb.tuning.sweep import Sweep

HEADINGS = (
    "policy",
    "pauses cut",
    "EOT latency",
    "p50",
    "p90",
    "turns cut",
    "calls cut",
    "doubtful",
    "missed",
    "response",
    "",
)
_WORDS = frozenset({"policy", ""})
_MOST = 12
"""Settings of the front that are told; the table has all."""

GROUPS = ("as it was recorded", "presets", "the front: settings that no other beats in both figures")

_EDGE = "1px solid var(--jp-border-color2, rgba(128, 128, 128, .4))"


def text(sweep: Sweep) -> str:
    """The table in plain text; figures in seconds."""
    groups = [[_cells(each) for each in group] for group in _groups(sweep)]
    shown = _shown(sweep)
    rows = [dict(zip(shown, shown, strict=True)), *(row for group in groups for row in group)]
    widths = {name: max(len(row[name]) for row in rows) for name in shown}

    def line(row: dict[str, str]) -> str:
        aligned = (
            row[name].ljust(widths[name]) if name in _WORDS else row[name].rjust(widths[name])
            for name in shown
        )
        return "  ".join(aligned).rstrip()

    lines = [title(sweep), *_inconclusive(sweep), line(rows[0])]
    for name, group in zip(GROUPS, groups, strict=True):
        lines += [f"- {name}", *map(line, group)]
    return "\n".join([*lines, *_below(sweep)])


def html(sweep: Sweep) -> str:
    """The table in HTML, in the notebook's own style; in a narrow cell it scrolls by itself."""
    shown = _shown(sweep)[:-1]  # notes stand below the names
    head = "".join(f"<th scope='col' style='{_style(name)}'>{escape(name)}</th>" for name in shown)
    body = ""
    for name, group in zip(GROUPS, _groups(sweep), strict=True):
        body += (
            f"<tr style='background:transparent'><th scope='colgroup' colspan='{len(shown)}' "
            "style='text-align:left;font-weight:normal;padding:.6em .6em .15em 0;border:0'>"
            f"<span style='position:sticky;left:0;opacity:.75'>{escape(name)}</span></th></tr>"
        )
        body += "".join(_row(each, shown) for each in group)
    above = "".join(f"<div style='margin-top:.2em'>{escape(line)}</div>" for line in _inconclusive(sweep))
    below = "".join(
        f"<div style='margin-top:.2em;opacity:.75'>{escape(line)}</div>" for line in _below(sweep)
    )
    return (
        '<div class="voicenb-sweep" style="color:var(--jp-ui-font-color0,inherit);'
        "font-family:var(--jp-ui-font-family,system-ui,sans-serif);"
        'font-size:var(--jp-ui-font-size1,13px);line-height:1.45;overflow-wrap:anywhere">'
        f"<div style='font-weight:600'>{escape(title(sweep))}</div>{above}"
        "<div style='overflow-x:auto'>"
        "<table style='border-collapse:collapse;margin:.4em 0;color:inherit;font-size:inherit'>"
        f"<thead><tr style='background:transparent'>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"{below}</div>"
    )


def title(sweep: Sweep) -> str:
    """How many settings, what they rest on, and who answered."""
    ground = sweep.ground
    counts = [
        _count(len(sweep), "setting"),
        _count(len(ground.calls), "call"),
        _count(ground.turns, "turn of the caller's", "turns of the caller's"),
        _count(len(ground.pause_call), "mid-turn pause"),
        _count(int(ground.doubtful.sum()), "doubtful end"),
    ]
    return " · ".join([*counts, *filter(None, sweep.services)])


def _groups(sweep: Sweep) -> list[list[Score]]:
    front = sweep.frontier(observed=False)
    step = max(1, -(-len(front) // _MOST))
    return [sweep.recorded, sweep.presets, front[::step]]


def _inconclusive(sweep: Sweep) -> list[str]:
    """How much so few calls can tell, on the face of it."""
    needed, calls = sweep.calls_needed(), len(sweep.ground.calls)
    if needed is None:
        return ["Inconclusive: without a mid-turn pause nothing tells what would be cut."]
    rates = f"false-cutoff rates of {RATE:.0%} and {2 * RATE:.0%}"
    if calls >= needed:
        return [f"Enough calls to tell {rates} apart, for which about {needed:,} are needed (80% power)."]
    return [
        f"Inconclusive: to tell {rates} apart takes about {_count(needed, 'call')} like these (80% power)."
    ]


def _below(sweep: Sweep) -> list[str]:
    lines = [str(sweep.calibration)]
    if len(sweep.ground.pause_call) >= TELLS:
        lines.append(_points(sweep.operating_points()))
    told = [each for group in _groups(sweep) for each in group]
    if responses := max((each.responses for each in told), default=0):
        lines.append(
            "Response: median of the response latency that would have resulted, the service's own time as it "
            f"was (plain turns, n = {responses})."
        )
    if any(each.doubtful.k for each in told):
        lines.append(
            "Doubtful: the caller went on over the answer's first second; nobody knows whether they had "
            "done, and no other figure counts them. sweep.examples(setting) has their sound."
        )
    if sweep.grid.left_out:
        lines.append(f"Left out: {sweep.grid.left_out} with min_silence not less than max_silence.")
    if any(not each.observed for each in told):
        lines.append(
            "Not observed: it decides later than the recorded decision, and no label says what the caller "
            "would have done. Collect calls with patient settings, or label."
        )
        lines += _hidden(sweep, told)
    return lines


def _hidden(sweep: Sweep, told: Sequence[Score]) -> list[str]:
    """Which calls hide the first setting that others observe."""
    for each in told:
        if each.setting is not None and not each.observed:
            quick = sweep.quick_calls(each.setting)
            if quick is not None:
                return [f"{each.name}: {quick}."]
    return []


def _points(points: Mapping[str, float | None]) -> str:
    """The public benchmarks' operating points, of what was observed or labelled."""
    soon, later, few, more = points.values()
    rates = [
        f"within 0.3 s of EOT latency {soon:.0%} of the pauses are cut"
        if soon is not None
        else "within 0.3 s no setting decides",
        f"within 0.6 s {later:.0%}" if later is not None else "within 0.6 s none",
    ]
    waits = [
        f"5% take {few:.2f} s" if few is not None else "5% no setting keeps to",
        f"10% {more:.2f} s" if more is not None else "10% none",
    ]
    return f"Operating points: {', '.join(rates)}; {', '.join(waits)}."


def _shown(sweep: Sweep) -> list[str]:
    """The columns that tell something."""
    told = [each for group in _groups(sweep) for each in group]
    empty = set()
    if not any(each.doubtful.n for each in told):
        empty.add("doubtful")
    if not any(each.latency_p90 is not None for each in told):
        empty.add("p90")
    return [name for name in HEADINGS if name not in empty]


def _note(score: Score) -> str:
    if score.recorded and not score.turns.n:
        return "no call was held with it"
    return "" if score.observed else f"not observed: {score.beyond} of {_count(score.ends, 'end')}"


def _cells(score: Score) -> dict[str, str]:
    return {
        "policy": score.name.partition(", as ")[0],
        "pauses cut": str(score.false_cutoffs),
        "turns cut": f"{score.turns.k} of {score.turns.n}",
        "calls cut": f"{score.calls.k} of {score.calls.n}",
        "doubtful": f"{score.doubtful.k} of {score.doubtful.n}",
        "EOT latency": _latency(score),
        "p50": _seconds(score.latency_p50),
        "p90": _seconds(score.latency_p90),
        "missed": f"{score.missed} of {score.ends}",
        "response": _seconds(score.response_latency),
        "": _note(score),
    }


def _row(score: Score, shown: Sequence[str]) -> str:
    faded = "" if score.observed else ";opacity:.7"
    cells = _cells(score)
    name, _, setting = cells["policy"].partition(", ")
    below = {"policy": "; ".join(filter(None, (setting, cells[""])))}
    cells["policy"] = name
    for column in ("pauses cut", "EOT latency"):  # intervals stand below their figures
        cells[column], _, interval = cells[column].partition(" (")
        below[column] = interval.removesuffix(")")
    told = "".join(
        f"<td style='{_style(name)}'>{escape(cells[name])}{_small(below.get(name, ''))}</td>"
        for name in shown
    )
    return f"<tr style='background:transparent{faded}'>{told}</tr>"


def _small(told: str) -> str:
    return f"<div style='opacity:.75;font-size:.9em'>{escape(told)}</div>" if told else ""


def _style(name: str) -> str:
    side, space = ("left", "normal;min-width:9em") if name in _WORDS else ("right", "nowrap")
    return (
        f"text-align:{side};vertical-align:top;font-variant-numeric:tabular-nums;white-space:{space};"
        f"padding:.25em 1em .25em 0;border:0;border-bottom:{_EDGE}"
    )


def _latency(score: Score) -> str:
    if score.latency is None:
        return ""
    if score.latency_interval is None:
        return f"{score.latency:.2f}"
    low, high = score.latency_interval
    return f"{score.latency:.2f} ({low:.2f} to {high:.2f})"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _count(n: int, one: str, several: str = "") -> str:
    return f"{n:,} {one if n == 1 else several or one + 's'}"
