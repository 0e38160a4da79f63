import numpy as np
import pytest

from voicenb.emulator.voices.tone import toned

RATE = 24_000


def level(sound, low, high):
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    return 10 * np.log10(spectrum[(frequencies >= low) & (frequencies < high)].sum())


@pytest.fixture
def noise():
    return (0.1 * np.random.default_rng(1).standard_normal(RATE)).astype(np.float32)


@pytest.mark.parametrize("tone", [-1.5, 1.5, 3.0])
def test_a_spectrum_is_tilted_by_so_much_an_octave(noise, tone):
    made = toned(noise, tone, RATE)
    rise = [
        (level(made, 2 * at, 4 * at) - level(noise, 2 * at, 4 * at))
        - (level(made, at, 2 * at) - level(noise, at, 2 * at))
        for at in (200, 400, 800, 1600)
    ]
    assert rise == pytest.approx([tone] * 4, abs=0.2)


def test_loudness_length_and_kind_stay(noise):
    made = toned(noise, 1.5, RATE)
    assert (made.shape, made.dtype) == (noise.shape, noise.dtype)
    assert np.sqrt(np.mean(made**2)) == pytest.approx(np.sqrt(np.mean(noise**2)), rel=1e-3)


def test_without_a_tone_or_a_sound_nothing_is_done(noise):
    assert toned(noise, 0.0, RATE) is noise
    nothing = np.zeros(0, np.float32)
    assert toned(nothing, 1.5, RATE) is nothing
    assert not toned(np.zeros(100, np.float32), 1.5, RATE).any()


def test_the_end_of_a_sound_does_not_come_before_its_beginning():
    click = np.zeros(RATE, np.float32)
    click[-1] = 1.0
    assert np.abs(toned(click, 1.5, RATE)[:1000]).max() < 1e-3
