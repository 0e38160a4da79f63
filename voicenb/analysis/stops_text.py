"""The ledger of stops to read: as text and as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.analysis.stop import Stop
    from voicenb.analysis.stops import Stops

_WIDTH = 40
"""Letters of the unheard words in a text."""

HEADINGS = ("#", "at", "by", "for", "quieter", "reaction", "flush", "yield", "words lost", "")
_WORDS = {2, 3, 9}  # columns of words, not of figures

LEGEND = {
    "client": "the client's own flush at input.speech.started",
    "service": "the service's interruption of the reply",
    "duck": "the client's own ear, before either",
}


def text(stops: Stops) -> str:
    """The table in plain text; figures in seconds."""
    if not len(stops):
        return title(stops)
    rows = [HEADINGS, *(_cells(stop, cut=True) for stop in stops)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    lines = [title(stops)]
    for row in rows:
        aligned = [
            cell.ljust(width) if at in _WORDS else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(aligned).rstrip())
    lines += [f"{who}: {LEGEND[who]}" for who in LEGEND if any(stop.by == who for stop in stops)]
    return "\n".join(lines)


def html(stops: Stops) -> str:
    """The table in HTML, in the notebook's own style."""
    head = "".join(f"<th style='text-align:left'>{escape(heading)}</th>" for heading in HEADINGS)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td style='text-align:{'left' if at in _WORDS else 'right'};"
            f"font-variant-numeric:tabular-nums;white-space:{'normal' if at == 9 else 'nowrap'}'>"
            f"{escape(cell)}</td>"
            for at, cell in enumerate(_cells(stop))
        )
        + "</tr>"
        for stop in stops
    )
    legend = " · ".join(f"{who}: {LEGEND[who]}" for who in LEGEND if any(stop.by == who for stop in stops))
    told = f"<p style='opacity:.75'>{escape(legend)}</p>" if legend else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if len(stops) else ""
    return f"<div><p>{escape(title(stops))}</p>{table}{told}</div>"


def title(stops: Stops) -> str:
    """How many, and what they rest on."""
    silent = len(stops.silent)
    dips = len(stops) - silent
    parts = [f"{silent} stop{'' if silent == 1 else 's'}"]
    if dips:
        parts.append(f"{dips} time{'' if dips == 1 else 's'} only quieter")
    if len(stops.calls) > 1:
        parts.append(f"{len(stops.calls)} calls")
    parts += [f"barge_in {' and '.join(stops.modes)}"] if stops.modes else []
    parts.append(f"{stops.voice:.0f} s of the agent's voice")
    return " · ".join([*parts, *stops.services])


def what_for(stop: Stop) -> str:
    """What a voice gave way to, in a word or two."""
    if stop.echo:
        return "echo"
    if stop.outcome == "over":
        return "the end came first"
    if stop.outcome == "back":
        return "nobody"
    if stop.false is None:
        return "?"
    if stop.false:
        return "no words" if stop.turn is None else "a back-channel"
    return "a turn" if stop.turn is None else f"turn {stop.turn}"


def _cells(stop: Stop, *, cut: bool = False) -> tuple[str, ...]:
    words = stop.unheard
    if cut and len(words) > _WIDTH:
        words = words[: _WIDTH - 1] + "…"
    lost = "?" if stop.lost is None else f"about {stop.lost}" if stop.lost else "0"
    back = "" if stop.quiet is None else f"back after {stop.quiet:.1f} s"
    note = {"silent": f"[not heard: {words}]" if words else "", "back": back, "over": ""}[stop.outcome]
    figures = (stop.quieter, stop.reaction, stop.flush, stop.yield_latency)
    return (
        str(stop.number),
        f"{stop.at:.2f}",
        stop.by or "?",
        what_for(stop),
        *("" if figure is None else f"{figure:.2f}" for figure in figures),
        lost if stop.outcome == "silent" else "",
        note,
    )
