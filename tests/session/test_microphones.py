from __future__ import annotations

import asyncio
import wave
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

import voicenb as vn
from voicenb.audio import speech
from voicenb.audio.pcm import to_pcm
from voicenb.audio.wav import wav_bytes, write_wav
from voicenb.errors import AudioError, InvalidConfiguration, UnspeakableText
from voicenb.session.microphone import Microphone, Room
from voicenb.session.microphones import Says, Silence, Spoken, WavFile
from voicenb.testing.virtual_clock import run_virtually

ROOM = cast(Room, None)


def frames(microphone: Microphone, count: int, *, work: float = 0.0) -> list[tuple[float, bytes]]:
    async def main() -> list[tuple[float, bytes]]:
        got = []
        async for frame in microphone.frames(ROOM):
            got.append((round(asyncio.get_running_loop().time(), 6), frame))
            if len(got) == count:
                break
            await asyncio.sleep(work)
        return got

    return run_virtually(main)


def test_silence() -> None:
    got = frames(Silence(), 50)
    assert [at for at, _ in got] == pytest.approx([0.02 * (n + 1) for n in range(50)])
    assert {frame for _, frame in got} == {bytes(960)}


def test_what_is_said_is_sent_to_the_sample_and_then_silence() -> None:
    pcm = to_pcm(np.linspace(-0.5, 0.5, 1000))
    got = frames(Spoken(pcm, "ramp", before=0.03), 5)
    sent = b"".join(frame for _, frame in got)
    assert sent == bytes(1440) + pcm + bytes(len(sent) - 1440 - len(pcm))


def test_the_schedule_is_absolute() -> None:
    got = frames(Silence(), 20, work=0.015)
    assert got[-1][0] == pytest.approx(0.4)
    slow = frames(Silence(), 5, work=0.03)  # behind, it catches up as far as it can
    assert slow[-1][0] == pytest.approx(0.02 + 4 * 0.03)


def stalled(microphone: Microphone, count: int, *, at: int, seconds: float) -> list[tuple[float, bytes]]:
    """Frames as they are given, where nothing can be taken for a while behind one of them."""

    async def main() -> list[tuple[float, bytes]]:
        got = []
        async for frame in microphone.frames(ROOM):
            got.append((round(asyncio.get_running_loop().time(), 6), frame))
            if len(got) == count:
                break
            if len(got) == at:
                await asyncio.sleep(seconds)
        return got

    return run_virtually(main)


def test_after_a_long_stall_it_goes_on_at_real_time_and_loses_no_sample() -> None:
    pcm = to_pcm(np.linspace(-0.5, 0.5, 480 * 60))
    got = stalled(Spoken(pcm, "ramp"), 60, at=10, seconds=12.0)
    assert b"".join(frame for _, frame in got) == pcm
    assert [at for at, _ in got[10:]] == pytest.approx([12.2 + 0.02 * n for n in range(50)])


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_a_wav_of_any_rate(tmp_path: Path, rate: int) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 400 * np.arange(rate) / rate)
    write_wav(tmp_path / "tone.wav", tone, rate)
    microphone = WavFile(tmp_path / "tone.wav")
    assert microphone.seconds == pytest.approx(1.0, abs=0.001)
    assert microphone.label == "tone.wav"
    assert repr(microphone) == "<WavFile 'tone.wav', 1.0 s>"
    sent = np.frombuffer(b"".join(frame for _, frame in frames(microphone, 50)), "<i2") / 32768
    expected = 0.5 * np.sin(2 * np.pi * 400 * np.arange(len(sent)) / 24_000)
    assert np.abs(sent[500:-500] - expected[500:-500]).max() < 0.01


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no wav at all" * 10])
def test_a_wav_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.wav").write_bytes(content)
    with pytest.raises(AudioError, match=r"bad\.wav"):
        WavFile(tmp_path / "bad.wav")


def test_a_wav_that_is_cut_off_is_refused_or_played_as_far_as_it_goes(tmp_path: Path) -> None:
    pcm = to_pcm(np.linspace(-0.5, 0.5, 2400))
    (tmp_path / "cut.wav").write_bytes(wav_bytes(np.linspace(-0.5, 0.5, 2400))[:-1001])
    with pytest.raises(AudioError, match=r"cut\.wav is cut off"):
        WavFile(tmp_path / "cut.wav")
    assert WavFile(tmp_path / "cut.wav", partial=True).pcm == pcm[: len(pcm) - 1002]


def test_of_a_wav_with_two_voices_one_is_the_caller(tmp_path: Path) -> None:
    caller, agent = np.full(480, 0.25), np.full(480, -0.5)
    write_wav(tmp_path / "call.wav", np.stack([caller, agent], axis=1))
    with pytest.raises(AudioError, match="2 channels that differ"):
        WavFile(tmp_path / "call.wav")
    assert WavFile(tmp_path / "call.wav", channel=0).pcm == to_pcm(caller)
    assert WavFile(tmp_path / "call.wav", channel="mix").pcm == to_pcm((caller + agent) / 2)


def test_a_wav_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(AudioError):
        WavFile(tmp_path / "none.wav")


@pytest.mark.parametrize("before", [-1, float("nan"), 1e9, "1", None])
def test_a_silence_is_a_number_of_seconds_up_to_an_hour(before: Any) -> None:
    with pytest.raises(InvalidConfiguration, match="before="):
        Spoken(b"", "nothing", before=before)


@pytest.mark.parametrize("path", [None, 5, b"caller.wav"])
def test_a_wav_is_named_by_its_path(path: Any) -> None:
    with pytest.raises(InvalidConfiguration, match="WavFile takes a path"):
        WavFile(path)


def test_a_path_may_begin_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    said = Says("Hello.")
    assert said.save("~/hello.wav") == tmp_path / "hello.wav"
    assert WavFile("~/hello.wav").pcm == WavFile(Path("~/hello.wav")).pcm == said.pcm
    with pytest.raises(AudioError, match="nobody"):
        WavFile("~nobody-of-that-name/hello.wav")


class Parrot:
    """A voice of one sample a letter."""

    def say(self, text: str, voice: str) -> object:
        if not text.strip():
            raise UnspeakableText("There is nothing to say.")

        class Clause:
            pcm = f"{voice}:{text}".encode("utf-16-le")

        return Clause()


def test_says_speaks_with_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    speech.use(Parrot())  # type: ignore[arg-type]
    try:
        assert Says("Hello?").pcm.decode("utf-16-le") == f"{speech.CALLER}:Hello?"
        assert Says("Hello?", voice="ivy").pcm.decode("utf-16-le") == "ivy:Hello?"
        assert Says("Hello?").label == "says 'Hello?'"
        with pytest.raises(UnspeakableText):
            Says(" ")
    finally:
        speech.use(None)


def test_what_is_said_can_be_kept_as_a_file(tmp_path: Path) -> None:
    speech.use(Parrot())  # type: ignore[arg-type]
    try:
        said = Says("Hello?", before=2.0)
    finally:
        speech.use(None)
    file = said.save(str(tmp_path / "hello.wav"))
    assert file == tmp_path / "hello.wav"
    with wave.open(str(file)) as written:
        assert written.getparams()[:4] == (1, 2, 24000, len(said.pcm) // 2)
        assert written.readframes(written.getnframes()) == said.pcm
    assert WavFile(file).pcm == said.pcm
    with pytest.raises(vn.AudioError, match="cannot be written"):
        said.save(tmp_path / "nowhere" / "hello.wav")
    with pytest.raises(InvalidConfiguration, match="takes a path"):
        said.save(5)  # type: ignore[arg-type]


def test_the_public_names_are_these() -> None:
    assert (vn.Silence, vn.WavFile, vn.Says) == (Silence, WavFile, Says)


def test_says_does_not_read_the_name_of_a_file_aloud() -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        Says("caller.wav")
    assert "name of a file" in caught.value.message
    assert caught.value.remedy is not None
    assert "vn.WavFile('caller.wav')" in caught.value.remedy


@pytest.mark.parametrize("text", [5, None])
def test_says_wants_words(text: Any) -> None:
    with pytest.raises(InvalidConfiguration, match="are text"):
        Says(text)


def test_says_warns_of_a_voice_that_nobody_knows() -> None:
    speech.use(Parrot())  # type: ignore[arg-type]
    try:
        with pytest.warns(UserWarning, match="knows of no voice 'ivi'") as warned:
            Says("Hello?", voice="ivi")
    finally:
        speech.use(None)
    assert warned[0].filename == __file__
