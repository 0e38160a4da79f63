"""The transcript of a page: what each side said, what of it was heard, tools that were called, and notes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from voicenb.analysis.measure import Measure
from voicenb.analysis.overlap import Span
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns
from voicenb.analysis.words import Note as HeardNote
from voicenb.analysis.words import TimedWord, placed, spread
from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.lines import Line
from voicenb.recording.annotations import Note
from voicenb.sharing.trouble import trouble

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

LONGEST = 2_000
"""Letters of a tool's arguments, and of its result."""


def lines(recording: Recording, found: Turns) -> list[dict[str, Any]]:
    """The lines, by time; ``CallDocument.lines`` in ``view_document.js`` says what is in each.

    Args:
        recording: of the call.
        found: its turns.
    """
    measure = Measure(recording)
    measure.refresh()
    told = recording.conversation.lines
    by_item = {line.item_id: line for line in told if line.item_id}
    by_reply = {line.reply_id: line for line in told if line.reply_id}
    known: set[str] = set()
    rows: list[dict[str, Any]] = []
    for turn in found:
        line = by_reply.get(turn.reply_id) if turn.reply_id else by_item.get(turn.item_id)
        if line is not None:
            known.add(line.id)
        if turn.start is not None or turn.text.strip() or turn.unheard.strip():
            rows.append(_said(recording, found, turn, line, measure.heard.get(turn.reply_id, [])))
    rows += [_left_over(line) for line in told if line.id not in known and line.text.strip()]
    rows += [_called(call) for call in recording.tool_calls]
    rows += [_noted(note, number) for number, note in enumerate(recording.notes)]
    return sorted(rows, key=lambda row: (row["at"], row["end"]))


def _said(
    recording: Recording, found: Turns, turn: Turn, line: Line | None, notes: list[HeardNote]
) -> dict[str, Any]:
    at = turn.start if turn.start is not None else turn.decided
    if at is None:
        at = line.started if line is not None else 0.0
    end = turn.end if turn.end is not None else at
    side = "caller" if turn.role == "user" else "agent"
    runs = list(_runs(found.said if side == "caller" else found.heard, turn.start, turn.end))
    words: list[TimedWord] | None = None
    if side == "agent":
        reply = recording.conversation.replies[turn.reply_id]
        whole = f"{turn.text} {turn.unheard}".strip()
        words = placed(whole, reply.words, notes)
        words = None if words is None else words[: len(turn.text.split())]
    row: dict[str, Any] = {
        "id": turn.reply_id or turn.item_id or f"turn-{turn.number}",
        "by": side,
        "at": round(at, 3),
        "end": round(end, 3),
        "words": spread(turn.text, runs) if words is None else words,
    }
    if turn.unheard.strip():
        row["unheard"] = turn.unheard.strip()
    if notes_of := trouble(turn):
        row["note"] = ", ".join(notes_of)
    return row


def _runs(stretches: Iterable[Span], start: float | None, end: float | None) -> Iterator[Span]:
    if start is None or end is None:
        return
    for each in stretches:
        if each.start < end + 0.001 and each.end > start - 0.001:
            yield each


def _left_over(line: Line) -> dict[str, Any]:
    """What is in the transcript and in no turn: typed, or still being said when the recording ends."""
    text = line.heard if line.unheard else line.text
    row: dict[str, Any] = {
        "id": line.id,
        "by": "caller" if line.role == "user" else "agent",
        "at": round(line.started, 3),
        "end": round(line.started if line.ended is None else max(line.started, line.ended), 3),
        "words": spread(text, []),
    }
    if line.unheard.strip():
        row["unheard"] = line.unheard.strip()
    return row


def _called(call: ToolCallState) -> dict[str, Any]:
    arguments = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in call.arguments.items()
    )
    over = call.at if call.result_at is None else call.result_at
    row: dict[str, Any] = {
        "id": f"tool-{call.call_id}",
        "by": "tool",
        "at": round(call.at, 3),
        "end": round(over, 3),
        "words": [],
        "code": _short(f"{call.name}({arguments})"),
        "result": "no result" if call.result is None else _short(call.result),
        "error": call.is_error,
    }
    if call.result_at is not None:
        row["ms"] = round(1000 * (over - call.at))
    return row


def _noted(note: Note, number: int) -> dict[str, Any]:
    """What somebody noted of the call; what is said of all of it stands first, and at no moment."""
    at = round(note.at or 0.0, 3)
    place = {"at": at, "end": at, "whole": note.at is None}
    return {"id": f"note-{number}", "by": "note", **place, "words": [], "note": note.text}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
