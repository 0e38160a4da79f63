"""Stereo Ogg/Opus as two tracks."""

import io
import sys

import numpy as np
import pytest
import soundfile

from voicenb.elsewhere.sound import tracks
from voicenb.errors import MissingExtra, RecordingError

RATE = 24_000


def tone(seconds, hertz, rate=RATE):
    return 0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def ogg(*sides, rate=RATE):
    buffer = io.BytesIO()
    soundfile.write(buffer, np.stack(sides, axis=1), rate, format="OGG", subtype="OPUS")
    return buffer.getvalue()


def joined(data):
    return [np.frombuffer(b"".join(side), "<i2") for side in zip(*tracks(data), strict=True)]


def pitch(track, rate=RATE):
    spectrum = np.abs(np.fft.rfft(track.astype(float)))
    return spectrum.argmax() * rate / len(track)


@pytest.mark.parametrize("rate", [24_000, 48_000, 16_000, 8_000])
def test_left_is_the_caller_and_right_the_agent(rate):
    caller, agent = joined(ogg(tone(2.5, 440, rate), tone(2.5, 880, rate), rate=rate))
    assert pitch(caller) == pytest.approx(440, abs=2)
    assert pitch(agent) == pytest.approx(880, abs=2)
    assert len(caller) == len(agent) == pytest.approx(2.5 * RATE, abs=0.01 * RATE)
    assert np.abs(caller).max() > 5000


def test_one_side_that_is_silent():
    caller, agent = joined(ogg(tone(1, 440), np.zeros(RATE)))
    assert np.abs(caller).max() > 5000
    assert np.abs(agent.astype(int)).max() < 50


@pytest.mark.parametrize("data", [b"", b"OggS", b"\x00" * 1000, b"<html>"])
def test_what_is_no_sound(data):
    with pytest.raises(RecordingError, match="cannot be read") as caught:
        list(tracks(data))
    assert "BytesIO" not in caught.value.message


def test_one_side_only():
    with pytest.raises(RecordingError, match="1 channel, not one for each side"):
        list(tracks(ogg(tone(1, 440))))


def test_without_the_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(MissingExtra, match=r"pip install soundfile.*voicenb\[emulator\]"):
        list(tracks(b""))
