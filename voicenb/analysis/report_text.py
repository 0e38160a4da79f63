"""A report on one page: as text and as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from voicenb.analysis.report import gapped
from voicenb.analysis.stop import BY, By

if TYPE_CHECKING:
    from voicenb.analysis.figure import Figure
    from voicenb.analysis.report import Report

NOT_CAPTURED = "not captured"

NAMES: dict[By, str] = {"client": "client's flush", "service": "service", "duck": "client's own ear first"}


def text(report: Report) -> str:
    """The report in plain text."""
    rows = _rows(report)
    width = max(len(name) for name, _ in rows)
    lines = [_title(report), *(f"  {name.ljust(width)}  {value}" for name, value in rows)]
    if found := report.findings:
        lines += ["", *(f"- {finding}" for finding in found)]
    return "\n".join(lines)


def html(report: Report) -> str:
    """The report in HTML, in the notebook's own style."""
    rows = "".join(
        f"<tr><th style='text-align:left;font-weight:normal;opacity:.75'>{escape(name)}</th>"
        f"<td style='text-align:left;font-variant-numeric:tabular-nums'>{escape(value)}</td></tr>"
        for name, value in _rows(report)
    )
    found = "".join(f"<li>{escape(finding)}</li>" for finding in report.findings)
    listed = f"<ul style='margin:.5em 0 0;padding-left:1.4em'>{found}</ul>" if found else ""
    return (
        '<div class="voicenb-report" style="line-height:1.5;overflow-wrap:anywhere">'
        f"<div><b>{escape(_title(report))}</b></div>"
        f"<table style='margin:.4em 0'><tbody>{rows}</tbody></table>{listed}</div>"
    )


def _title(report: Report) -> str:
    calls = len(report.calls)
    parts = [
        f"{calls} call{'' if calls == 1 else 's'}",
        f"{_minutes(report.connected)} connected",
        *report.services,
    ]
    return " · ".join(parts)


def _rows(report: Report) -> list[tuple[str, str]]:
    rows = [
        ("turns of the caller", _turns(report)),
        (_of_turns(report, "response latency"), str(report.latency)),
    ]
    if report.tool_turns:
        rows += [
            ("first sound, tool turns", str(report.first_sound)),
            ("first answer, tool turns", str(report.first_answer)),
            ("tools, round trip", _round_trip(report)),
        ]
    interruptions = f"{report.interruptions}, of them for no words {report.false_interruptions}"
    rows += [
        *_by_kind(report, "end-of-turn delay", report.end_of_turn_delay, report.tool_end_of_turn_delay),
        *_transcription(report),
        (_of_turns(report, "reply latency"), str(report.reply_latency)),
        *_by_kind(report, "playback delay", report.playback_delay, report.tool_playback_delay),
        ("interruptions", _counted(report, "interruptions", interruptions)),
    ]
    if report.yield_latency.n:
        rows.append(("yield latency", str(report.yield_latency)))
    if report.stops:
        rows.append(("the agent's voice gave way", _counted(report, "stops", _stops(report))))
    cuts = f"{report.false_cutoffs} · to be listened to: {report.candidate_cuts}"
    rows += [
        ("false cutoffs", _counted(report, "false_cutoffs", cuts)),
        ("silent replies", _counted(report, "silent_replies", str(report.silent_replies))),
        ("gaps in the agent's voice", _counted(report, "voice_gaps", _gaps(report))),
        (
            "both talk, nobody talks",
            f"{_share(report.talk_over_share)}, {_share(report.silence_share)} of the time",
        ),
        (
            "frames lost, late",
            _counted(report, "lost_frames", f"{report.lost_frames}, {report.late_frames}"),
        ),
        (
            "cost",
            "not known"
            if report.cost is None
            else _counted(report, "cost", f"${report.cost:.2f}", "with a price"),
        ),
    ]
    return rows


def _turns(report: Report) -> str:
    unanswered = f" · {report.unanswered} unanswered" if report.caller_turns else ""
    untold = len(report.turns_of_unknown_kind)
    if not report.telling("tool_turns"):
        return f"{untold}, tools {NOT_CAPTURED}{unanswered}"
    told = f"{len(report.plain_turns) - untold} plain, {len(report.tool_turns)} with tools"
    return told + (f", {untold} of which that is {NOT_CAPTURED}" if untold else "") + unanswered


def _of_turns(report: Report, name: str) -> str:
    """A figure of the turns without tools, where it is known which those are."""
    if not report.telling("tool_turns"):
        return name
    return f"{name}, {'turns without known tools' if report.turns_of_unknown_kind else 'plain turns'}"


def _by_kind(report: Report, name: str, plain: Figure, tool: Figure) -> list[tuple[str, str]]:
    """A figure of plain turns, and below it that of tool turns, where there are some."""
    rows = [(_of_turns(report, name), str(plain))]
    return [*rows, (f"{name}, tool turns", str(tool))] if report.tool_turns else rows


def _transcription(report: Report) -> list[tuple[str, str]]:
    """The transcription delay, where it is known."""
    plain, tool = report.transcription_delay, report.tool_transcription_delay
    return _by_kind(report, "transcription delay", plain, tool) if plain.n or tool.n else []


def _gaps(report: Report) -> str:
    found = report.voice_gaps
    if not found:
        return "none"
    broken, replies = gapped(report)
    lengths = [gap.length for gap in found]
    longest = f", the longest {max(lengths):.2f}" if len(found) > 1 else ""
    return f"{_times(len(found))}, in {broken} of {replies} replies · {sum(lengths):.2f} s{longest}"


def _round_trip(report: Report) -> str:
    virtual = any(call.virtual for call in report.calls if any(turn.tools for turn in call.turns))
    note = " · on the virtual clock a tool takes only the time that it awaits" if virtual else ""
    return f"{report.tool_round_trip}{note}"


def _counted(report: Report, count: str, told: str, which: str = "that tell") -> str:
    """A count as it is told, with the calls that it rests on where not all tell it."""
    telling, calls = len(report.telling(count)), len(report.calls)
    if not telling:
        return NOT_CAPTURED
    return told if telling == calls else f"{told} (of {telling} of {calls} calls, {which})"


def _stops(report: Report) -> str:
    stops = report.stops
    silent = stops.silent
    who = ", ".join(f"{len(found)} by the {NAMES[by]}" for by in BY if (found := silent.by(by)))
    parts = [_times(len(silent)) + (f" ({who})" if who else "")]
    if quieter := len(stops) - len(silent):
        parts.append(f"only quieter {_times(quieter)}")
    if stops.echo:
        parts.append(f"echo {len(stops.echo)}")
    known = [stop.lost for stop in silent if stop.lost is not None]
    if len(known) == len(silent):
        parts.append(f"about {sum(known)} words lost")
    elif known:
        parts.append(f"about {sum(known)} words lost at {len(known)} of them, at the others not captured")
    else:
        parts.append(f"words lost {NOT_CAPTURED}")
    return " · ".join(parts)


def _times(count: int) -> str:
    return f"{count} time{'' if count == 1 else 's'}"


def _share(value: float | None) -> str:
    return "?" if value is None else f"{value:.0%}"


def _minutes(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {seconds % 60:.0f} s"
