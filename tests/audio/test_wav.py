import struct
from pathlib import Path

import numpy as np
import pytest

from voicenb.audio.g711 import encode_alaw, encode_ulaw
from voicenb.audio.pcm import to_float, to_pcm
from voicenb.audio.wav import WavWriter, load_wav, parse_wav, read_wav, wav_bytes, write_wav
from voicenb.errors import AudioError

TONE = (0.5 * np.sin(np.arange(2400) * 0.05)).astype(np.float32)
LISTED = b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + b"Lavf61.7.100\0\0"
CLIPS = Path(__file__).parents[1] / "data" / "audio"


def wav(tag: int, bits: int, data: bytes, channels: int = 1, rate: int = 16_000, extra: bytes = b"") -> bytes:
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * width, width, bits) + extra
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def of_24_bits(samples: np.ndarray) -> bytes:
    return b"".join(int(v * 2**23).to_bytes(3, "little", signed=True) for v in samples)


@pytest.mark.parametrize(
    ("content", "encoding", "error"),
    [
        (wav(1, 8, np.round(TONE * 128 + 128).astype(np.uint8).tobytes()), "pcm", 2**-7),
        (wav(1, 16, to_pcm(TONE)), "pcm", 2**-15),
        (wav(1, 24, of_24_bits(TONE)), "pcm", 2**-22),
        (wav(1, 32, (TONE.astype(np.float64) * 2**31).astype("<i4").tobytes()), "pcm", 2**-23),
        (wav(3, 32, TONE.astype("<f4").tobytes()), "float", 0),
        (wav(3, 64, TONE.astype("<f8").tobytes()), "float", 0),
        (wav(6, 8, encode_alaw(TONE)), "a-law", 0.02),
        (wav(7, 8, encode_ulaw(TONE)), "mu-law", 0.02),
    ],
    ids=["8", "16", "24", "32", "float32", "float64", "a-law", "mu-law"],
)
def test_every_encoding_is_read(content: bytes, encoding: str, error: float) -> None:
    sound = parse_wav(content)
    assert (sound.info.rate, sound.info.channels, sound.info.encoding) == (16_000, 1, encoding)
    assert not sound.info.truncated
    assert sound.info.seconds == pytest.approx(0.15)
    assert sound.samples.dtype == np.float32
    np.testing.assert_allclose(sound.samples, TONE, atol=error + 1e-9)


def test_channels_are_mixed_down() -> None:
    both = np.stack([TONE, -0.5 * TONE], axis=1)
    sound = parse_wav(wav_bytes(both, 44_100))
    assert sound.info.channels == 2
    np.testing.assert_allclose(sound.samples, TONE / 4, atol=2**-15)


def test_an_extensible_header_and_chunks_around_the_data_are_read() -> None:
    extra = struct.pack("<HHIH14s", 22, 16, 4, 1, b"\x00" * 14)
    content = wav(0xFFFE, 16, to_pcm(TONE), extra=extra)
    at = content.index(b"data")
    noted = (
        content[:at]
        + b"LIST"
        + struct.pack("<I", 3)
        + b"abc\0"
        + content[at:]
        + b"id3 "
        + struct.pack("<I", 2)
        + b"xy"
    )
    np.testing.assert_array_equal(parse_wav(noted).samples, to_float(to_pcm(TONE)))


def test_floats_beyond_full_scale_and_no_numbers_are_tamed() -> None:
    sound = parse_wav(wav(3, 32, np.array([3, -3, np.nan, 0.5], "<f4").tobytes()))
    assert sound.samples.tolist() == [1, -1, 0, 0.5]


@pytest.mark.parametrize("lost", [1, 2, 1001, 4798])
def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes(wav_bytes(TONE)[:-lost])
    sound = load_wav(path)
    assert sound.info.truncated
    assert sound.info.samples == (4800 - lost) // 2
    np.testing.assert_array_equal(sound.samples, to_float(to_pcm(TONE))[: len(sound.samples)])
    with pytest.raises(AudioError, match=rf"cut\.wav is cut off: only {sound.info.seconds:.2f} s") as told:
        read_wav(path)
    assert "partial=True" in told.value.remedy
    samples, _ = read_wav(path, partial=True)
    np.testing.assert_array_equal(samples, sound.samples)


def test_of_channels_that_differ_one_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "both.wav"
    both = np.stack([TONE, -0.5 * TONE], axis=1)
    write_wav(path, both)
    with pytest.raises(AudioError, match=r"both\.wav has 2 channels that differ") as told:
        read_wav(path)
    assert "channel=0" in told.value.remedy
    for channel in (0, 1):
        np.testing.assert_allclose(read_wav(path, channel=channel)[0], both[:, channel], atol=2**-15)
    np.testing.assert_allclose(read_wav(path, channel="mix")[0], TONE / 4, atol=2**-15)
    for none in (2, -1, "left", 0.5):
        with pytest.raises(AudioError, match=f"no channel {none!r}: there are 2"):
            read_wav(path, channel=none)  # type: ignore[arg-type]


def test_channels_that_sound_the_same_are_one_voice(tmp_path: Path) -> None:
    write_wav(tmp_path / "twice.wav", np.stack([TONE, TONE + 0.001], axis=1))
    np.testing.assert_allclose(read_wav(tmp_path / "twice.wav")[0], TONE, atol=0.002)


@pytest.mark.parametrize(
    "claimed",
    [0, 100, 0xFFFFFFFF, 0x7FFFFFFF - 36, 0x7FFFF000, 0x80000000],
    ids=["nothing", "too little", "unknown", "streamed", "streamed in pages", "streamed without a sign"],
)
def test_a_header_that_says_too_little_loses_nothing(claimed: int) -> None:
    content = bytearray(wav_bytes(TONE))
    content[40:44] = struct.pack("<I", claimed)
    sound = parse_wav(bytes(content))
    assert sound.info.samples == len(TONE)
    assert not sound.info.truncated


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty: 0 bytes"),
        (wav_bytes([]), "empty: a WAV header without a sample"),
        (wav_bytes([]) + LISTED, "empty: a WAV header without a sample"),
        (wav_bytes([]) + LISTED + LISTED, "empty: a WAV header without a sample"),
        (b"ID3\x04 an mp3, say", "not a WAV file"),
        (b"RIFF", "not a WAV file"),
        (wav_bytes(TONE)[:30], "no data chunk"),
        (wav(85, 16, to_pcm(TONE)), "WAV format 85 with 16 bits"),
        (wav(1, 12, to_pcm(TONE)), "WAV format 1 with 12 bits"),
        (wav(1, 0, to_pcm(TONE)), "WAV format 1 with 0 bits"),
        (wav(1, 16, to_pcm(TONE), rate=0), "1 channels at 0 Hz"),
        (wav(1, 16, to_pcm(TONE), channels=0), "0 channels"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=says) as caught:
        read_wav(path)
    assert str(path) in str(caught.value)
    assert caught.value.facts["path"] == str(path)


def test_missing_files_and_folders_are_said(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="No such file"):
        read_wav(tmp_path / "nothing.wav")
    with pytest.raises(AudioError, match="cannot be read"):
        read_wav(tmp_path)
    with pytest.raises(AudioError, match="cannot be written"):
        WavWriter(tmp_path / "no" / "folder.wav")


def test_a_clip_written_again_is_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "again.wav"
    write_wav(path, *read_wav(CLIPS / "cards-001.wav"))
    assert path.read_bytes() == (CLIPS / "cards-001.wav").read_bytes()


def test_a_writer_gives_places_and_a_true_header(tmp_path: Path) -> None:
    path = tmp_path / "track.wav"
    with WavWriter(path) as writer:
        assert [writer.write(to_pcm(TONE)), writer.write(b""), writer.write(to_pcm(TONE))] == [0, 2400, 2400]
        assert writer.seconds == pytest.approx(0.2)
        with pytest.raises(AudioError, match="3 bytes"):
            writer.write(b"abc")
    writer.close()
    assert path.read_bytes() == wav_bytes(np.concatenate([TONE, TONE]))
    with pytest.raises(AudioError, match="is closed"):
        writer.write(b"")


def test_after_a_crash_all_that_reached_the_disk_is_read(tmp_path: Path) -> None:
    path = tmp_path / "track.wav"
    writer = WavWriter(path)
    writer.write(to_pcm(TONE))
    writer.flush()
    assert load_wav(path).info.samples == 2400  # a true header, without closing
    with path.open("ab") as crashed:  # written behind the header's back, down to half a sample
        crashed.write(to_pcm(TONE) + b"\x01")
    assert load_wav(path).info.samples == 4800
    writer.close()


def test_the_header_follows_without_being_asked(tmp_path: Path) -> None:
    path = tmp_path / "track.wav"
    writer = WavWriter(path)
    for _ in range(25):
        writer.write(to_pcm(TONE))
    assert load_wav(path).info.samples >= 24_000
    writer.close()


def test_a_writer_goes_on_where_a_crash_left_off(tmp_path: Path) -> None:
    path = tmp_path / "track.wav"
    path.write_bytes(wav_bytes(TONE) + to_pcm(TONE) + b"\x07")  # lying header, half a sample
    with WavWriter(path, append=True) as writer:
        assert writer.write(to_pcm(TONE)) == 4800
    assert path.read_bytes() == wav_bytes(np.concatenate([TONE] * 3))
    with pytest.raises(AudioError, match="8000 Hz"):
        WavWriter(path, 8000, append=True)
