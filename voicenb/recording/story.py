"""A recording told in five lines, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.protocol.lines import Line
    from voicenb.recording.recording import Recording

# The text takes the page's own colour, light or dark; only the marks of the two roles are coloured, in shades
# that stand out on both.
_CALLER = "var(--voicenb-caller, #3d85d6)"
_AGENT = "var(--voicenb-agent, #c98a1b)"
_LONGEST = 160


def html(recording: Recording) -> str:
    """Five lines: what it was, the caller's first words, the agent's, what came of it, where it is."""
    lines = recording.transcript
    first = next((line for line in lines if line.role == "user"), None)
    reply = _answer_to(first, lines)
    rows = [
        _row(f"<b>{escape(recording.agent_name)}</b> · {escape(_summary(recording))}", "transparent"),
        _row(_spoken("Caller", first), _CALLER),
        _row(_spoken("Agent", reply), _AGENT),
        _row(escape(_outcome(recording)), "transparent"),
        _row(f"<code>{escape(str(recording.folder))}</code>", "transparent", faint=True),
    ]
    return (
        '<div class="voicenb-recording" style="font-size: var(--jp-ui-font-size1, 13px); line-height: 1.5; '
        f'font-variant-numeric: tabular-nums">{"".join(rows)}</div>'
    )


def _row(content: str, mark: str, *, faint: bool = False) -> str:
    opacity = "; opacity: .7" if faint else ""
    return f'<div style="border-left: 3px solid {mark}; padding-left: 8px{opacity}">{content}</div>'


def _spoken(who: str, line: Line | None) -> str:
    if line is None:
        return f"<i>{who} said nothing.</i>"
    text = line.text if len(line.text) <= _LONGEST else line.text[: _LONGEST - 1].rstrip() + "…"
    cut = " <i>(interrupted)</i>" if line.interrupted else ""
    return f"{who}: “{escape(text)}”{cut}"


def _answer_to(question: Line | None, lines: list[Line]) -> Line | None:
    agent = [line for line in lines if line.role == "agent"]
    if question is None:
        return agent[0] if agent else None
    behind = lines[lines.index(question) :]
    return next((line for line in behind if line.role == "agent"), agent[0] if agent else None)


def _summary(recording: Recording) -> str:
    session = recording.session
    seconds = round(recording.duration)
    parts = [f"{seconds // 60}:{seconds % 60:02d} min"]
    started = str(session.get("started") or "")
    if started:
        parts.append(started[:16].replace("T", " "))
    if session.get("service"):
        parts.append(str(session["service"]))
    return " · ".join(parts)


def _outcome(recording: Recording) -> str:
    lines, calls = recording.transcript, recording.tool_calls
    turns = sum(line.role == "user" and line.final for line in lines)
    replies = sum(line.role == "agent" for line in lines)
    cut = sum(line.interrupted for line in lines)
    parts = [_count(turns, "caller's turn", "caller's turns"), _count(replies, "reply", "replies")]
    if cut:
        parts.append(f"{cut} interrupted")
    if calls:
        names = list(dict.fromkeys(call.name for call in calls))
        parts.append(f"{_count(len(calls), 'tool call', 'tool calls')} ({', '.join(names)})")
    ended = recording.ended
    reason = (ended or {}).get("reason") or "ended"
    parts.append("not finished" if ended is None else "ended" if reason == "ended" else f"ended: {reason}")
    return " · ".join(parts)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
