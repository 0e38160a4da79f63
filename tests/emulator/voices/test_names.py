from itertools import combinations, pairwise

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
    assert all(0.88 <= one.pitch <= 1.45 and 0.87 <= one.pace <= 1.2 for one in SPEAKERS.values())


def test_no_two_names_sound_alike():
    """A listener tells two voices apart from about 4 % of pitch (two thirds of a semitone) or 6 % of pace."""
    for left, right in combinations(voices.VOICES, 2):
        one, other = speaker(left), speaker(right)
        pitch = max(one.pitch, other.pitch) / min(one.pitch, other.pitch)
        pace = max(one.pace, other.pace) / min(one.pace, other.pace)
        # Timbre does not count: Piper has only one.
        assert pitch > 1.04 or pace > 1.059, (left, one, right, other)


def test_the_names_of_today_are_spoken_at_about_the_model_s_own_pace():
    assert all(0.94 <= speaker(name).pace <= 1.06 for name in voices.CURRENT)


def test_names_are_found_however_they_are_written():
    assert speaker(" Ivy ") == speaker("ivy")
    assert speaker("nobody") == speaker("") == DEFAULT
