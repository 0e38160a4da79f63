"""The sound of sessions: gathered, encoded, kept."""

from __future__ import annotations

import asyncio
import io

import numpy as np
import pytest
import soundfile

from voicenb.audio.pcm import to_pcm
from voicenb.audio.processor import InPlaceProcessor
from voicenb.emulator import history_opus
from voicenb.emulator.database import Database
from voicenb.emulator.history_audio import Audio
from voicenb.emulator.history_tapes import Tapes
from voicenb.emulator.history_tracks import Piece

TONE = to_pcm(0.3 * np.sin(2 * np.pi * 440 * np.arange(24_000) / 24_000).astype(np.float32))


@pytest.fixture
def make():
    databases = []

    def made(path=None):
        databases.append(Database(path))
        audio = Audio(databases[-1], InPlaceProcessor())
        audio.database = databases[-1]
        return audio

    yield made
    for database in databases:
        database.close()


def call(audio, name="s1"):
    audio.keep(name, "user", Piece(0.0, "audio/pcm", TONE))
    audio.keep(name, "agent", Piece(1.0, "audio/pcm", TONE))


def ogg(audio, name="s1", seconds=3.0):
    return asyncio.run(audio.ogg(name, seconds))


def test_user_left_agent_right_as_long_as_the_session(make):
    audio = make()
    call(audio)
    sound, rate = soundfile.read(io.BytesIO(ogg(audio)))
    assert (rate, sound.shape) == (24_000, (72_000, 2))
    loud = np.sqrt((sound.reshape(3, 24_000, 2) ** 2).mean(axis=1)) > 0.05
    assert loud.tolist() == [[True, False], [False, True], [False, False]]


def test_it_is_encoded_once(make, monkeypatch):
    audio = make()
    call(audio)
    first = ogg(audio)
    monkeypatch.setattr(history_opus, "encode", None)
    assert ogg(audio) == first
    assert audio.there("s1")


def test_where_there_is_none(make):
    audio = make()
    assert not audio.there("s1")
    assert ogg(audio) is None


def test_what_is_deleted_is_gone_before_and_after_it_is_encoded(make):
    audio = make()
    for encoded in (False, True):
        call(audio)
        if encoded:
            ogg(audio)
        audio.forget("s1")
        assert not audio.there("s1")
        assert ogg(audio) is None


def test_what_is_deleted_while_it_is_encoded_is_not_kept(make, monkeypatch, tmp_path):
    for audio in (make(), make(tmp_path / "emulator.sqlite")):
        call(audio)

        def encode(chunks, audio=audio):
            audio.forget("s1")
            return b"OggS"

        monkeypatch.setattr(history_opus, "encode", encode)
        assert ogg(audio) is None
        assert not audio.there("s1")


def test_a_file_keeps_it_right_after_the_session(make, tmp_path):
    audio = make(tmp_path / "emulator.sqlite")
    call(audio)

    async def end():
        audio.ended("s1", 3.0)
        await asyncio.gather(*audio._tasks)

    asyncio.run(end())
    audio.close()
    audio.database.close()
    again = make(tmp_path / "emulator.sqlite")
    assert again.there("s1")
    assert ogg(again).startswith(b"OggS")


class Never(InPlaceProcessor):
    """Comes to nothing before the emulator ends."""

    async def run(self, work, *, cost, background=False):
        await asyncio.sleep(3600)


@pytest.mark.parametrize(("seconds", "kept"), [(3.0, True), (10_000.0, False)])
def test_what_is_not_encoded_by_the_end_is_then_unless_it_takes_too_long(tmp_path, caplog, seconds, kept):
    database = Database(tmp_path / "emulator.sqlite")
    audio = Audio(database, Never())
    call(audio)

    async def end():
        audio.ended("s1", seconds)
        await asyncio.sleep(0)

    asyncio.run(end())
    assert not audio.kept("s1")
    audio.close()
    assert audio.kept("s1") is kept
    assert ("s1 is not kept" in caplog.text) is not kept
    audio.close()
    database.close()


def test_a_fault_does_not_keep_it_from_ending(tmp_path, caplog, monkeypatch):
    database = Database(tmp_path / "emulator.sqlite")
    audio = Audio(database, Never())
    call(audio)
    monkeypatch.setattr(history_opus, "encode", None)

    async def end():
        audio.ended("s1", 3.0)

    asyncio.run(end())
    audio.close()
    assert "s1 could not be kept" in caplog.text
    database.close()


def test_what_was_deleted_by_the_end_is_not_kept(tmp_path, caplog):
    database = Database(tmp_path / "emulator.sqlite")
    audio = Audio(database, Never())
    call(audio)

    async def end():
        audio.ended("s1", 3.0)

    asyncio.run(end())
    audio.forget("s1")
    audio.close()
    assert not audio.kept("s1")
    assert caplog.text == ""
    database.close()


def test_without_a_file_nothing_is_encoded_unasked(make, monkeypatch):
    monkeypatch.setattr(history_opus, "encode", None)
    audio = make()
    call(audio)

    async def end():
        audio.ended("s1", 3.0)
        assert not audio._tasks

    asyncio.run(end())


def test_a_fault_in_the_background_is_logged(make, monkeypatch, tmp_path, caplog):
    audio = make(tmp_path / "emulator.sqlite")
    call(audio)
    monkeypatch.setattr(history_opus, "encode", None)

    async def end():
        audio.ended("s1", 3.0)
        await asyncio.gather(*audio._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    asyncio.run(end())
    assert "could not be kept" in caplog.text


def test_without_the_library_nothing_is_gathered(make, monkeypatch):
    monkeypatch.setattr(history_opus, "available", lambda: False)
    audio = make()
    call(audio)
    assert not audio.there("s1")


def test_the_tapes_may_be_given():
    tapes = Tapes()
    audio = Audio(Database(), InPlaceProcessor(), tapes)
    call(audio)
    assert tapes.has("s1")
    audio.close()
