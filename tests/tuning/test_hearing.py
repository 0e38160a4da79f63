"""Many tracks at once are heard as each of them alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.known_call import RATE, speech
from voicenb.audio.pcm import to_pcm
from voicenb.tuning.hearing import hear
from voicenb.turn_taking.detector import probabilities


def track(*parts):
    """Silences in seconds and clips by name."""
    pieces = [np.zeros(round(p * RATE), np.float32) if isinstance(p, float) else speech(p) for p in parts]
    return np.frombuffer(to_pcm(np.concatenate(pieces)), "<i2")


def alone(samples):
    return probabilities(samples.tobytes())


def test_side_by_side_is_bit_for_bit_alone():
    rng = np.random.default_rng(1)
    noisy = track(0.5, "cards-005.wav", 3.0, "cards-002.wav", 0.5)
    noisy = (noisy + rng.normal(0, 60, len(noisy))).astype(np.int16)
    tracks = [
        track(1.0, "cards-001.wav", 4.0, "cards-003.wav", 0.7),  # long digital silence: not asked there
        noisy,  # the model begins afresh in noise
        track("austen-0880.wav", 0.1),
        track(0.01),
        np.zeros(0, np.int16),
        track(2.5),
    ]
    wanted = [alone(each) for each in tracks]
    assert max(wanted[0]) > 0.9 > 0.1 > min(wanted[1])
    for side_by_side in (1, 2, 8):
        for want, got in zip(wanted, hear(tracks, side_by_side=side_by_side), strict=True):
            np.testing.assert_array_equal(got, want)


@settings(max_examples=8)
@given(st.lists(st.integers(0, 5 * 768 + 100), min_size=1, max_size=4), st.integers(0, 2**16))
def test_whatever_the_lengths(lengths, seed):
    rng = np.random.default_rng(seed)
    tracks = [(rng.normal(0, 2000, n)).astype(np.int16) for n in lengths]
    for each, got in zip(tracks, hear(tracks, side_by_side=3), strict=True):
        np.testing.assert_array_equal(got, alone(each))


@pytest.mark.parametrize("block", [832, 5_000, 24_000])
def test_the_blocks_that_a_track_is_read_in_leave_no_trace(block, monkeypatch):
    monkeypatch.setattr("voicenb.tuning.hearing.BLOCK", block)
    one = track(0.3, "cards-002.wav", 1.0)
    np.testing.assert_array_equal(hear([one])[0], alone(one))


def test_no_tracks():
    assert hear([]) == []


def test_how_far_it_is_is_told_in_minutes(monkeypatch):
    monkeypatch.setattr("voicenb.tuning.hearing._TOLD", 10)
    tracks = [track(0.3, "cards-002.wav", 1.0), track(0.5), track(2.5)]
    steps = []
    found = hear(tracks, step=steps.append)
    frames = [len(values) for values in found]
    assert sum(steps) == pytest.approx(sum(frames) * 0.032 / 60)
    assert len(steps) > len(tracks)
    assert min(steps) >= 0
