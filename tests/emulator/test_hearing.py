from __future__ import annotations

import numpy as np
import pytest

from voicenb.emulator.hearing import Hearing
from voicenb.errors import AudioError


def test_a_stretch_is_what_was_said_there(say):
    hearing = Hearing("audio/pcm")
    pcm = say("go-forward", before=0.5, after=0.5)
    for at in range(0, len(pcm), 430):  # chunks of any size
        hearing.push(pcm[at : at + 430])
    stretch = hearing.stretch(1.0, 2.0)
    assert stretch.shape == (16_000,)
    whole = hearing.stretch(0.0, hearing.now)
    assert np.array_equal(stretch, whole[16_000:32_000])
    assert np.abs(stretch).max() > 0.05
    assert hearing.stretch(-1.0, 0.1).shape == (1600,)
    assert hearing.stretch(hearing.now, hearing.now + 1).shape == (0,)


def test_silence_in_place_of_what_did_not_come():
    hearing = Hearing("audio/pcm")
    frames = hearing.push_silence(1.0)
    assert hearing.now == pytest.approx(1.0, abs=0.04)
    assert max(frame.probability for frame in frames) < 0.1


def test_seconds():
    assert Hearing("audio/pcm").seconds(bytes(48_000)) == 1
    assert Hearing("audio/pcma").seconds(bytes(8_000)) == 1
    with pytest.raises(AudioError):
        Hearing("audio/pcm").seconds(b"123")


def test_the_encoding_may_change_and_the_track_goes_on():
    hearing = Hearing("audio/pcm")
    hearing.push(bytes(48_000))
    before = hearing.now
    hearing.switch("audio/pcmu")
    hearing.push(b"\xff" * 8_000)
    assert hearing.now == pytest.approx(before + 1.0, abs=0.15)
