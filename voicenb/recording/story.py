"""A recording at a glance, for notebooks: what it was, how it began, and how to go on."""

from __future__ import annotations

import datetime
import json
import re
from html import escape
from typing import TYPE_CHECKING

from voicenb.protocol.lines import interruptions

if TYPE_CHECKING:
    from voicenb.protocol.calls import ToolCallState
    from voicenb.protocol.lines import Line
    from voicenb.recording.recording import Recording

# The text takes the page's own colour, light or dark; only the marks of the roles are coloured, in shades
# that stand out on both.
_CALLER = "var(--voicenb-caller, #3b78d8)"
_AGENT = "var(--voicenb-agent, #c8701f)"
_TOOL = "#8a6bd1"
_LONGEST = 160
_FIRST = 6
_MOST = 200


def html(recording: Recording) -> str:
    """A card: agent, time, length and service; what came of it; its first lines, the others folded; hints."""
    # A noise may have been taken for words at first: its line is empty then.
    lines, calls = [line for line in recording.transcript if line.text], recording.tool_calls
    timed = [(line.started, _spoken(line, recording.agent_name)) for line in lines]
    timed += [(call.at, _called(call)) for call in calls]
    rows = [row for _, row in sorted(timed, key=lambda row: row[0])]
    parts = [
        f"<div><b>{escape(recording.agent_name)}</b> · {escape(_summary(recording))}</div>",
        f'<div style="margin-bottom: 4px">{escape(_outcome(recording, lines, calls))}</div>',
        *(rows[:_FIRST] or ["<div><i>Nothing was said.</i></div>"]),
        _folded(rows[_FIRST:]),
        _lacking(recording),
        _hints(recording),
    ]
    return (
        '<div class="voicenb-recording" style="font-size: var(--jp-ui-font-size1, 13px); line-height: 1.5; '
        f'font-variant-numeric: tabular-nums; overflow-wrap: anywhere">{"".join(parts)}</div>'
    )


def _row(mark: str, at: float, content: str) -> str:
    tenths = round(10 * at)
    time = f'<span style="opacity: .65">{tenths // 600}:{tenths % 600 / 10:04.1f}</span>'
    style = f"border-left: 3px solid {mark}; padding-left: 8px; margin: 2px 0"
    return f'<div style="{style}">{time}&ensp;{content}</div>'


def _spoken(line: Line, agent: str) -> str:
    mark, who = (_CALLER, "Caller") if line.role == "user" else (_AGENT, agent)
    said = line.heard if line.unheard else line.text
    unheard = f' <s style="opacity: .65">{_short(line.unheard)}</s>' if line.unheard else ""
    return _row(mark, line.started, f"<b>{escape(who)}</b>&ensp;{_short(said)}{unheard}")


def _called(call: ToolCallState) -> str:
    arguments = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in call.arguments.items()
    )
    result = "no result" if call.result is None else f"→ {_short(call.result)}"
    return _row(_TOOL, call.at, f"<code>{_short(f'{call.name}({arguments})')}</code> {result}")


def _short(text: str) -> str:
    return escape(text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…")


def _folded(rows: list[str]) -> str:
    if not rows:
        return ""
    rest = len(rows) - _MOST
    end = f"<div>… {rest} more in <code>recording.transcript</code></div>" if rest > 0 else ""
    return f"<details><summary>… {len(rows)} more</summary>{''.join(rows[:_MOST])}{end}</details>"


def _lacking(recording: Recording) -> str:
    """What a recording from elsewhere has not."""
    absent = recording.absent
    if not absent:
        return ""
    what = "".join(f"<li>{escape(told)}</li>" for told in absent.values())
    summary = f"Not captured: {escape(', '.join(absent))}"
    return f'<details style="opacity: .75"><summary>{summary}</summary><ul>{what}</ul></details>'


def _summary(recording: Recording) -> str:
    session = recording.session
    seconds = round(recording.duration)
    parts = [f"{seconds // 60} min {seconds % 60:02d} s" if seconds >= 60 else f"{seconds} s"]
    try:
        started = datetime.datetime.fromisoformat(str(session.get("started"))).astimezone()
        parts.insert(0, f"{started:%Y-%m-%d %H:%M}")
    except ValueError:
        pass  # somebody else's recording may not say
    if session.get("service"):
        parts.append(str(session["service"]))
    return " · ".join(parts)


def _outcome(recording: Recording, lines: list[Line], calls: list[ToolCallState]) -> str:
    turns = sum(line.role == "user" and line.final for line in lines)
    replies = sum(line.role == "agent" for line in lines)
    cut = interruptions(lines)
    parts = [_count(turns, "caller's turn", "caller's turns"), _count(replies, "reply", "replies")]
    if cut:
        parts.append(_count(cut, "interruption", "interruptions"))
    if calls:
        names = list(dict.fromkeys(call.name for call in calls))
        parts.append(f"{_count(len(calls), 'tool call', 'tool calls')} ({', '.join(names)})")
    ended = recording.ended
    reason = (ended or {}).get("reason") or "ended"
    parts.append("not finished" if ended is None else "ended" if reason == "ended" else f"ended: {reason}")
    return " · ".join(parts)


def _hints(recording: Recording) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", recording.agent_name.lower()).strip("-") or "call"
    hints = [
        (".transcript", "who said what"),
        (f'.export_wav("{name}.wav")', "both voices, to listen to"),
        (".heard()", "the agent's voice as samples"),
        (f'.save("calls/{name}")', "a copy to keep"),
    ]
    told = "".join(
        f'<span style="display: inline-block; margin-right: 14px"><code>{escape(code, quote=False)}</code> '
        f"{escape(what)}</span> "
        for code, what in hints
    )
    folder = escape(str(recording.folder))
    return f'<div style="opacity: .75; margin-top: 4px">{told}<br>In <code>{folder}</code></div>'


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
