"""Turns as a table to read: as text and as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.analysis.turn import Turn
    from voicenb.analysis.turns import Turns

_WIDTH = 48
"""Letters of a turn's words in a text."""

HEADINGS = ("#", "who", "from", "to", "response", "of it silence", "ended by", "")


def text(turns: Turns) -> str:
    """The table in plain text; figures in seconds."""
    cells = [
        (*_cells(turn), words[: _WIDTH - 1] + "…" if len(words := _words(turn)) > _WIDTH else words)
        for turn in turns
    ]
    widths = [max(len(row[at]) for row in [HEADINGS, *cells]) for at in range(len(HEADINGS) - 1)]
    lines = [_title(turns)]
    for row in [HEADINGS, *cells]:
        aligned = [
            cell.ljust(width) if at in (1, 6) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        lines.append("  ".join([*aligned, row[-1]]).rstrip())
    return "\n".join(lines)


def html(turns: Turns) -> str:
    """The table in HTML, in the notebook's own style."""
    head = "".join(f"<th style='text-align:left'>{escape(heading)}</th>" for heading in HEADINGS)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td style='text-align:{'left' if at in (1, 6) else 'right'};"
            f"font-variant-numeric:tabular-nums'>{escape(cell)}</td>"
            for at, cell in enumerate(_cells(turn))
        )
        + f"<td style='text-align:left;white-space:normal'>{escape(_words(turn))}</td></tr>"
        for turn in turns
    )
    return (
        f"<div><p>{escape(_title(turns))}</p><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _title(turns: Turns) -> str:
    caller, agent = len(turns.caller), len(turns.agent)
    service = f" · {turns.service}" if turns.service else ""
    count = len(turns.other)
    sounds = f"{count} sound{'' if count == 1 else 's'}"
    other = f" · {sounds} of the caller's that no turn was made of" if count else ""
    return f"{caller} of the caller's, {agent} of the agent's · seconds{service}{other}"


def _cells(turn: Turn) -> tuple[str, ...]:
    return (
        str(turn.number),
        "caller" if turn.role == "user" else "agent",
        _seconds(turn.start),
        _seconds(turn.end),
        _response(turn),
        _seconds(turn.configured_silence),
        turn.ended_by or "",
    )


def _response(turn: Turn) -> str:
    """The wait for the answer; of a tool turn until the answer that uses the result."""
    if turn.unanswered:
        return "unanswered"
    if _unfinished(turn):
        return "no answer"
    return _seconds(turn.wait) if turn.role == "user" else ""


def _unfinished(turn: Turn) -> bool:
    """Whether something was heard in a tool turn, and no answer that uses the result."""
    return turn.kind == "tool" and turn.first_sound is not None and turn.first_answer is None


def _words(turn: Turn) -> str:
    notes = []
    if turn.unheard:
        notes.append(f"not heard: {turn.unheard}")
    if turn.false_interruption:
        notes.append("stopped for no words")
    if turn.silent:
        notes.append("silent")
    if _unfinished(turn):
        notes.append(f"first sound {_seconds(turn.first_sound)} s")
    notes += [tool.name for tool in turn.tools]
    return turn.text + (f" [{'; '.join(notes)}]" if notes else "")


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
