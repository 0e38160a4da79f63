"""The ledger of stops to read: as text and as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.analysis.stop import Stop
    from voicenb.analysis.stops import Stops

_WIDTH = 40
"""Letters of the unheard words in a text."""

HEADINGS = ("#", "call", "at", "by", "for", "quieter", "reaction", "flush", "yield", "words lost", "")
_WORDS = frozenset({"by", "for", ""})
"""Columns of words, not of figures."""

LEGEND = {
    "client": "the client's own flush at input.speech.started",
    "service": "the service's interruption of the reply",
    "duck": "the client's own ear, before either",
}

LOST = "words lost: not heard, about, of those that the service had told by then"
"""What it had still to say, nobody knows."""


def text(stops: Stops) -> str:
    """The table in plain text; figures in seconds."""
    if not len(stops):
        return title(stops)
    headings = _headings(stops)
    rows = [dict(zip(headings, headings, strict=True)), *(_cells(stop, cut=True) for stop in stops)]
    widths = {name: max(len(row[name]) for row in rows) for name in headings}
    lines = [title(stops)]
    for row in rows:
        aligned = (
            row[name].ljust(widths[name]) if name in _WORDS else row[name].rjust(widths[name])
            for name in headings
        )
        lines.append("  ".join(aligned).rstrip())
    return "\n".join([*lines, *_legend(stops)])


def html(stops: Stops) -> str:
    """The table in HTML, in the notebook's own style."""
    headings = _headings(stops)
    head = "".join(f"<th style='{_style(name)}'>{escape(name)}</th>" for name in headings)
    rows = "".join(
        "<tr>"
        + "".join(f"<td style='{_style(name)}'>{escape(cells[name])}</td>" for name in headings)
        + "</tr>"
        for cells in map(_cells, stops)
    )
    told = "".join(f"<p style='margin:.3em 0;opacity:.75'>{escape(line)}</p>" for line in _legend(stops))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if len(stops) else ""
    return f"<div style='overflow-x:auto'><p>{escape(title(stops))}</p>{table}{told}</div>"


def _headings(stops: Stops) -> list[str]:
    """Which call it was is told where there are several."""
    return [name for name in HEADINGS if name != "call" or len(stops.calls) > 1]


def _style(name: str) -> str:
    side = "left" if name in _WORDS else "right"
    wide = "white-space:normal;min-width:14em" if name == "" else "white-space:nowrap"
    return f"text-align:{side};font-variant-numeric:tabular-nums;padding:.25em .6em;{wide}"


def _legend(stops: Stops) -> list[str]:
    told = [f"{who}: {LEGEND[who]}" for who in LEGEND if any(stop.by == who for stop in stops)]
    if any(stop.lost for stop in stops):
        told.append(LOST)
    ways = [stop.searched for stop in stops if stop.searched is not None]
    if ways:
        told.append(f"echo: looked for up to {min(ways):.2f} s behind the agent's voice")
    return told


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
    untold, calls = len(stops.not_captured), len(stops.calls)
    if untold and untold == calls:
        return " · ".join(["stops not captured", *([f"{calls} calls"] if calls > 1 else []), *stops.services])
    if untold:
        parts.append(f"not captured in {untold} of them")
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


def _cells(stop: Stop, *, cut: bool = False) -> dict[str, str]:
    words = stop.unheard
    if cut and len(words) > _WIDTH:
        words = words[: _WIDTH - 1] + "…"
    lost = "?" if stop.lost is None else f"about {stop.lost}" if stop.lost else "0"
    back = "" if stop.quiet is None else f"back after {stop.quiet:.1f} s"
    note = {"silent": f"[not heard: {words}]" if words else "", "back": back, "over": ""}[stop.outcome]
    return {
        "#": str(stop.number),
        "call": str(stop.call),
        "at": f"{stop.at:.2f}",
        "by": stop.by or "?",
        "for": what_for(stop),
        "quieter": _seconds(stop.quieter),
        "reaction": _seconds(stop.reaction),
        "flush": _seconds(stop.flush),
        "yield": _seconds(stop.yield_latency),
        "words lost": lost if stop.outcome == "silent" else "",
        "": note,
    }


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
