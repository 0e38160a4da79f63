"""Where in a call something happened between the two sides: overlaps, interruptions, cut-offs, tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voicenb.analysis.turns import Turns
from voicenb.plot.at_once import at_once, over
from voicenb.plot.faults import faults

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


def marks(found: Turns) -> list[dict[str, Any]]:
    """What went wrong and where, by time: the marks of :func:`voicenb.plot.timeline`."""
    return [
        {"kind": fault.kind, "at": round(fault.at, 3), "text": fault.texts[0], "sure": fault.sure}
        for fault in faults(found)
    ]


def overlaps(found: Turns) -> list[tuple[float, float]]:
    """Where both sides were heard at once."""
    shared: list[tuple[float, float]] = []
    heard = list(found.heard)
    for said in found.said:
        heard = [each for each in heard if each.end > said.start]
        for each in heard:
            if each.start >= said.end:
                break
            shared.append((round(max(said.start, each.start), 3), round(min(said.end, each.end), 3)))
    return shared


def tools(recording: Recording) -> list[dict[str, Any]]:
    """The calls of tools, from ``tool.call`` received to ``tool.result`` sent (both wire).

    What runs at once lies in ``rows`` rows, and only behind the one that ends last there is room for a name.
    """
    found = []
    for rows in at_once(recording.tool_calls):
        last = max((call for row in rows for call in row), key=over)
        found += [
            {
                "name": call.name,
                "at": round(call.at, 3),
                "end": round(over(call), 3),
                "error": call.is_error,
                "row": number,
                "rows": len(rows),
                "named": call is last,
            }
            for number, row in enumerate(rows)
            for call in row
        ]
    return sorted(found, key=lambda tool: tool["at"])
