import numpy as np
import pytest

from voicenb.audio.level import level
from voicenb.audio.telephone import Telephone

RATE = 24_000


def tone(hertz, level_of=0.3):
    return (level_of * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)).astype(np.float32)


def through(sound, size=480):
    line = Telephone()
    return np.concatenate([line.push(sound[at : at + size]) for at in range(0, len(sound), size)])


@pytest.mark.parametrize(
    ("hertz", "least", "most"), [(60, -200, -35), (500, -0.5, 0.5), (3000, -0.5, 0.5), (4300, -200, -35)]
)
def test_the_band_passes_and_nothing_else(hertz, least, most):
    sound = tone(hertz)
    assert least < level(through(sound)[4800:]) - level(sound[4800:]) < most


def test_what_comes_out_is_late_by_its_delay_and_coded():
    sound = np.concatenate([np.zeros(4800, np.float32), tone(1013)])
    out = through(sound)
    error = out[4800 + Telephone.delay : 20_000] - sound[4800 : 20_000 - Telephone.delay]
    assert -45 < level(error[4800:]) - level(sound[9600:]) < -25  # eight bits of µ-law, and their noise


@pytest.mark.parametrize("size", [1, 7, 480, 24_000])
def test_the_pieces_make_no_difference(size):
    sound = tone(700)[:2400]
    np.testing.assert_allclose(through(sound, size), through(sound, 2400), atol=1e-6)


def test_silence_stays_silence():
    assert not through(np.zeros(4800, np.float32)).any()
