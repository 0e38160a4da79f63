"""How much sound a WAV file holds, whatever its header says."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from voicenb.audio.wav_extent import WavExtent, WavMended, wav_extent

RATE = 16_000


def wav(seconds: float = 1.0, subtype: str = "PCM_16") -> bytearray:
    buffer = io.BytesIO()
    samples = 0.3 * np.sin(np.arange(round(seconds * RATE)))
    soundfile.write(buffer, np.stack([samples, samples], axis=1), RATE, format="WAV", subtype=subtype)
    return bytearray(buffer.getvalue())


def with_size(content: bytearray, size: int) -> bytearray:
    at = content.index(b"data") + 4
    content[at : at + 4] = size.to_bytes(4, "little")
    return content


def extent(content: bytes) -> WavExtent | None:
    return wav_extent(io.BytesIO(content))


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT", "ULAW"])
def test_a_file_as_it_should_be(subtype: str) -> None:
    found = extent(wav(1.5, subtype))
    assert found is not None
    assert (found.seconds, found.promised_seconds, found.cut) == (1.5, 1.5, False)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF, 400])
def test_a_header_that_does_not_know(size: int) -> None:
    content = with_size(wav(), size)
    found = extent(content)
    assert found is not None
    assert (found.seconds, found.cut) == (1.0, False)
    with soundfile.SoundFile(WavMended(io.BytesIO(content), found)) as file:
        assert len(file.read()) == RATE
        file.seek(RATE // 2)
        assert len(file.read()) == RATE // 2


def test_a_file_that_is_cut_off() -> None:
    content = wav()
    found = extent(content[: len(content) // 2])
    assert found is not None
    assert found.cut
    assert found.promised_seconds == 1.0
    assert found.seconds == pytest.approx(0.5, abs=0.01)


def test_chunks_behind_the_sound_are_no_sound() -> None:
    content = wav() + b"LIST" + (6).to_bytes(4, "little") + b"INFOab"
    found = extent(content)
    assert found is not None
    assert (found.seconds, found.cut) == (1.0, False)


def test_an_empty_one() -> None:
    found = extent(wav(0.0))
    assert found is not None
    assert (found.seconds, found.cut) == (0.0, False)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"fLaC" + bytes(100), b"RIFFxxxxWAVEnonsense"])
def test_what_is_none(content: bytes) -> None:
    assert extent(content) is None
