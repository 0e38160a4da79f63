from itertools import pairwise

import pytest

from voicenb import voices
from voicenb.emulator.voices.names import DEFAULT, SPEAKERS, speaker


def test_every_name_of_the_api_has_a_speaker():
    assert set(SPEAKERS) == set(voices.VOICES)


@pytest.mark.parametrize("era", ["CURRENT", "JUNE", "APRIL"])
def test_neighbours_in_the_api_s_lists_differ(era):
    for left, right in pairwise(getattr(voices, era)):
        low, high = sorted([speaker(left).pitch, speaker(right).pitch])
        assert high / low > 1.06, (left, right)


def test_speakers_stay_within_what_is_understood():
    assert all(0.88 <= one.pitch <= 1.45 and 0.9 <= one.pace <= 1.1 for one in SPEAKERS.values())


def test_names_are_found_however_they_are_written():
    assert speaker(" Ivy ") == speaker("ivy")
    assert speaker("nobody") == speaker("") == DEFAULT
