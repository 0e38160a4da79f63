"""A call before it has been measured: what can be shown of it at once, in the form of the whole document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voicenb.analysis.turns import Turns
from voicenb.plot.latency import FULL_MARKS
from voicenb.plot.stages import LABELS
from voicenb.sharing.document import FORMAT
from voicenb.sharing.lines import lines
from voicenb.sharing.outline import outline, step

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


def sketch(recording: Recording) -> dict[str, Any]:
    """Voices and transcript, without a figure: speech has not been looked for yet, which takes a while.

    An hour has it in a second or so, where :func:`voicenb.sharing.document.document` takes half a minute.

    Args:
        recording: of the call.
    """
    nothing = Turns([])
    said, heard = recording.lanes()
    duration = max(recording.duration, len(said) / recording.rate, len(heard) / recording.rate)
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
        "duration": round(duration, 3),
        "turns": sum(bool(line.text.strip()) for line in recording.conversation.lines),
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
        "lines": lines(recording, nothing),
        "rows": [],
        "stages": dict(LABELS),
        "band": {"from": begin, "plain": plain, "tool": tool},
        "findings": [],
        "missing": [],
    }
