"""Subtitles, read back with webvtt-py."""

from __future__ import annotations

from io import StringIO

import webvtt

from voicenb.exports.subtitles import subrip
from voicenb.exports.subtitles import webvtt as written

from .conftest import LINES


def test_webvtt() -> None:
    cues = list(webvtt.from_buffer(StringIO(written(LINES))))
    assert [(cue.start, cue.end) for cue in cues] == [
        ("00:00:00.500", "00:00:01.750"),
        ("00:00:02.000", "00:00:03.500"),
        ("00:00:03.250", "00:00:04.000"),
        ("01:01:01.500", "01:01:02.000"),
    ]
    assert [cue.voice for cue in cues] == ["agent", "caller", "agent", "caller"]
    assert '<v caller>Say "hi" &lt;now&gt;.' in written(LINES)
    assert "Hello &amp; welcome." in written(LINES)


def test_subrip() -> None:
    cues = list(webvtt.from_buffer(StringIO(subrip(LINES)), format="srt"))
    assert [cue.text for cue in cues] == [
        "agent: Hello & welcome.",
        'caller: Say "hi" \u2039now\u203a.',
        "agent: Über Größe",
        "caller: Late.",
    ]
    assert [cue.start_in_seconds for cue in cues] == [0, 2, 3, 3661]


def test_nothing_was_said() -> None:
    assert written([]).strip() == "WEBVTT"
    assert subrip([]) == ""
