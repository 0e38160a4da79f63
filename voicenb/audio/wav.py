"""WAV files: any that are met in practice are read, ours are written so that a crash costs nothing.

Read are PCM of 8, 16, 24 and 32 bits, float of 32 and 64, µ-law and A-law, any number of channels. A file
whose header gives another length than it has is read as far as it goes; that it is cut off is told.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
import numpy.typing as npt

from voicenb.audio import g711
from voicenb.audio.pcm import RATE, Samples, to_pcm
from voicenb.audio.wav_extent import STREAMED
from voicenb.errors import AudioError

_PCM, _FLOAT, _ALAW, _ULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_UNKNOWN_SIZE = 0xFFFFFFFF
_DIFFERENT = 0.02
"""Channels that are closer than this (1 is full scale) are one voice, twice."""
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


@dataclass(frozen=True, slots=True)
class WavInfo:
    """What a WAV file says about itself, and what is there.

    Attributes:
        rate: samples per second.
        channels: as stored.
        bits: per stored sample.
        encoding: ``"pcm"``, ``"float"``, ``"mu-law"`` or ``"a-law"``.
        samples: how many there are per channel, whatever the header says.
        truncated: the file ends before the header's length, or inside a sample.
    """

    rate: int
    channels: int
    bits: int
    encoding: str
    samples: int
    truncated: bool

    @property
    def seconds(self) -> float:
        """How long the sound lasts."""
        return self.samples / self.rate


@dataclass(frozen=True, slots=True)
class Wav:
    """A sound from a file: ``frames`` (-1…1, shape ``(n, channels)``) at ``info.rate``."""

    frames: Samples
    info: WavInfo

    @property
    def samples(self) -> Samples:
        """All channels mixed to one, shape ``(n,)``."""
        mixed: Samples = self.frames.mean(axis=1, dtype=np.float32)
        return mixed


def read_wav(
    path: str | PathLike[str], *, channel: int | Literal["mix"] | None = None, partial: bool = False
) -> tuple[Samples, int]:
    """One voice from a WAV file, shape ``(n,)``, -1…1, and its rate.

    Args:
        path: the file.
        channel: which channel, from 0 on, or ``"mix"`` for all of them together. None will do where they
            sound the same.
        partial: take what is there of a file that is cut off.

    Raises:
        AudioError: nothing that can be read: missing, empty, not a WAV, an encoding not known; cut off;
            several channels that differ, or none of that number.
    """
    wav = load_wav(path)
    info = wav.info
    if info.truncated and not partial:
        raise AudioError(
            f"{path} is cut off: only {info.seconds:.2f} s of it are there.",
            remedy="Record or copy it again, or take what is there with partial=True.",
            path=str(path),
            seconds=info.seconds,
        )
    if channel is None and info.channels > 1 and float(np.ptp(wav.frames, axis=1).max()) > _DIFFERENT:
        raise AudioError(
            f"{path} has {info.channels} channels that differ, and one voice is wanted.",
            remedy='Say which: channel=0, channel=1 or "mix" (in an export 0 is the caller, 1 the agent).',
            path=str(path),
            channels=info.channels,
        )
    if channel is None or channel == "mix":
        return wav.samples, info.rate
    if not isinstance(channel, int) or not 0 <= channel < info.channels:
        raise AudioError(
            f"{path} has no channel {channel!r}: there are {info.channels}, numbered from 0.",
            path=str(path),
            channels=info.channels,
        )
    return np.ascontiguousarray(wav.frames[:, channel]), info.rate


def load_wav(path: str | PathLike[str]) -> Wav:
    """The same, with what the file says about itself, which is where it tells that it is cut off.

    Raises:
        AudioError: as `read_wav`.
    """
    name = Path(path)
    try:
        content = name.read_bytes()
    except OSError as error:
        raise AudioError(
            f"{name} cannot be read: {error.strerror or error}.", remedy="Check the path.", path=str(name)
        ) from error
    return parse_wav(content, str(name))


def parse_wav(content: bytes, name: str = "WAV") -> Wav:
    """The same for a file that is already in memory; ``name`` is used in messages.

    Raises:
        AudioError: as `read_wav`.
    """
    form, data, truncated = _chunks(content, name)
    if len(form) < 16:
        raise AudioError(f"{name} has no complete format chunk; it ends too early.", path=name)
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if tag == _EXTENSIBLE and len(form) >= 26:
        (tag,) = struct.unpack_from("<H", form, 24)
    if not 1 <= channels <= 64 or not 1000 <= rate <= 768_000:
        raise AudioError(
            f"{name} has an impossible format: {channels} channels at {rate} Hz.",
            path=name,
            channels=channels,
            rate=rate,
        )
    width = channels * (bits // 8)
    count = len(data) // width if width else 0
    values, encoding = _decode(tag, bits, data[: count * width], name)
    if count == 0:
        raise AudioError(
            f"{name} is empty: a WAV header without a sample.",
            remedy="Record it again.",
            path=name,
            bytes=len(content),
        )
    info = WavInfo(rate, channels, bits, encoding, count, truncated or len(data) % width != 0)
    return Wav(values.reshape(count, channels), info)


def _chunks(content: bytes, name: str) -> tuple[bytes, bytes, bool]:
    """The format chunk, the data chunk as far as it is there, and whether it is cut off."""
    if not content:
        raise AudioError(f"{name} is empty: 0 bytes.", remedy="Record it again.", path=name, bytes=0)
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise AudioError(
            f"{name} is not a WAV file: it begins with {content[:12]!r}.",
            remedy="Convert it to WAV (PCM).",
            path=name,
            bytes=len(content),
        )
    form: bytes | None = None
    at = 12
    while at + 8 <= len(content):
        tag, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8
        if tag == b"fmt ":
            form = content[at : at + size]
        elif tag == b"data":
            if form is None:
                raise AudioError(f"{name} has its data before its format; it cannot be read.", path=name)
            end = at + size
            if size >= STREAMED or not _chunk_follows(content, end):
                # A writer that streamed or crashed (size 0 as well): all that follows is sound.
                cut = len(content) < end and size < STREAMED
                return form, content[at:], cut
            return form, content[at:end], False
        at += size + size % 2
    raise AudioError(
        f"{name} is a WAV file without sound: no data chunk in {len(content)} bytes.",
        path=name,
        bytes=len(content),
    )


def _chunk_follows(content: bytes, end: int) -> bool:
    """Whether the file ends at ``end`` or goes on there with a chunk that fits."""
    end += end % 2
    if end >= len(content):
        return end - len(content) <= 1
    tag, size = content[end : end + 4], int.from_bytes(content[end + 4 : end + 8], "little")
    return len(content) - end >= 8 and all(32 <= c < 127 for c in tag) and size <= len(content) - end - 8


def _decode(tag: int, bits: int, data: bytes, name: str) -> tuple[Samples, str]:
    match tag, bits:
        case 1, 8:  # the only width without a sign
            return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / np.float32(128), "pcm"
        case 1, 16:
            return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(2**15), "pcm"
        case 1, 24:
            parts = np.frombuffer(data, np.uint8).reshape(-1, 3)
            wide = np.zeros((len(parts), 4), np.uint8)
            wide[:, 1:] = parts
            return (wide.view("<i4").ravel() / 2.0**31).astype(np.float32), "pcm"
        case 1, 32:
            return (np.frombuffer(data, "<i4") / 2.0**31).astype(np.float32), "pcm"
        case 3, 32 | 64:
            raw: npt.NDArray[np.float64] = np.frombuffer(data, f"<f{bits // 8}").astype(np.float64)
            return np.clip(np.nan_to_num(raw, nan=0.0), -1, 1).astype(np.float32), "float"
        case 6, 8:
            return g711.decode_alaw(data), "a-law"
        case 7, 8:
            return g711.decode_ulaw(data), "mu-law"
    raise AudioError(
        f"{name} is encoded in a way that is not known here: WAV format {tag} with {bits} bits.",
        remedy="Convert it to 16-bit PCM.",
        path=name,
        format=tag,
        bits=bits,
    )


def _header(size: int, rate: int, channels: int) -> bytes:
    size = min(size, _UNKNOWN_SIZE - 36)
    width = 2 * channels
    return _HEADER.pack(
        b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, _PCM, channels, rate, rate * width, width, 16, b"data", size
    )


def wav_bytes(samples: npt.ArrayLike, rate: int = RATE) -> bytes:
    """A 16-bit WAV file in memory; samples of shape ``(n,)`` or ``(n, channels)``, -1…1."""
    values = np.asarray(samples, dtype=np.float32)
    pcm = to_pcm(values)
    return _header(len(pcm), rate, 1 if values.ndim == 1 else values.shape[1]) + pcm


def write_wav(path: str | PathLike[str], samples: npt.ArrayLike, rate: int = RATE) -> None:
    """Write a 16-bit WAV file; samples of shape ``(n,)`` or ``(n, channels)``, -1…1, clipped beyond."""
    Path(path).write_bytes(wav_bytes(samples, rate))


class WavWriter:
    """Writes a 16-bit WAV file piece by piece; whatever happens, the file can be read.

    The header is made true with every second of sound, at every `flush` and at the end; a crash in between
    leaves samples behind that `read_wav` finds all the same. An existing file is gone on with
    (``append=True``) or written anew.

    Args:
        path: the file.
        rate: samples per second.
        channels: samples come interleaved.
        append: go on behind the samples that are there; they must have the same rate and channels.

    Raises:
        AudioError: the file cannot be written, or what is there does not fit.
    """

    def __init__(
        self, path: str | PathLike[str], rate: int = RATE, channels: int = 1, *, append: bool = False
    ) -> None:
        self.path = Path(path)
        self.rate = rate
        self.channels = channels
        self._size = 0
        self._flushed = 0
        try:
            if append and self.path.exists():
                self._file: BinaryIO = self.path.open("r+b")
                self._size = self._continue()
            else:
                self._file = self.path.open("wb")
                self._begin()
        except OSError as error:
            raise AudioError(
                f"{self.path} cannot be written: {error.strerror or error}.", path=str(self.path)
            ) from error

    def _begin(self) -> None:
        try:
            self._file.write(_header(0, self.rate, self.channels))
        except OSError:
            self._file.close()
            raise

    def _continue(self) -> int:
        """Find the end of the whole samples in a file of ours; how many bytes of them there are."""
        fits = _header(0, self.rate, self.channels)
        there = self._file.read(len(fits))
        if there[8:40] != fits[8:40]:
            self._file.close()
            raise AudioError(
                f"{self.path} is not a WAV of this writer ({self.channels} channels, {self.rate} Hz).",
                path=str(self.path),
            )
        end = self._file.seek(0, 2)
        width = 2 * self.channels
        size = (end - len(fits)) // width * width
        self._file.truncate(len(fits) + size)
        self._file.seek(0, 2)
        return size

    @property
    def samples(self) -> int:
        """How many samples per channel have been written."""
        return self._size // (2 * self.channels)

    @property
    def seconds(self) -> float:
        """How long the sound is so far."""
        return self.samples / self.rate

    def write(self, pcm: bytes) -> int:
        """Append PCM16; the place of its first sample.

        Raises:
            AudioError: half a sample, or the writer is closed.
        """
        if self._file.closed:
            raise AudioError(f"{self.path} is closed.", path=str(self.path))
        if len(pcm) % (2 * self.channels):
            raise AudioError(f"PCM16 needs whole samples; got {len(pcm)} bytes.", bytes=len(pcm))
        start = self.samples
        self._file.write(pcm)
        self._size += len(pcm)
        if self._size - self._flushed >= 2 * self.channels * self.rate:
            self.flush()
        return start

    def flush(self) -> None:
        """Make the header true and hand everything to the operating system."""
        if self._file.closed:
            return
        # Samples first: a header must never promise what is not there.
        self._file.flush()
        self._file.seek(0)
        self._file.write(_header(self._size, self.rate, self.channels))
        self._file.seek(0, 2)
        self._file.flush()
        self._flushed = self._size

    def close(self) -> None:
        """Flush and let go; a second time does nothing."""
        if not self._file.closed:
            try:
                self.flush()
            finally:  # on a full disk nothing is left open
                self._file.close()

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
