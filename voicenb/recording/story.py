"""A recording at a glance: what it was, what came of it, what was lost; for notebooks also how it began."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
from html import escape
from typing import TYPE_CHECKING

from voicenb.errors import RecordingError, VoicenbError
from voicenb.protocol.lines import interruptions
from voicenb.recording import missing
from voicenb.recording.beginning import MOST, beginnings
from voicenb.recording.given_way import as_heard
from voicenb.recording.lock import is_locked

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
_NOTHING = "nothing lost"
_FIRST = 6
_MOST = 200


def at_a_glance(recording: Recording) -> tuple[str, str, str, str, str]:
    """Cells of a table: when, how long, agent, service, what came of it."""
    started, _, length = _when(recording).rpartition(" · ")
    parts = [_outcome(recording, _lines(recording), recording.tool_calls), *filter(None, [_noted(recording)])]
    service = str(recording.session.get("service") or "")
    return started, length, recording.agent_name, service, " · ".join(parts)


def text(recording: Recording) -> str:
    """Five lines: what it was, who answered, what came of it, what was lost, what people noted of it."""
    lines, calls = _lines(recording), recording.tool_calls
    kind = "Part of a call" if recording.session.get("excerpt") else "Recording"
    return "\n".join(
        (
            f"<{kind}: {recording.agent_name} · {_when(recording)}",
            f" {recording.session.get('service') or 'service not told'}",
            f" {_outcome(recording, lines, calls)}",
            f" {_lost(recording, lines)}",
            f" {_noted(recording) or 'no notes'} · in {recording.folder}>",
        )
    )


def html(recording: Recording) -> str:
    """A card: agent, time, length and service; what came of it; its first lines, the others folded; hints."""
    lines, calls = _lines(recording), recording.tool_calls
    begun = beginnings(recording, lines)
    starts = [(begun.get(line.id, line.started), line) for line in lines]
    timed = [(at, _spoken(at, line, recording.agent_name)) for at, line in starts]
    timed += [(call.at, _called(call)) for call in calls]
    rows = [row for _, row in sorted(timed, key=lambda row: row[0])]
    parts = [
        f"<div><b>{escape(recording.agent_name)}</b> · {escape(_summary(recording))}</div>",
        f"<div>{escape(' · '.join([_outcome(recording, lines, calls), *_waits(recording)]))}</div>",
        f'<div style="margin-bottom: 4px">{_beside(recording, lines)}</div>',
        *(rows[:_FIRST] or ["<div><i>Nothing was said.</i></div>"]),
        _folded(rows[_FIRST:]),
        _lacking(recording),
        _hints(recording),
    ]
    return (
        '<div class="voicenb-recording" style="font-size: var(--jp-ui-font-size1, 13px); line-height: 1.5; '
        f'font-variant-numeric: tabular-nums; overflow-wrap: anywhere">{"".join(parts)}</div>'
    )


def _lines(recording: Recording) -> list[Line]:
    """Those with words: a noise may have been taken for some at first, and its line is empty then."""
    return as_heard(recording, [line for line in recording.transcript if line.text])


def _lost(recording: Recording, lines: list[Line]) -> str:
    """What was not heard, and what did not arrive."""
    # What was taken back before any of it was heard, as when the caller goes on, nobody has missed.
    missed = (line for line in lines if line.heard or not line.interrupted)
    words = sum(len(line.unheard.split()) for line in missed)
    parts = [f"about {_count(words, 'word', 'words')} not heard"] if words else []
    events = recording.events
    counted = events.find("frames", direction="local")
    frames = (events[int(counted[-1])].get("msg") or {}) if len(counted) else {}
    parts += [f"{_count(n, 'frame', 'frames')} {how}" for how in ("lost", "late") if (n := frames.get(how))]
    gaps = [event.get("msg") or {} for event in events.select("reconnected", direction="local")]
    if gaps:
        seconds = sum(float(gap.get("gap") or 0.0) for gap in gaps)
        parts.append(f"connection lost {_count(len(gaps), 'time', 'times')}, {seconds:.1f} s")
    if (recording.ended or {}).get("recording_error"):
        parts.append("the recording stopped before the call did")
    parts += missing.told(recording)
    if "frames" in recording.absent and not parts:
        return "what was lost is not known"
    return " · ".join(parts) or _NOTHING


def _noted(recording: Recording) -> str:
    """Notes and tags; they are beside the recording, and what is wrong with them is told where one asks."""
    with contextlib.suppress(RecordingError):
        notes, tags = recording.notes, list(recording.tags)
        parts = [_count(len(notes), "note", "notes")] if notes else []
        parts += [f"tags: {', '.join(tags)}"] if tags else []
        return " · ".join(parts)
    return "notes cannot be read"


def _beside(recording: Recording, lines: list[Line]) -> str:
    """What was lost, if anything was, and what was noted."""
    lost = _lost(recording, lines)
    return ("" if lost == _NOTHING else escape(lost)) + _notes(recording)


def _notes(recording: Recording) -> str:
    told = _noted(recording)
    if not told:
        return ""
    with contextlib.suppress(RecordingError):
        items = "".join(f"<li>{_short(str(note))}</li>" for note in recording.notes)
        if items:
            return f"<details><summary>{_short(told)}</summary><ul>{items}</ul></details>"
    return f" · {_short(told)}"


def _row(mark: str, at: float, content: str) -> str:
    tenths = round(10 * at)
    time = f'<span style="opacity: .65">{tenths // 600}:{tenths % 600 / 10:04.1f}</span>'
    style = f"border-left: 3px solid {mark}; padding-left: 8px; margin: 2px 0"
    return f'<div style="{style}">{time}&ensp;{content}</div>'


def _spoken(at: float, line: Line, agent: str) -> str:
    mark, who = (_CALLER, "Caller") if line.role == "user" else (_AGENT, agent)
    said = line.heard if line.unheard else line.text
    unheard = f' <s style="opacity: .65">{_short(line.unheard)}</s>' if line.unheard else ""
    return _row(mark, at, f"<b>{escape(who)}</b>&ensp;{_short(said)}{unheard}")


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
    service = recording.session.get("service")
    return _when(recording) + (f" · {service}" if service else "")


def _when(recording: Recording) -> str:
    session = recording.session
    seconds = round(recording.duration)
    parts = [f"{seconds // 60} min {seconds % 60:02d} s" if seconds >= 60 else f"{seconds} s"]
    if session.get("clock") == "virtual":  # whose date is the same for every call
        return " · ".join(["virtual clock", *parts])
    try:
        started = datetime.datetime.fromisoformat(str(session.get("started"))).astimezone()
        parts.insert(0, f"{started:%Y-%m-%d %H:%M}")
    except ValueError:
        pass  # somebody else's recording may not say
    return " · ".join(parts)


def _outcome(recording: Recording, lines: list[Line], calls: list[ToolCallState]) -> str:
    turns = sum(line.role == "user" and line.final for line in lines)
    replies = sum(line.role == "agent" for line in lines)
    if {"words", "replies"} & recording.absent.keys():  # they were found in its sound, whatever has words
        turns = len(recording.events.find("turn", direction="local"))
        replies = len(recording.conversation.replies)
    cut = interruptions(lines)
    parts = [_count(turns, "caller's turn", "caller's turns"), _count(replies, "reply", "replies")]
    if cut:
        parts.append(_count(cut, "interruption", "interruptions"))
    if calls:
        names = list(dict.fromkeys(call.name for call in calls))
        parts.append(f"{_count(len(calls), 'tool call', 'tool calls')} ({', '.join(names)})")
    parts.append(_ended(recording))
    return " · ".join(parts)


def _waits(recording: Recording) -> list[str]:
    """How long answers took, in words, where that is told soon: each costs the processor some 20 ms."""
    replies = recording.conversation.replies
    if not recording.finished or "sound" in recording.absent or len(replies) > MOST:
        return []
    from voicenb.analysis.measure import Measure
    from voicenb.analysis.summary import Summary

    measure = Measure(recording)
    try:
        measure.refresh()
        answers = []
        for exchange in measure.exchanges.all:
            # Of a turn with several replies the last answers it, but not one that only calls a tool.
            saying = [name for name in exchange.replies if name in replies and not replies[name].calls]
            found = [answer for name in saying if (answer := measure.answer(name)) is not None]
            answers += found[-1:]
    except (OSError, ValueError, VoicenbError):  # what is damaged or not installed is told elsewhere
        return []
    return Summary.of(len(measure.exchanges.all), answers, 0).told_waits


def _ended(recording: Recording) -> str:
    if recording.ended is None:
        locked = is_locked(recording.folder)
        return "not finished: it runs still" if locked else "not finished: its end was not recorded"
    reason = recording.ended.get("reason") or "ended"
    if isinstance(part := recording.session.get("excerpt"), dict):
        return f"{_span(part)} of the call"
    return "ended" if reason == "ended" else f"ended: {reason}"


def _span(part: dict[str, object]) -> str:
    def clock(second: object) -> str:
        tenths = round(10 * float(str(second)))
        return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"

    return f"{clock(part.get('begin') or 0.0)} to {clock(part.get('end') or 0.0)}"


def _hints(recording: Recording) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", recording.agent_name.lower()).strip("-") or "call"
    hints = [
        ("vn.Player(call)", "hear it and follow"),
        ("vn.turns(call)", "each turn and its waits"),
        ("vn.report(call)", "the call in figures"),
        (f'call.to_html("{name}.html")', "a page that explains it, for everybody"),
        (f'call.export_wav("{name}.wav")', "both voices, to listen to"),
        (f'call.save("calls/{name}")', "a copy to keep"),
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
