"""The minutes of a call, for somebody who judges: what was heard and which tools were called, by line."""

from __future__ import annotations

from dataclasses import dataclass

from voicenb.analysis.report import CallFacts
from voicenb.analysis.turn import Turn
from voicenb.testing.expectations.moments import tool_calls, turn_of, written

_RESULT = 2_000
"""Letters of a tool's result that are told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        at: seconds on the engine's clock.
        text: who said what, or what was called.
        turn: of ``vn.turns`` that it is about.
    """

    at: float
    text: str
    turn: Turn | None


def minutes(call: CallFacts) -> list[Entry]:
    """What happened in a call, in order; of the agent's words those that were heard.

    Args:
        call: of a report.
    """
    entries = [entry for turn in call.turns if (entry := _said(turn)) is not None]
    for tool in tool_calls(call):
        asked = written(tool.name, tool.arguments if isinstance(tool.arguments, dict) else {})
        entries.append(Entry(tool.at, f"Tool called: {asked}", turn_of(call, tool)))
        if tool.result is not None and tool.result_at is not None:
            failed = " (an error)" if tool.is_error else ""
            told = f"Tool's result{failed}: {_plain(tool.result)[:_RESULT]}"
            entries.append(Entry(tool.result_at, told, turn_of(call, tool)))
    return sorted(entries, key=lambda entry: entry.at)


def _said(turn: Turn) -> Entry | None:
    at = turn.start if turn.start is not None else turn.decided
    if at is None or not turn.text or (turn.role == "agent" and turn.start is None):
        return None
    cut = " [cut off: the rest was not heard]" if turn.unheard or turn.interrupted else ""
    return Entry(at, f"{'Caller' if turn.role == 'user' else 'Agent'}: {_plain(turn.text)}{cut}", turn)


def _plain(text: str) -> str:
    """In one line, and without halves of characters, which no request can hold."""
    return " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")
