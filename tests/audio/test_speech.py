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
