"""Features as Whisper's extraction defines them, computed here a second time, one number after the other."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest

from voicenb.audio.log_mel import BANDS, RATE, log_mel


def hertz(mel):
    """Slaney's scale: 200 / 3 Hz a mel up to 1000 Hz, above that a factor of 6.4 in 27."""
    return 200 / 3 * mel if mel < 15 else 1000 * 6.4 ** ((mel - 15) / 27)


EDGES = [hertz(k * (15 + 27 * math.log(8) / math.log(6.4)) / (BANDS + 1)) for k in range(BANDS + 2)]


def one_number(sound, band, column):
    """The power of a band around a moment."""
    even = (sound - sound.mean()) / math.sqrt(sound.var() + 1e-7)
    around = np.concatenate([even[200:0:-1], even, even[-2:-202:-1]])[160 * column : 160 * column + 400]
    low, middle, high = EDGES[band : band + 3]
    power = 0.0
    for k in range(201):
        at = 40.0 * k
        share = max(0.0, min((at - low) / (middle - low), (high - at) / (high - middle))) * 2 / (high - low)
        if share:
            wave = np.exp(-2j * np.pi * k * np.arange(400) / 400)
            hann = np.sin(np.pi * np.arange(400) / 400) ** 2
            power += share * abs(np.sum(around * hann * wave)) ** 2
    return power


def test_each_number_is_that_of_the_definition():
    sound = np.random.default_rng(5).standard_normal(1600).astype(np.float32) * 0.1
    found = log_mel(sound)
    assert found.shape == (BANDS, 10)
    assert found.dtype == np.float32
    for band in (0, 1, 20, 40, 79):
        for column in (0, 4, 9):
            expected = (math.log10(one_number(sound.astype(float), band, column)) + 4) / 4
            assert found[band, column] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("frequency", [300.0, 1000.0, 3000.0])
def test_a_tone_is_loudest_in_the_band_around_it(frequency):
    sound = np.sin(2 * np.pi * frequency * np.arange(RATE) / RATE).astype(np.float32)
    loudest = int(log_mel(sound)[:, 50].argmax())
    assert EDGES[loudest] < frequency < EDGES[loudest + 2]


def test_loudness_makes_no_difference_and_what_is_far_below_the_loudest_is_one():
    sound = np.random.default_rng(6).standard_normal(3200).astype(np.float32)
    sound[1600:] *= 1e-6
    found = log_mel(sound)
    np.testing.assert_allclose(found, log_mel(sound * 0.1), atol=1e-3)
    assert found.max() - found.min() == pytest.approx(2.0)


def test_silence_is_even():
    assert np.unique(log_mel(np.zeros(8 * RATE, np.float32))).tolist() == [-1.5]


@pytest.mark.campaign
def test_pipecats_own_features_are_the_same():
    """Needs ``pip install --no-deps pipecat-ai==1.14``."""
    (package,) = importlib.util.find_spec("pipecat").submodule_search_locations
    file = Path(package, "audio", "turn", "smart_turn", "_whisper_features.py")
    spec = importlib.util.spec_from_file_location("features", file)
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    sound = np.random.default_rng(7).standard_normal(8 * RATE).astype(np.float32) * 0.1
    np.testing.assert_allclose(log_mel(sound), theirs.compute_whisper_log_mel_features(sound), atol=1e-5)
