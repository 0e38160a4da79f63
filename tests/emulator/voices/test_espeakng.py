# ruff: noqa: RUF001 (phonetic letters are meant)

import numpy as np
import pytest

from voicenb.emulator.voices.espeakng import installed, phonemes, synthesise


def test_phonemes_of_words_and_sentences():
    assert installed()
    assert phonemes("Ten of clubs") == "tˈɛn ʌv klˈʌbz"
    assert phonemes("Lido", "it").startswith("lˈi")
    assert phonemes("One. Two, three.").count(" ") == 2
    assert phonemes("") == ""


def test_sound_with_the_places_of_its_words():
    text = "naïve café, please"
    samples, rate, events = synthesise(text, "en-us")
    assert rate == 22_050
    assert 0.3 < np.abs(samples).max() <= 1
    assert [text[event.at : event.at + event.length] for event in events] == ["naïve", "café", "please"]
    assert [event.sample for event in events] == sorted(event.sample for event in events)


def test_no_word_is_missed_after_phonemes():
    for text in ("北京", "😀", "x" * 2000, ""):
        for _ in range(40):
            phonemes(text, "it")
            phonemes(text)
        assert [event.at for event in synthesise("Seven of these.", "en-us")[2]] == [0, 6, 9]


def test_the_same_samples_whatever_was_said_before():
    once = synthesise("Seven of these.", "en-us+f3", anew=True)[0]
    synthesise("Something else with more of them.", "en-us")
    assert np.array_equal(once, synthesise("Seven of these.", "en-us+f3", anew=True)[0])


@pytest.mark.parametrize(("pace", "shorter"), [(1.3, True), (0.8, False)])
def test_pace(pace, shorter):
    text = "This is a sentence of some length."
    assert (len(synthesise(text, "en-us", pace=pace)[0]) < len(synthesise(text, "en-us")[0])) == shorter
