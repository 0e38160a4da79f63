"""Recordings as the first version of voicenb wrote them: no count of events, no map of clocks, no notes."""

from __future__ import annotations

import json
import warnings
import wave
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn

RATE = 24_000

SESSION = """{
  "format": 1,
  "agent": {"name": "Lido", "system_prompt": "You take bookings.", "greeting": "Lido, good evening."},
  "service": "emulator · contract · rules",
  "microphone": "caller.wav",
  "speaker": "captured",
  "started": "2026-09-21T14:13:20.000+00:00",
  "versions": {"voicenb": "0.1.0.dev0", "python": "3.11.9", "system": "Linux"},
  "ended": {"reason": "ended", "t": 6.0, "session_id": "sess_1"}
}
"""

EVENTS = [
    {"n": 0, "t": 0.0, "dir": "local", "type": "state", "msg": {"state": "connecting"}},
    {
        "n": 1,
        "t": 0.001,
        "dir": "out",
        "type": "session.update",
        "msg": {"type": "session.update", "session": {"system_prompt": "x"}},
    },
    {
        "n": 2,
        "t": 0.01,
        "dir": "in",
        "type": "session.ready",
        "msg": {"type": "session.ready", "session_id": "sess_1"},
    },
    {
        "n": 3,
        "t": 1.0,
        "dir": "out",
        "type": "input.audio",
        "msg": {"type": "input.audio"},
        "track": "caller",
        "samples": 24000,
        "start": 0,
    },
    {
        "n": 4,
        "t": 1.6,
        "dir": "in",
        "type": "transcript.user",
        "msg": {"type": "transcript.user", "text": "Hello?", "item_id": "i1"},
    },
    {
        "n": 5,
        "t": 1.7,
        "dir": "in",
        "type": "reply.started",
        "msg": {"type": "reply.started", "reply_id": "r1", "item_id": "i2"},
    },
    {
        "n": 6,
        "t": 1.8,
        "dir": "in",
        "type": "reply.audio",
        "msg": {"type": "reply.audio", "reply_id": "r1"},
        "track": "agent",
        "samples": 4800,
        "start": 0,
    },
    {"n": 7, "t": 2.1, "dir": "local", "type": "heard", "reply_id": "r1", "from": 0, "to": 4800},
    {
        "n": 8,
        "t": 2.2,
        "dir": "in",
        "type": "transcript.agent",
        "msg": {"type": "transcript.agent", "reply_id": "r1", "text": "Good evening."},
    },
    {
        "n": 9,
        "t": 2.2,
        "dir": "in",
        "type": "reply.done",
        "msg": {"type": "reply.done", "reply_id": "r1", "status": "completed"},
    },
]

TEXT = "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in EVENTS)


def write(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "session.json").write_text(SESSION, "utf-8")
    (folder / "events.jsonl").write_text(TEXT, "utf-8")
    write(folder / "caller.wav", np.arange(24_000))
    write(folder / "agent.wav", 5000 + np.arange(4800))
    return folder


def test_it_loads_without_a_word_and_says_all_that_it_said(old: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call = vn.load(old)
    assert call.finished
    assert call.duration == 6.0
    assert [(line.role, line.text, line.unheard) for line in call.transcript] == [
        ("user", "Hello?", ""),
        ("agent", "Good evening.", ""),
    ]
    assert call.stereo()[0, 0] == 0
    assert call.stereo()[24_000 - 1, 0] == 23_999
    assert call.stereo()[round(2.1 * RATE), 1] == 5000
    assert call.absent == {}
    assert call.notes == ()
    assert len(call.tags) == 0


def test_whatever_a_recording_can_it_can(old: Path, tmp_path: Path) -> None:
    call = vn.load(old)
    (played,) = call.played()
    assert (played.start, played.uncertainty) == (2.1, None)
    assert call.unplayed() == []
    assert len(call.to_dataframe()) == 10
    assert [turn.role for turn in vn.turns(call)] == ["user", "agent"]
    assert [line.text for line in call[1.0:5.0].transcript] == ["Hello?", "Good evening."]
    assert repr(call).splitlines()[2] == " 1 caller's turn · 1 reply · ended"
    call.note("old", at=2.0)
    assert vn.load(call.save(tmp_path / "copy").folder).notes[0].text == "old"


def test_one_that_was_torn_off_in_the_middle_of_a_line(old: Path) -> None:
    session = json.loads(SESSION) | {"ended": None}
    (old / "session.json").write_text(json.dumps(session))
    (old / "events.jsonl").write_text(TEXT[:-40], "utf-8")
    call = vn.load(old)
    assert not call.finished
    assert len(call.events) == 9
