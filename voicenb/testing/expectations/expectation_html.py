"""Expectations to read, as HTML in the notebook's own style; with the picture of what went wrong."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from voicenb.testing.expectations.expectation_text import MOST, runs, title, told_turns
from voicenb.testing.expectations.moment_picture import picture

if TYPE_CHECKING:
    from voicenb.testing.expectations.expectation import Expectation
    from voicenb.testing.expectations.verdict import Concern, Verdict

PICTURES = 2
"""Pictures at most: of the first verdicts that did not pass."""

_EDGE = "1px solid var(--jp-border-color2, rgba(128, 128, 128, .4))"
_CALLER, _AGENT, _FAULT, _NOTE = "#3b78d8", "#c8701f", "#d3453d", "#7b828e"
"""Readable on white and on black: a saved page does not say which it will be."""

_HATCH = "repeating-linear-gradient(-45deg, currentColor 0 1px, transparent 1px 5px)"


def html(expectation: Expectation) -> str:
    """What was expected and what came of it, a block for each.

    Args:
        expectation: of some calls.
    """
    left = PICTURES
    seen: set[str] = set()
    blocks = []
    for verdict in expectation.verdicts:
        concern = None if verdict.passed or not left else first_concern(verdict)
        fresh = concern is not None and concern.place() not in seen
        drawn = _picture(expectation, concern) if concern is not None and fresh else ""
        seen |= {concern.place()} if concern is not None else set()
        left -= bool(drawn)
        blocks.append(_block(verdict, drawn, alone=len(expectation.sample.calls) == 1))
    told = "".join(
        f'<div style="{"" if number else "margin-top: 6px; "}opacity: .8">{escape(line.strip())}</div>'
        for number, line in enumerate(runs(expectation))
    )
    outcome, _, rest = title(expectation).partition(": ")
    return (
        '<div class="voicenb-expectation" style="color: var(--jp-ui-font-color0, inherit); '
        "font-family: var(--jp-ui-font-family, system-ui, sans-serif); "
        "font-size: var(--jp-ui-font-size1, 13px); line-height: 1.5; overflow-wrap: anywhere; "
        'font-variant-numeric: tabular-nums; max-width: 1000px">'
        f'<div style="padding: 2px 0 4px"><b style="{_colour(outcome)}">{escape(outcome)}</b>'
        f'<span style="opacity: .75"> · {escape(rest)}</span></div>{"".join(blocks)}{told}</div>'
    )


def first_concern(verdict: Verdict) -> Concern | None:
    """The first turn with a sound that a verdict is about.

    Args:
        verdict: any.
    """
    return next(
        (each for each in verdict.turns if each.turn is not None and each.turn.start is not None), None
    )


def _picture(expectation: Expectation, concern: Concern) -> str:
    recording = expectation.sample.calls[concern.call - 1].recording
    return "" if recording is None else picture(recording, concern)


def _block(verdict: Verdict, drawn: str, *, alone: bool) -> str:
    style = f"flex: none; width: 8.2em; white-space: nowrap; {_colour(verdict.outcome)}"
    badge = f'<span style="{style}">{_mark(verdict.outcome)}{escape(verdict.outcome)}</span>'
    line = (
        f'<div style="display: flex; gap: 0 10px">{badge}'
        '<div style="flex: 1 1 0; display: flex; flex-wrap: wrap; gap: 0 10px">'
        f'<span style="flex: 1 1 16em">{escape(verdict.expectation)}</span>'
        f'<span style="flex: 1 1 16em; opacity: .8">{escape(verdict.figure)}</span></div></div>'
    )
    rest = "" if verdict.passed else _below(verdict, drawn, alone=alone)
    return f'<div style="border-top: {_EDGE}; padding: 4px 0">{line}{rest}</div>'


def _below(verdict: Verdict, drawn: str, *, alone: bool) -> str:
    why = f"{verdict.why} {verdict.remedy}".strip()
    told = f'<div style="opacity: .8">{escape(why)}</div>' if why else ""
    rows = "".join(_row(each, alone=alone) for each in told_turns(verdict, alone=alone)[:MOST])
    left = len(told_turns(verdict, alone=alone)) - MOST
    more = f'<div style="opacity: .7">and {left} more</div>' if left > 0 else ""
    return f'<div style="padding-left: 4px">{told}{rows}{more}{drawn}</div>'


def _row(concern: Concern, *, alone: bool) -> str:
    turn = concern.turn
    colour = _NOTE if turn is None else _CALLER if turn.role == "user" else _AGENT
    place = escape(concern.place(alone=alone))
    note = f'<b style="font-weight: 600">{escape(concern.note)}</b>' if concern.note else ""
    return (
        f'<div style="margin: 2px 0; padding-left: 8px; border-left: 3px solid {colour}">'
        f"{place}{': ' if place and note else ''}{note}</div>"
    )


def _colour(outcome: str) -> str:
    return (
        f"color: {_FAULT}; font-weight: 600"
        if outcome == "failed"
        else "font-weight: 600"
        if outcome == "inconclusive"
        else ""
    )


def _mark(outcome: str) -> str:
    """A square: full red, hatched or empty, so that no colour alone tells."""
    fill = {"failed": _FAULT, "inconclusive": _HATCH, "passed": "transparent"}[outcome]
    return (
        f'<span aria-hidden="true" style="display: inline-block; width: 9px; height: 9px; margin-right: 6px; '
        f'border: 1px solid currentColor; border-radius: 2px; background: {fill}"></span>'
    )
