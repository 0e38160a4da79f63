"""What a call's view shows, in one dict: the share page carries it, and the widget sends it to its page."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from voicenb.analysis.overlap import Span
from voicenb.analysis.report import report
from voicenb.analysis.turns import Turns
from voicenb.plot.axes import clock
from voicenb.plot.latency import FULL_MARKS
from voicenb.plot.stages import LABELS
from voicenb.sharing.lines import lines
from voicenb.sharing.marks import marks, overlaps, tools
from voicenb.sharing.outline import outline, step
from voicenb.sharing.rows import rows
from voicenb.sharing.tiles import tiles

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

FORMAT = 1

RATE = 24_000


def document(recording: Recording) -> dict[str, Any]:
    """Everything that the view of a call shows, as JSON has it; ``view_document.js`` describes it.

    Times are the engine's seconds: the caller's voice where it was said, the agent's where it was heard. No
    path, no key and no setting of the machine is in it.

    Args:
        recording: of the call; of one that still runs, what there is so far.
    """
    summary = report(recording)
    (call,) = summary.calls
    found = call.turns
    said, heard = recording.lanes()
    duration = max(recording.duration, len(said) / RATE, len(heard) / RATE)
    begin, plain, tool = FULL_MARKS
    return {
        "format": FORMAT,
        "title": recording.agent_name,
        **_started(recording),
        "service": found.service,
        "emulated": found.service.split(" ")[0] == "emulator",
        "finished": recording.finished,
        "part": _part(recording),
        "tags": list(recording.tags),
        "duration": round(duration, 3),
        "turns": len(found),
        "tiles": tiles(summary, found, recording.absent),
        "lanes": {
            "step": step(duration),
            "caller": outline(said, duration),
            "agent": outline(heard, duration),
        },
        "spans": {"caller": _spans(found.said), "agent": _spans(found.heard)},
        "overlaps": overlaps(found),
        "marks": marks(found),
        "tools": tools(recording),
        "lines": lines(recording, found),
        "rows": rows(found.caller),
        "stages": dict(LABELS),
        "band": {"from": begin, "plain": plain, "tool": tool},
        "findings": summary.findings,
        "missing": _missing(recording, found),
    }


def _started(recording: Recording) -> dict[str, str | None]:
    if recording.session.get("clock") == "virtual":  # whose date is the same for every call
        return {"started": None, "date": "virtual clock"}
    try:
        started = datetime.datetime.fromisoformat(str(recording.session.get("started")))
    except ValueError:
        return {"started": None, "date": ""}
    date = f"{started.day} {started:%b %Y, %H:%M}"
    if started.utcoffset() == datetime.timedelta(0):
        date += " UTC"
    return {"started": started.isoformat(), "date": date}


def _part(recording: Recording) -> str:
    """Which part of a call it is; empty where it is the whole one."""
    part = recording.session.get("excerpt")
    if not isinstance(part, dict):
        return ""
    return f"{clock(float(part['begin']))} to {clock(float(part['end']))} of the call"


def _spans(stretches: Iterable[Span]) -> list[tuple[float, float]]:
    return [(round(each.start, 3), round(each.end, 3)) for each in stretches]


def _missing(recording: Recording, found: Turns) -> list[str]:
    told = [] if recording.finished else ["The recording is not finished: what came after it is not here."]
    told += recording.absent.values()
    others = len(found.other)
    if others:
        what = "one sound" if others == 1 else f"{others} sounds"
        told.append(f"The caller made {what} that the service took for no turn.")
    if any(turn.role == "user" and turn.text for turn in found):
        told.append(
            "Nobody knows when the caller said each word: the words are spread over the speech. Words of the "
            "agent's stand where the service put them."
        )
    if any(turn.unheard for turn in found):
        told.append("Which words were not heard is known to about one word.")
    return told
