"""The caller's turns and what each waited for: the rows of the table and the waits in the lanes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from voicenb.analysis.turn import Turn
from voicenb.plot.stages import stages
from voicenb.sharing.trouble import trouble


def rows(turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """One for each turn of the caller's; ``CallDocument.rows`` in ``view_document.js`` says what is in it.

    The wait runs from the caller's last sound (acoustic) to the agent's first audible one (heard), in a tool
    turn to the answer that uses the result; the number is that of :func:`voicenb.turns`, and the stages are
    those of :func:`voicenb.plot.latency`.

    Args:
        turns: of the caller.
    """
    return [_row(turn) for turn in turns]


def _row(turn: Turn) -> dict[str, Any]:
    wait = turn.wait
    return {
        "number": turn.number,
        "text": " ".join(turn.text.split()),
        "kind": turn.kind,
        "at": turn.start if turn.start is not None else turn.decided,
        "end": turn.end,
        "stages": [
            {"kind": stage.kind, "start": round(stage.start, 4), "length": round(stage.length, 4)}
            for stage in stages(turn)
        ],
        "wait": wait,
        "told": _told(turn, wait),
        "limit": _limit(turn),
        "tools": list(dict.fromkeys(tool.name for tool in turn.tools)),
        "notes": [note for note in trouble(turn) if note != "unanswered"],  # that is told
    }


def _told(turn: Turn, wait: float | None) -> str:
    if wait is not None:  # also where the caller did not wait for it
        return f"{wait:.2f} s"
    if turn.unanswered:
        return "unanswered"
    if turn.first_sound is not None:  # an announcement, and nothing behind it
        return f"no answer, first sound {turn.first_sound:.2f} s"
    return "not captured"


def _limit(turn: Turn) -> str:
    if turn.ended_by in ("min_silence", "max_silence") and turn.configured_silence is not None:
        return f"{turn.ended_by} {turn.configured_silence:.2f} s"
    return "adaptive" if turn.ended_by == "adaptive" else ""
