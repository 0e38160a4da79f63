"""Sounds that come back, in rooms that were made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voicenb.analysis.echo_path import FAINTEST, EchoPath, Sound, find
from voicenb.audio.chirp import chirp
from voicenb.audio.noise import pink
from voicenb.audio.wav import read_wav

RATE = 24_000
PLACES = [round(RATE * (1.0 + 0.8 * n)) for n in range(5)]


def room(
    delay: float,
    gain: float,
    noise: float = -120.0,
    reverberation: float = 0.0,
    jitter: tuple[float, ...] = (0.0,) * 5,
    seed: int = 1,
) -> EchoPath:
    """What is found in a room: gain and noise in dB, noise of full scale."""
    tone = chirp()
    said = (10 ** (noise / 20) * pink(6 * RATE, seed)).astype(np.float32)
    quiet = (10 ** (noise / 20) * pink(2 * RATE, seed + 1)).astype(np.float32)
    answer = np.zeros(round(0.3 * RATE))
    answer[0] = 1.0
    if reverberation:
        tail = np.random.default_rng(seed).standard_normal(len(answer)) * np.exp(
            -6.9 * np.arange(len(answer)) / (reverberation * RATE)
        )
        tail[: round(0.004 * RATE)] = 0
        answer += 0.05 * tail
    for place, off in zip(PLACES, jitter, strict=True):
        back = 10 ** (gain / 20) * np.convolve(tone, answer)
        at = place + round((delay + off) * RATE)
        said[at : at + len(back)] += back.astype(np.float32)
    return find([(place, tone) for place in PLACES], said, quiet)


@pytest.mark.parametrize("delay", [-0.02, 0.0, 0.0371, 0.25, 0.44])
@pytest.mark.parametrize("gain", [0.0, -20.0, -50.0])
def test_delay_and_level_are_exact_where_it_is_silent(delay: float, gain: float) -> None:
    path = room(delay, gain)
    assert path.found == 5
    assert path.delay == pytest.approx(delay, abs=1.5 / RATE)
    assert path.level == pytest.approx(gain, abs=0.3)
    assert path.spread == pytest.approx(0, abs=1 / RATE)
    assert path.below is None


@pytest.mark.parametrize("seed", range(6))
def test_below_the_noise_it_is_found_all_the_same(seed: int) -> None:
    # The tone is at -15 dBFS, so what comes back is some 5 dB below the noise of the room.
    path = room(0.08, -30.0, noise=-40.0, seed=10 * seed)
    assert path.found == 5
    assert path.delay == pytest.approx(0.08, abs=0.0005)
    assert path.level == pytest.approx(-30, abs=1.5)


@pytest.mark.parametrize("seed", range(6))
def test_where_nothing_comes_back_it_says_below_what(seed: int) -> None:
    path = room(0.1, -200.0, noise=-50.0, seed=10 * seed)
    assert (path.delay, path.spread, path.level) == (None, None, None)
    assert path.below is not None
    assert -60 < path.below < -30
    # What is louder than that would have been found.
    assert room(0.1, path.below + 3, noise=-50.0, seed=10 * seed).found == 5


def test_in_digital_silence_nothing_is_not_minus_infinity() -> None:
    nothing = np.zeros(6 * RATE, np.float32)
    path = find([(place, chirp()) for place in PLACES], nothing, nothing)
    assert path == EchoPath(5, 0, None, None, None, FAINTEST)


def test_a_room_that_rings() -> None:
    path = room(0.12, -18.0, noise=-60.0, reverberation=0.4)
    assert path.delay == pytest.approx(0.12, abs=0.001)
    assert path.level is not None
    assert -18.5 < path.level < -10, "the early part of the ringing belongs to it"


def test_clocks_that_tremble_are_told_as_spread() -> None:
    path = room(0.1, -20.0, jitter=(0, 0.001, -0.001, 0.002, 0))
    assert path.found == 5
    assert path.delay == pytest.approx(0.1, abs=0.0002)
    assert path.spread == pytest.approx(0.002, abs=0.0002)


def test_arrivals_that_do_not_agree_are_no_measurement() -> None:
    path = room(0.1, -20.0, jitter=(0, 0.05, 0.1, 0.15, -0.05))
    assert path.found == 1
    assert path.delay is None
    assert path.level is None


def test_an_echo_that_is_cancelled_after_two_tones_is_no_measurement() -> None:
    tone, said = chirp(), np.zeros(6 * RATE, np.float32)
    for place in PLACES[:2]:
        said[place + 2400 : place + 2400 + len(tone)] += 0.1 * tone
    path = find([(place, tone) for place in PLACES], said, np.zeros(RATE, np.float32))
    assert (path.found, path.delay) == (2, None)


def test_somebody_who_talks_meanwhile_is_no_echo() -> None:
    samples, _ = read_wav(Path(__file__).parents[1] / "data" / "audio" / "austen-0870.wav")
    said: Sound = np.ascontiguousarray(samples[: 6 * RATE])
    quiet = (1e-3 * pink(RATE, 4)).astype(np.float32)
    path = find([(place, chirp()) for place in PLACES], said, quiet)
    assert path.delay is None


def test_a_track_that_ends_early() -> None:
    path = find([(place, chirp()) for place in PLACES], np.zeros(RATE, np.float32), np.zeros(10, np.float32))
    assert path.found == 0
