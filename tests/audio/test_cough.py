import numpy as np

from voicenb.audio.cough import SECONDS, cough
from voicenb.audio.level import first_audible, levels

RATE = 24_000


def test_the_seed_says_which():
    np.testing.assert_array_equal(cough(3), cough(3))
    assert not np.array_equal(cough(3), cough(4))


def test_it_is_loud_at_once_and_ends_in_silence():
    sound = cough(0)
    assert len(sound) == round(SECONDS * RATE)
    assert first_audible(sound, RATE) == 0
    told = levels(sound, RATE)
    assert told[:5].max() > -23
    assert told[-1] < -35
    assert np.abs(sound).max() <= 0.31
