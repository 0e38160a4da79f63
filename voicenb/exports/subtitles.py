"""Subtitles: WebVTT and SubRip."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from voicenb.exports.spoken_line import SpokenLine

_NO_TAGS = str.maketrans("<>", "\u2039\u203a")


def webvtt(lines: Sequence[SpokenLine]) -> str:
    """WebVTT, with the speaker as the voice of each cue."""
    cues = [
        f"{_span(line, '.')}\n<v {line.speaker}>{escape(line.text, quote=False)}\n"
        for line in lines
        if line.text
    ]
    return "\n".join(["WEBVTT\n", *cues])


def subrip(lines: Sequence[SpokenLine]) -> str:
    """SubRip (.srt), with the speaker in front of the words; what players would take for a tag is none."""
    cues = [
        f"{number}\n{_span(line, ',')}\n{line.speaker}: {line.text.translate(_NO_TAGS)}\n"
        for number, line in enumerate((line for line in lines if line.text), 1)
    ]
    return "\n".join(cues)


def _span(line: SpokenLine, point: str) -> str:
    return f"{_clock(line.start, point)} --> {_clock(line.end, point)}"


def _clock(seconds: float, point: str) -> str:
    whole = round(seconds * 1000)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"
