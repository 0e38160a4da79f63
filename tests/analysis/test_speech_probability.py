"""Probabilities of the samples that were sent, and when they were said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.speech_probability import SpeechProbability
from voicenb.recording.recorder import Recorder
from voicenb.turn_taking.detector import FRAME, probabilities

from .known_call import RATE, KnownCall, speech


def test_each_frame_is_as_the_detector_hears_the_track(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 8.0)
    over = call.says(1.0, speech("cards-001.wav"))
    recording = call.build()
    heard = SpeechProbability(recording)
    samples = np.asarray(recording.caller, np.float32) / 32768
    np.testing.assert_array_equal(heard.values, probabilities(samples))
    assert heard.times[:3] == pytest.approx([0.0, 0.032, 0.064])
    assert len(heard.times) == len(heard.values) + 1
    found = heard.speech(0.5)
    assert found[0].start == pytest.approx(1.0, abs=0.1)
    assert found[-1].end == pytest.approx(over, abs=0.1)


def test_a_microphone_that_was_off_moves_what_comes_after_it(tmp_path: Path) -> None:
    """Frames go on where the track does; their times jump."""
    recorder = Recorder(tmp_path / "call", about={"agent": {"name": "Known"}})
    clip = speech("cards-001.wav")
    track = np.concatenate([np.zeros(RATE, np.float32), clip, np.zeros(RATE, np.float32)])
    twice = np.concatenate([track, track])
    recorder.caller((twice * 32767).astype("<i2").tobytes())
    frame = RATE // 50
    for number, start in enumerate(range(0, len(twice) - frame + 1, frame)):
        late = 0.3 if start < len(track) else 5.3  # sample 0 was said at 0.3 s; then five seconds without
        event = {"n": number, "t": (start + frame) / RATE + late, "dir": "out", "type": "input.audio"}
        recorder.event({**event, "msg": {}, "track": "caller", "start": start, "samples": frame})
    recorder.close({"t": 30.0, "reason": "ended"})
    heard = SpeechProbability(vn.load(tmp_path / "call"))
    first, *_, last = heard.speech(0.5)
    assert heard.times[0] == pytest.approx(0.3, abs=0.01)
    assert first.start == pytest.approx(1.3, abs=0.1)
    assert last.end == pytest.approx(5.3 + (2 * len(track) - RATE) / RATE, abs=0.1)
    assert all(stretch.end - stretch.start < len(clip) / RATE + 0.1 for stretch in heard.speech(0.5))
    assert np.diff(heard.times).max() == pytest.approx(5.0 + FRAME / RATE, abs=0.02)


def test_nothing_was_sent(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "call", about={"agent": {"name": "Known"}})
    recorder.event({"n": 0, "t": 0.5, "dir": "in", "type": "session.ready", "msg": {}})
    recorder.close({"t": 1.0, "reason": "ended"})
    heard = SpeechProbability(vn.load(tmp_path / "call"))
    assert (len(heard.values), heard.speech(0.5)) == (0, [])
