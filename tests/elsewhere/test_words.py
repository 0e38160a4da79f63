"""Transcripts, however somebody wrote them down."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import voicenb as vn
from voicenb.elsewhere.words import Words, read_words

VTT = """\ufeffWEBVTT - a call

NOTE nobody reads this

1
00:01.000 --> 00:02.500 align:start
<v Caller>Hello &amp; <i>good</i>
evening.</v>

01:00:03.000 --> 01:00:04.000
<v.loud Lido>Yes?

00:10.000 --> 00:11.000
Nobody: knows.
"""

SRT = """1
00:00:01,000 --> 00:00:02,500
Caller: Hello.

2
00:00:03,000 --> 00:00:04,000
LIDO: Yes?
""".replace("\n", "\r\n")


def test_lines() -> None:
    lines = [
        {"role": "agent", "text": " Yes?\n", "start": 3, "end": 4.5},
        {"speaker": "Caller", "text": "Hello.", "start": 1.0},
        SimpleNamespace(role="user", text="And?", started=5.0, ended=6.0),
        {"text": "Who?", "start": 7.0},
        {"role": "user", "text": "  ", "start": 8.0},
    ]
    assert read_words(lines, "Lido") == [
        Words("user", "Hello.", 1.0),
        Words("agent", "Yes?", 3.0, 4.5),
        Words("user", "And?", 5.0, 6.0),
        Words(None, "Who?", 7.0),
    ]


def test_webvtt(tmp_path: Path) -> None:
    (tmp_path / "call.vtt").write_text(VTT, "utf-8")
    assert read_words(tmp_path / "call.vtt", "Lido") == [
        Words("user", "Hello & good evening.", 1.0, 2.5),
        Words(None, "Nobody: knows.", 10.0, 11.0),
        Words("agent", "Yes?", 3603.0, 3604.0),
    ]


def test_subrip(tmp_path: Path) -> None:
    (tmp_path / "call.SRT").write_bytes(SRT.encode())
    assert read_words(str(tmp_path / "call.SRT"), "Lido") == [
        Words("user", "Hello.", 1.0, 2.5),
        Words("agent", "Yes?", 3.0, 4.0),
    ]


@pytest.mark.parametrize("wrap", [lambda lines: lines, lambda lines: {"lines": lines}])
def test_json(tmp_path: Path, wrap: Any) -> None:
    lines = [{"speaker": "assistant", "text": "Yes?", "start": 3.0, "end": 4.0}]
    (tmp_path / "call.json").write_text(json.dumps(wrap(lines)))
    assert read_words(tmp_path / "call.json", "Lido") == [Words("agent", "Yes?", 3.0, 4.0)]


@pytest.mark.parametrize(
    "line",
    [
        {"role": "user", "text": "x"},
        {"role": "user", "text": "x", "start": "1:00"},
        {"role": "user", "text": "x", "start": -1},
        {"role": "user", "text": "x", "start": 1, "end": "y"},
        {"role": "user", "text": 5, "start": 1},
        "Hello.",
        None,
    ],
)
def test_a_line_has_words_and_a_time(line: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="is no line with a time"):
        read_words([line], "Lido")


def test_a_speaker_is_one_of_the_two() -> None:
    with pytest.raises(vn.InvalidConfiguration, match=r"speaker 'Ada'.*name the agent: agent='Ada'"):
        read_words([{"speaker": "Ada", "text": "x", "start": 1.0}], "Lido")


@pytest.mark.parametrize("transcript", [5, b"x", {"role": "user"}])
def test_what_is_no_transcript(transcript: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="is no transcript"):
        read_words(transcript, "Lido")


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(vn.RecordingError, match="cannot be read: No such file"):
        read_words(tmp_path / "no.vtt", "Lido")
    (tmp_path / "call.txt").write_text("Hello.")
    with pytest.raises(vn.InvalidConfiguration, match=r"call\.txt is no transcript that is known"):
        read_words(tmp_path / "call.txt", "Lido")
    (tmp_path / "call.json").write_text("{")
    with pytest.raises(vn.RecordingError, match="is no JSON"):
        read_words(tmp_path / "call.json", "Lido")
    (tmp_path / "call.json").write_text('{"words": []}')
    with pytest.raises(vn.InvalidConfiguration, match="holds no lines"):
        read_words(tmp_path / "call.json", "Lido")
    (tmp_path / "call.srt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(vn.RecordingError, match="cannot be read"):
        read_words(tmp_path / "call.srt", "Lido")
