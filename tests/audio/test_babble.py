import numpy as np
import pytest

from voicenb.audio.babble import babble
from voicenb.audio.level import levels

RATE = 24_000


def test_the_seed_says_which():
    np.testing.assert_array_equal(babble(RATE, 3), babble(RATE, 3))
    assert not np.array_equal(babble(RATE, 3), babble(RATE, 4))
    assert [babble(count, 0).size for count in (0, 1, 2, 100, 999)] == [0, 1, 2, 100, 999]


def test_it_is_as_strong_as_it_says_comes_and_goes_and_is_dark():
    sound = babble(10 * RATE, 1)
    assert np.mean(sound**2) == pytest.approx(1, abs=0.01)
    told = levels(sound / 10, RATE, 0.1)
    assert told.max() - told.min() > 6
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    assert power[hertz < 1000].sum() > 0.8 * power.sum()


def test_its_end_fits_its_begin():
    sound = babble(2 * RATE, 7)
    assert abs(sound[0] - sound[-1]) < 3 * np.abs(np.diff(sound)).mean() + 0.5
