"""A report on one page: as text and as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from voicenb.analysis.stop import BY, By

if TYPE_CHECKING:
    from voicenb.analysis.report import Report

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
    plain, tool = len(report.plain_turns), len(report.tool_turns)
    unanswered = f" · {report.unanswered} unanswered" if report.caller_turns else ""
    rows = [
        ("turns of the caller", f"{plain} plain, {tool} with tools{unanswered}"),
        ("response latency, plain turns", str(report.latency)),
    ]
    if tool:
        rows += [
            ("first sound, tool turns", str(report.first_sound)),
            ("first answer, tool turns", str(report.first_answer)),
            ("tools, round trip", str(report.tool_round_trip)),
        ]
    rows += [
        ("end-of-turn delay", str(report.end_of_turn_delay)),
        ("reply latency, plain turns", str(report.reply_latency)),
        ("playback delay", str(report.playback_delay)),
        ("interruptions", f"{report.interruptions}, of them for no words {report.false_interruptions}"),
    ]
    if report.yield_latency.n:
        rows.append(("yield latency", str(report.yield_latency)))
    if report.stops:
        rows.append(("the agent's voice gave way", _stops(report)))
    rows += [
        ("false cutoffs", f"{report.false_cutoffs} · to be listened to: {report.candidate_cuts}"),
        ("silent replies", str(report.silent_replies)),
        (
            "both talk, nobody talks",
            f"{_share(report.talk_over_share)}, {_share(report.silence_share)} of the time",
        ),
        ("frames lost, late", f"{report.lost_frames}, {report.late_frames}"),
        ("cost", f"${report.cost:.2f}"),
    ]
    return rows


def _stops(report: Report) -> str:
    stops = report.stops
    silent = stops.silent
    who = ", ".join(f"{len(found)} by the {NAMES[by]}" for by in BY if (found := silent.by(by)))
    parts = [_times(len(silent)) + (f" ({who})" if who else "")]
    if quieter := len(stops) - len(silent):
        parts.append(f"only quieter {_times(quieter)}")
    if stops.echo:
        parts.append(f"echo {len(stops.echo)}")
    return " · ".join([*parts, f"about {stops.lost} words lost"])


def _times(count: int) -> str:
    return f"{count} time{'' if count == 1 else 's'}"


def _share(value: float | None) -> str:
    return "?" if value is None else f"{value:.0%}"


def _minutes(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {seconds % 60:.0f} s"
