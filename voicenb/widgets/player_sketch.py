"""A call before it has been measured: what can be shown of it at once, in the form of the whole document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voicenb.plot.latency import FULL_MARKS
from voicenb.plot.stages import LABELS
from voicenb.protocol.lines import Line
from voicenb.sharing.document import FORMAT
from voicenb.sharing.outline import outline, step

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording
    from voicenb.widgets.player_sound import BothSides


def sketch(recording: Recording, sides: BothSides) -> dict[str, Any]:
    """Voices and what was said, without a figure: speech has not been looked for yet, which takes a while.

    An hour has it in a few seconds, where :func:`voicenb.sharing.document.document` takes half a minute.

    Args:
        recording: of the call.
        sides: its sound.
    """
    said, heard = sides.lanes
    duration = sides.duration
    lines = [line for line in recording.conversation.lines if line.text.strip()]
    begin, plain, tool = FULL_MARKS
    service = str(recording.session.get("service") or "")
    return {
        "format": FORMAT,
        "title": recording.agent_name,
        "started": None,
        "date": "",
        "service": service,
        "emulated": service.split(" ")[0] == "emulator",
        "finished": recording.finished,
        "part": "",
        "tags": list(recording.tags),
        "duration": round(duration, 3),
        "turns": len(lines),
        "tiles": [],
        "lanes": {
            "step": step(duration),
            "caller": outline(said, duration),
            "agent": outline(heard, duration),
        },
        "spans": {"caller": [], "agent": []},
        "overlaps": [],
        "marks": [],
        "tools": [],
        "lines": sorted(map(_line, lines), key=lambda row: row["at"]),
        "rows": [],
        "stages": dict(LABELS),
        "band": {"from": begin, "plain": plain, "tool": tool},
        "findings": [],
        "missing": [],
    }


def _line(line: Line) -> dict[str, Any]:
    """What was said, where the service told of it; when each word was, nobody has looked yet."""
    row: dict[str, Any] = {
        "id": line.id,
        "by": "caller" if line.role == "user" else "agent",
        "at": round(line.started, 3),
        "end": round(line.started if line.ended is None else max(line.started, line.ended), 3),
        "words": [(word, None, None) for word in (line.heard if line.unheard else line.text).split()],
    }
    if line.unheard.strip():
        row["unheard"] = line.unheard.strip()
    return row
