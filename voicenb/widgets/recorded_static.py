"""The panel on recordings as it stays in a saved notebook: a table, without a kernel or a widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from voicenb.tuning.score import Score
from voicenb.tuning.sweep import Sweep
from voicenb.tuning.sweep_text import title
from voicenb.turn_detection import TurnDetection

CUT = 12
"""Turns that are told at most."""

_CELL = "padding: 2px 14px 2px 0; text-align: left; font-weight: normal; font-variant-numeric: tabular-nums"
_HEADINGS = ("", "pauses cut", "turns cut", "calls cut", "EOT latency", "p50")
_AGAIN = "Run this cell again to move the sliders."


def static_text(sweep: Sweep, setting: TurnDetection, turns: Sequence[Mapping[str, Any]]) -> str:
    """The panel in plain text.

    Args:
        sweep: of the calls.
        setting: where the sliders stand.
        turns: those that it would cut, as :func:`voicenb.widgets.recorded_turns.rows` tells them.
    """
    rows = [_HEADINGS, *_rows(sweep, setting)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADINGS))]
    table = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    cut = [f"    {_at(turn)} {turn['words']}".rstrip() for turn in turns[:CUT]]
    return "\n".join([_title(sweep), *table, *([_cuts(turns), *cut] if turns else []), _AGAIN])


def static_html(sweep: Sweep, setting: TurnDetection, turns: Sequence[Mapping[str, Any]], mark: str) -> str:
    """The same as HTML with styles of its own.

    Args:
        sweep: of the calls.
        setting: where the sliders stand.
        turns: those that it would cut.
        mark: a class for the whole; a live panel hides it by that.
    """
    rows = "".join(_html_row(row) for row in [_HEADINGS, *_rows(sweep, setting)])
    cut = "".join(
        f'<div style="margin: 2px 0; padding-left: 10px; border-left: 3px solid #c8372d">'
        f"{escape(_at(turn))} “{escape(turn['words'])}”</div>"
        for turn in turns[:CUT]
    )
    told = f'<div style="margin-top: 6px">{escape(_cuts(turns))}</div>{cut}' if turns else ""
    return (
        f'<div class="{mark}" style="padding: 4px 0 4px 2px; line-height: 1.5; overflow-wrap: anywhere">'
        f"<b>Where would each turn have ended?</b> {escape(_title(sweep))}"
        f'<table style="margin: 4px 0">{rows}</table>{told}'
        f'<div style="opacity: 0.7; font-size: 90%; margin-top: 4px">{escape(str(sweep.calibration))} '
        f"{_AGAIN}</div></div>"
    )


def _title(sweep: Sweep) -> str:
    # Settings are no matter of the panel's: the rest of the sweep's title is.
    return title(sweep).partition(" · ")[2]


def _rows(sweep: Sweep, setting: TurnDetection) -> list[tuple[str, ...]]:
    held = [each for each in sweep.recorded if each.turns.n]
    mine = sweep.of(setting)
    return [_cells(each) for each in [*held, mine]]


def _cells(score: Score) -> tuple[str, ...]:
    name = score.name if score.recorded else f"{score.name}, where the sliders stand"
    return (
        name,
        str(score.false_cutoffs),
        f"{score.turns.k} of {score.turns.n}",
        f"{score.calls.k} of {score.calls.n}",
        _seconds(score.latency) + (f" ({score.ends} ends)" if score.latency is not None else ""),
        _seconds(score.latency_p50),
    )


def _html_row(row: Sequence[str]) -> str:
    cells = "".join(f'<td style="{_CELL}">{escape(text)}</td>' for text in row)
    return f'<tr style="background: none">{cells}</tr>'


def _cuts(turns: Sequence[Mapping[str, Any]]) -> str:
    return f"{len(turns)} turn{'' if len(turns) == 1 else 's'} would be cut off:"


def _at(turn: Mapping[str, Any]) -> str:
    seconds = int(turn["start"])
    return f"call {turn['call'] + 1} at {seconds // 60}:{seconds % 60:02d}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"
