"""The plug for synthetic speech."""

import importlib
import sys

import numpy as np
import pytest

from voicenb.audio import speech
from voicenb.errors import MissingExtra, UnspeakableText


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
