"""How much memory a recording takes: while it is written, and when it is read."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import voicenb as vn
from voicenb.recording.layout import EVENTS
from voicenb.recording.recorder import Recorder

RATE = 24_000
FRAME = 480
MINUTES = 6
MB = 1 << 20


@contextmanager
def measured() -> Iterator[Callable[[], tuple[int, int]]]:
    """Tells bytes that are in use beyond those at the beginning: now, and at most."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        yield lambda: (
            tracemalloc.get_traced_memory()[0] - before,
            tracemalloc.get_traced_memory()[1] - before,
        )
    finally:
        tracemalloc.stop()


def write(recorder: Recorder) -> None:
    noise = np.random.default_rng(1).integers(-3000, 3000, FRAME).astype("<i2").tobytes()
    opening = ("session.update", "out"), ("session.ready", "in")
    for n, (kind, way) in enumerate(opening):
        recorder.event({"n": n, "t": 0.0, "dir": way, "type": kind, "msg": {"type": kind, "session_id": "s"}})
    for n in range(2, MINUTES * 60 * 50):
        place = {"track": "caller", "start": recorder.caller(noise), "samples": FRAME}
        event = {"n": n, "t": n / 50, "dir": "out", "type": "input.audio", "msg": {"type": "input.audio"}}
        recorder.event(event | place)
    recorder.close({"t": MINUTES * 60.0, "reason": "ended"})


def test_a_recorder_keeps_nothing_but_what_waits(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "call", about={"agent": {"name": "Long"}})
    with measured() as memory:
        write(recorder)
        _, most = memory()
    assert (recorder.folder / "caller.wav").stat().st_size > 10 * MB
    assert most < MB


def test_a_loaded_recording_takes_its_text_and_little_more_and_its_sound_is_mapped(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "call", about={"agent": {"name": "Long"}})
    write(recorder)
    vn.load(tmp_path / "call").events[:]  # whatever is loaded for that is
    text = (tmp_path / "call" / EVENTS).stat().st_size
    with measured() as memory:
        call = vn.load(tmp_path / "call")
        events = len(call.events)
        said, _ = call.lanes()
        assert len(said[60 * RATE : 61 * RATE]) == RATE
        assert call.transcript == []
        now, most = memory()
    with measured() as memory:
        vn.load(tmp_path / "call").export_wav(tmp_path / "call.wav")
        assert memory()[1] < 3 * text + 200 * events + 4 * MB + 4 * 60 * RATE * 4
    assert events == MINUTES * 60 * 50
    assert isinstance(call.caller, np.memmap)
    assert now < 1.3 * text + 100 * events + MB
    assert most < 3 * text + 200 * events + 4 * MB
