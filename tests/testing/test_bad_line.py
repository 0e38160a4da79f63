"""A bad line against frames that the test makes; in a whole call in test_run_conditions.py."""

import numpy as np
import pytest

from voicenb.audio.level import level
from voicenb.audio.pcm import to_float, to_pcm
from voicenb.audio.wav import write_wav
from voicenb.errors import AudioError
from voicenb.testing.bad_line import NOMINAL, BadLine, loudness
from voicenb.testing.clips import Clip
from voicenb.testing.conditions import Conditions

RATE, FRAME = 24_000, 480
TONE = 0.2 * np.sin(np.arange(2 * RATE) / 9)
CLIP = Clip("a", to_pcm(np.concatenate([np.zeros(RATE), TONE, np.zeros(RATE)])), RATE, 3 * RATE)
SILENCE = bytes(2 * 4 * RATE)


class Ear:
    def __init__(self):
        self.asked = []

    def between(self, start, stop):
        self.asked.append((start, stop))
        return np.full(round((stop - start) * RATE), 0.5, np.float32)


def through(pcm, ear=None, **conditions):
    line = BadLine(Conditions(**conditions), [[CLIP], []], ear or Ear())
    size = 2 * FRAME
    frames = [line.through(pcm[at : at + size], at / 2 / RATE + 0.02) for at in range(0, len(pcm), size)]
    assert all(len(frame) == size for frame in frames)
    return to_float(b"".join(frames))


@pytest.mark.parametrize("noise", ["pink", "babble"])
def test_the_noise_is_in_proportion_to_the_voice(noise):
    alone = through(SILENCE, snr=12, noise=noise)
    assert level(TONE) - level(alone) == pytest.approx(12, abs=1.5)  # of ten seconds, four
    np.testing.assert_array_equal(alone, through(SILENCE, snr=12, noise=noise))
    assert not np.array_equal(alone, through(SILENCE, snr=12, noise=noise, seed=1))
    both = through(CLIP.pcm, snr=12, noise=noise)
    np.testing.assert_allclose(both - alone, to_float(CLIP.pcm), atol=1e-4)


def test_a_file_as_noise_is_played_round_and_round(tmp_path):
    hum = 0.5 * np.sin(2 * np.pi * 100 * np.arange(RATE) / RATE)
    write_wav(tmp_path / "hum.wav", hum, RATE)
    sound = through(SILENCE, snr=20, noise=tmp_path / "hum.wav")
    assert level(TONE) - level(sound) == pytest.approx(20, abs=0.1)
    np.testing.assert_allclose(sound[:RATE], sound[RATE : 2 * RATE], atol=1e-6)


def test_a_file_without_a_sound_is_no_noise(tmp_path):
    write_wav(tmp_path / "nothing.wav", np.zeros(RATE, np.float32), RATE)
    with pytest.raises(AudioError, match="no sound that could be noise"):
        through(SILENCE, snr=20, noise=tmp_path / "nothing.wav")
    with pytest.raises(AudioError, match="cannot be read"):
        through(SILENCE, snr=20, noise=tmp_path / "none.wav")


def test_packets_are_lost_whole():
    sound = through(CLIP.pcm[2 * RATE : 2 * 3 * RATE], loss=0.3, burst=0.1, seed=2)
    silent = ~sound.reshape(-1, FRAME).any(axis=1)
    assert 10 < silent.sum() < 60
    kept = np.repeat(~silent, FRAME)
    np.testing.assert_array_equal(sound[kept], to_float(CLIP.pcm)[RATE : 3 * RATE][kept])


def test_the_telephone_makes_it_late_by_what_the_line_says():
    line = BadLine(Conditions(telephone=True), [], Ear())
    sound = through(CLIP.pcm, telephone=True)
    first = np.flatnonzero(np.abs(sound) > 0.1)[0]
    assert first - RATE == pytest.approx(line.delay, abs=20)


def test_the_echo_is_what_was_heard_a_while_ago_and_quieter():
    ear = Ear()
    sound = through(bytes(2 * 2 * FRAME), ear, echo=-20, echo_delay=0.25)
    np.testing.assert_allclose(sound, 0.05, atol=1e-4)
    assert np.ravel(ear.asked) == pytest.approx([-0.25, -0.23, -0.23, -0.21])


def test_how_loud_a_caller_speaks():
    assert loudness([[CLIP], []]) == pytest.approx(level(TONE), abs=0.1)
    assert loudness([]) == NOMINAL
