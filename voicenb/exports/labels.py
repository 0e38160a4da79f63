"""Who spoke when, for tools that work with labels: RTTM, Audacity, Praat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voicenb.exports.spoken_line import SpokenLine

TIERS = ("caller", "agent")


def rttm(lines: Sequence[SpokenLine], name: str) -> str:
    """NIST's Rich Transcription Time Marked: a ``SPEAKER`` line for each turn.

    Args:
        lines: the turns.
        name: of the file; blanks become underscores, for they part the fields.
    """
    file = re.sub(r"\s+", "_", name) or "call"
    return "".join(
        f"SPEAKER {file} 1 {line.start:.3f} {line.end - line.start:.3f} <NA> <NA> {line.speaker} <NA> <NA>\n"
        for line in lines
    )


def audacity(lines: Sequence[SpokenLine]) -> str:
    """Audacity's label track: start, end and ``speaker: words``, with tabs between."""
    return "".join(f"{line.start:.6f}\t{line.end:.6f}\t{line.speaker}: {line.text}\n" for line in lines)


def textgrid(lines: Sequence[SpokenLine], duration: float) -> str:
    """Praat's TextGrid (long format): an interval tier for each side, silence as empty intervals.

    Args:
        lines: the turns.
        duration: seconds of the call.
    """
    end = max([duration, *(line.end for line in lines)])
    parts = [
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
        f"xmin = 0\nxmax = {end:.6f}\ntiers? <exists>\nsize = {len(TIERS)}\nitem []:\n"
    ]
    for number, speaker in enumerate(TIERS, 1):
        intervals = _intervals([line for line in lines if line.speaker == speaker], end)
        parts.append(
            f'    item [{number}]:\n        class = "IntervalTier"\n        name = "{speaker}"\n'
            f"        xmin = 0\n        xmax = {end:.6f}\n        intervals: size = {len(intervals)}\n"
        )
        parts += [
            f"        intervals [{at}]:\n            xmin = {begin:.6f}\n            xmax = {stop:.6f}\n"
            f'            text = "{_quoted(text)}"\n'
            for at, (begin, stop, text) in enumerate(intervals, 1)
        ]
    return "".join(parts)


def _intervals(lines: Sequence[SpokenLine], end: float) -> list[tuple[float, float, str]]:
    """The whole time of a tier, without gaps; a turn that begins before the last one is over, ends that."""
    found: list[tuple[float, float, str]] = []
    reached = 0.0
    for at, line in enumerate(lines):
        start = max(line.start, reached)
        stop = min(line.end, lines[at + 1].start) if at + 1 < len(lines) else line.end
        if stop <= start:
            continue
        if start > reached:
            found.append((reached, start, ""))
        found.append((start, stop, line.text))
        reached = stop
    if end > reached:
        found.append((reached, end, ""))
    return found


def _quoted(text: str) -> str:
    return text.replace('"', '""')
