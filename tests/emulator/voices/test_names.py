from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from voicenb import voices
from voicenb.emulator.voices.names import DEFAULT, SPEAKERS, speaker
from voicenb.emulator.voices.piper import RATE, Piper


def test_every_name_of_the_api_has_a_speaker():
    assert set(SPEAKERS) == set(voices.VOICES)


@pytest.mark.parametrize("era", ["CURRENT", "JUNE", "APRIL"])
def test_neighbours_in_the_api_s_lists_differ(era):
    for left, right in pairwise(getattr(voices, era)):
        low, high = sorted([speaker(left).pitch, speaker(right).pitch])
        assert high / low > 1.06, (left, right)


def test_speakers_stay_within_what_is_understood():
    assert all(0.88 <= one.pitch <= 1.45 and 0.84 <= one.pace <= 1.15 for one in SPEAKERS.values())


class Heard:
    """What tells one voice from another, measured from the sound."""

    def __init__(self, pcm: bytes, expected: float) -> None:
        sound = np.frombuffer(pcm, np.int16) / 32768
        spectrum = np.abs(np.fft.rfft(sound, 2 * len(sound))) ** 2
        frequencies = np.fft.rfftfreq(2 * len(sound), 1 / RATE)
        high = spectrum[frequencies > 1500].sum()
        low = spectrum[(frequencies > 100) & (frequencies < 500)].sum()
        self.brightness = 10 * np.log10(high / low)  # in decibels
        # Looked for within a fifth of where it must be: a vowel's resonance may be taken for it elsewhere.
        echo = np.fft.irfft(spectrum)
        first, last = int(RATE / (1.2 * expected)), int(RATE / (0.8 * expected))
        self.pitch = RATE / (first + int(np.argmax(echo[first:last])))  # in hertz
        self.seconds = len(sound) / RATE

    def differs_from(self, other: Heard) -> bool:
        """Whether a listener hears it: 2 % of pitch do, 4 % of length, 3 dB between low and high."""
        pitch = np.log(self.pitch / other.pitch) / np.log(1.02)
        length = np.log(self.seconds / other.seconds) / np.log(1.04)
        return bool(pitch**2 + length**2 + ((self.brightness - other.brightness) / 3) ** 2 > 1)


@pytest.mark.parametrize(
    ("text", "own_pitch"), [("Yes.", 97), pytest.param("Hello there.", 107, marks=pytest.mark.campaign)]
)
def test_no_two_names_sound_alike_in_a_word_or_two(text, own_pitch):
    piper = Piper(quiet=True)
    heard = {
        name: Heard(piper.say(text, name).pcm, own_pitch * speaker(name).pitch) for name in voices.VOICES
    }
    assert [(a, b) for a, b in combinations(heard, 2) if not heard[a].differs_from(heard[b])] == []


def test_the_names_of_today_are_spoken_at_about_the_model_s_own_pace():
    assert all(0.94 <= speaker(name).pace <= 1.06 for name in voices.CURRENT)


def test_names_are_found_however_they_are_written():
    assert speaker(" Ivy ") == speaker("ivy")
    assert speaker("nobody") == speaker("") == DEFAULT
