"""Ogg/Opus."""

from __future__ import annotations

import io

import numpy as np
import soundfile

from voicenb.emulator import history_opus


def test_stereo_at_24_khz_left_and_right_in_their_places():
    time = np.arange(24_000) / 24_000
    left, right = (0.3 * np.sin(2 * np.pi * f * time).astype(np.float32) for f in (440, 1000))
    ogg = history_opus.encode(
        [np.stack([left, np.zeros_like(left)], 1), np.stack([np.zeros_like(left), right], 1)]
    )
    info = soundfile.info(io.BytesIO(ogg))
    assert (info.format, info.subtype, info.samplerate, info.channels) == ("OGG", "OPUS", 24_000, 2)
    sound, _ = soundfile.read(io.BytesIO(ogg))
    assert len(sound) == 48_000
    for second, side, frequency in ((0, 0, 440), (1, 1, 1000)):
        inside = sound[second * 24_000 + 4000 : second * 24_000 + 20_000]
        spectrum = np.abs(np.fft.rfft(inside[:, side]))
        assert abs(spectrum.argmax() * 24_000 / 16_000 - frequency) < 5
        assert np.abs(inside[:, 1 - side]).max() < 0.02


def test_it_is_there_where_the_library_is(monkeypatch):
    assert history_opus.available()
    monkeypatch.setattr(history_opus, "find_spec", lambda name: None)
    assert not history_opus.available()
