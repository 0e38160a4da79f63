from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voicenb.recording.recorder import Recorder

ABOUT = {
    "agent": {"name": "Lido", "system_prompt": "You take bookings.", "greeting": "Lido, good evening."},
    "service": "emulator · contract · rules",
    "microphone": "caller.wav",
    "speaker": "captured",
    "started": "2026-09-21T14:13:20.000+00:00",
    "versions": {"voicenb": "0", "python": "3"},
}


def tone(samples: int, value: int = 1000) -> bytes:
    """Samples that count up from ``value``: each can be told from the next."""
    return (value + np.arange(samples)).astype("<i2").tobytes()


class Call:
    """Writes the events of a call as the engine numbers them."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.n = 0

    def put(self, t: float, dir_: str, kind: str, msg: dict[str, Any] | None = None, **more: Any) -> None:
        event = {"n": self.n, "t": t, "dir": dir_, "type": kind, "msg": {"type": kind, **(msg or {})}, **more}
        self.n += 1
        self.recorder.event(event)

    def local(self, t: float, kind: str, msg: dict[str, Any]) -> None:
        self.recorder.event({"n": self.n, "t": t, "dir": "local", "type": kind, "msg": msg})
        self.n += 1

    def says(self, t: float, pcm: bytes) -> None:
        start = self.recorder.caller(pcm)
        self.put(t, "out", "input.audio", track="caller", start=start, samples=len(pcm) // 2)

    def answers(self, t: float, reply_id: str, pcm: bytes) -> None:
        start = self.recorder.agent(pcm)
        more = {"track": "agent", "start": start, "samples": len(pcm) // 2}
        self.put(t, "in", "reply.audio", {"reply_id": reply_id}, **more)

    def heard(self, t: float, reply_id: str, start: int, stop: int) -> None:
        self.local(t, "heard", {"reply_id": reply_id, "from": start, "to": stop, "t": t, "uncertainty": 0.0})

    def opens(self) -> None:
        self.put(0.0, "out", "session.update", {"session": {"system_prompt": "You take bookings."}})
        self.put(0.1, "in", "session.ready", {"session_id": "sess_1", "config": {}})

    def whole(self) -> None:
        """A short call: a turn with a tool, and an answer of which half is heard."""
        self.opens()
        for frame in range(50):
            self.says(0.12 + frame * 0.02, tone(480, frame * 480))
        self.put(1.2, "in", "input.speech.started")
        self.put(1.9, "in", "input.speech.stopped")
        self.put(1.9, "in", "transcript.user", {"item_id": "i1", "text": "A table for <four>."})
        self.put(2.0, "in", "tool.call", {"call_id": "c1", "name": "free", "arguments": {"people": 4}})
        self.put(2.1, "out", "tool.result", {"call_id": "c1", "result": "[]"})
        self.put(2.2, "in", "reply.started", {"reply_id": "r1", "item_id": "i2"})
        for chunk in range(10):
            self.answers(2.3, "r1", tone(240, 10_000 + chunk * 240))
        words = [("Nothing ", 0, 50), ("is ", 50, 60), ("free.", 60, 100)]
        for word, start, end in words:
            delta = {"reply_id": "r1", "item_id": "i2", "delta": word, "start_ms": start, "end_ms": end}
            self.put(2.3, "in", "transcript.agent.delta", delta)
        self.heard(2.5, "r1", 0, 1200)
        self.put(2.6, "in", "transcript.agent", {"reply_id": "r1", "text": "Nothing", "interrupted": True})
        self.put(2.6, "in", "reply.done", {"reply_id": "r1", "status": "interrupted"})


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path / "call", about=ABOUT)


@pytest.fixture
def call(recorder: Recorder) -> Call:
    return Call(recorder)


@pytest.fixture
def finished(call: Call) -> Path:
    """The folder of a finished call."""
    call.whole()
    call.recorder.close({"t": 3.0, "reason": "ended"})
    return call.recorder.folder


@pytest.fixture
def begin() -> Callable[[Path], Call]:
    return lambda folder: Call(Recorder(folder, about=ABOUT))
