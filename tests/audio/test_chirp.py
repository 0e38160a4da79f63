import numpy as np
import pytest

from voicenb.audio.chirp import HIGH, LENGTH, LOUD, LOW, chirp
from voicenb.audio.pcm import RATE


def test_it_rises_from_low_to_high_and_has_no_edges():
    tone = chirp()
    assert tone.shape == (round(LENGTH * RATE),)
    assert np.abs(tone).max() <= LOUD
    assert np.abs(tone[[0, 1, -2, -1]]).max() < 0.001
    for part, pitch in ((tone[1200:1680], 0.24), (tone[-1680:-1200], 0.76)):
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 8192))
        found = spectrum.argmax() * RATE / 8192
        assert abs(found - (LOW + pitch * (HIGH - LOW))) < 120


def test_it_is_like_itself_at_no_other_place():
    tone = chirp().astype(float)
    likeness = np.correlate(tone, tone, "full") / np.sum(tone**2)
    middle = len(tone) - 1
    assert likeness[middle] == pytest.approx(1)
    assert np.abs(np.delete(likeness, np.arange(middle - 24, middle + 25))).max() < 0.1
