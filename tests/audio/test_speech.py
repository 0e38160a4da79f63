"""The plug for synthetic speech."""

import importlib
import sys

import numpy as np
import pytest

from voicenb.audio import speech
from voicenb.errors import InvalidConfiguration, MissingExtra, UnspeakableText


@pytest.fixture(autouse=True)
def fresh():
    speech._from_emulator.cache_clear()
    speech._said.cache_clear()
    yield
    speech.use(None)
    speech._from_emulator.cache_clear()


def test_a_caller_is_heard_and_always_the_same():
    first = speech.synthesise("Good evening.")
    assert 0.4 < len(first) / 48_000 < 3
    assert np.abs(np.frombuffer(first, "<i2").astype(int)).max() > 1000
    speech._said.cache_clear()
    assert speech.synthesise("Good evening.") == first
    assert speech.synthesise("Good evening.", "ivy") != first


def test_what_cannot_be_said():
    with pytest.raises(UnspeakableText):
        speech.synthesise("   ")


def test_without_voices_the_remedy_is_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, speech.PLUG, None)
    with pytest.raises(MissingExtra, match=r"voicenb\[emulator\]"):
        speech.synthesise("Good evening.")


def test_the_plug_fits():
    assert callable(importlib.import_module(speech.PLUG).mouth)


@pytest.mark.parametrize("text", [5, None, b"Hello."])
def test_words_are_text(text):
    with pytest.raises(InvalidConfiguration, match="are text"):
        speech.synthesise(text)


def test_half_a_character_cannot_be_said():
    with pytest.raises(UnspeakableText, match=r"half a character.*ud800"):
        speech.synthesise("Hello\ud800")


def test_a_voice_that_nobody_knows_is_warned_of():
    with pytest.warns(UserWarning, match=r"knows of no voice 'micheal'.*michael") as warned:
        speech.check_voice("micheal")
    assert warned[0].filename == __file__
    speech.check_voice(None)
    speech.check_voice("ivy")


def test_a_voice_is_named_by_text():
    with pytest.raises(InvalidConfiguration, match="voice must be text, not 5"):
        speech.check_voice(5)


class Asked:
    """Says nothing, and keeps what it was to say."""

    pcm = b""

    def __init__(self):
        self.texts = []

    def say(self, text, voice):
        self.texts.append(text)
        return self


def said(text, **options):
    voice = Asked()
    speech.use(voice)
    speech.synthesise(text, **options)
    return voice.texts


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Anna", "Anna."),
        ("half past eight ", "half past eight."),
        ("about 50 %", "about 50 %."),
        ("(or Anna)", "(or Anna)."),
        ("Is it “Anna”", "Is it “Anna”."),
    ],
)
def test_words_without_an_end_are_ended(text, spoken):
    assert said(text) == [spoken]


@pytest.mark.parametrize(
    "text",
    ["Anna.", "Anna?", "Anna!", "Well,", "Well…", "a table for -", "A: ", 'He said "Hello."', "  ", "😀"],
)
def test_what_has_an_end_or_no_words_is_left_as_it_is(text):
    assert said(text) == [text]


def test_what_goes_on_is_not_ended():
    assert said("I would like a table", goes_on=True) == ["I would like a table"]


def test_an_end_makes_no_difference():
    assert speech.synthesise("Good evening") == speech.synthesise("Good evening.")
