"""How much sound a WAV file holds, whatever its header says.

A program that writes to a pipe cannot come back to say how much it wrote: its header gives no length, or 0.
One that was stopped, or a copy that broke off, has less than its header promises.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from typing import BinaryIO

STREAMED = 0x7FFF0000
"""From this size on (2 GB, less a little) a header does not tell a size: its writer did not know it."""


@dataclass(frozen=True, slots=True)
class WavExtent:
    """Where the sound of a WAV file is.

    Attributes:
        start: the place of its first byte.
        promised: how many bytes of it there are by the header.
        there: how many there are.
        rate: bytes of it in a second.
        cut: whether there are fewer than the header promises.
    """

    start: int
    promised: int
    there: int
    rate: int
    cut: bool

    @property
    def seconds(self) -> float:
        """How long what is there lasts."""
        return self.there / self.rate if self.rate else 0.0

    @property
    def promised_seconds(self) -> float:
        """How long it would last by the header."""
        return self.promised / self.rate if self.rate else 0.0


def wav_extent(file: BinaryIO) -> WavExtent | None:
    """Where a file's sound is; None where it is no WAV with sound. It stands at its beginning afterwards.

    Args:
        file: open for reading, at any place.
    """
    length = file.seek(0, os.SEEK_END)
    try:
        return _found(file, length)
    finally:
        file.seek(0)


def _found(file: BinaryIO, length: int) -> WavExtent | None:
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    at, rate = 12, 0
    while at + 8 <= length:
        file.seek(at)
        chunk = file.read(16)
        tag, size = chunk[:4], int.from_bytes(chunk[4:8], "little")
        at += 8
        if tag == b"fmt ":
            file.seek(at + 8)
            rate = int.from_bytes(file.read(4), "little")
        elif tag == b"data":
            left = length - at
            if size >= STREAMED:
                return WavExtent(at, left, left, rate, cut=False)
            if size < left and not _chunk_follows(file, at + size, length):
                return WavExtent(at, left, left, rate, cut=False)  # all that follows is sound
            return WavExtent(at, size, min(size, left), rate, cut=left < size)
        at += size + size % 2
    return None


def _chunk_follows(file: BinaryIO, end: int, length: int) -> bool:
    """Whether the file ends there or goes on with a chunk that fits."""
    end += end % 2
    if end >= length:
        return True
    file.seek(end)
    head = file.read(8)
    size = int.from_bytes(head[4:], "little")
    return len(head) == 8 and all(32 <= each < 127 for each in head[:4]) and size <= length - end - 8


class WavMended(io.RawIOBase):
    """A WAV file whose header tells how much sound there is; nothing is written to it.

    Args:
        file: it, open for reading.
        extent: of its sound.
    """

    def __init__(self, file: BinaryIO, extent: WavExtent) -> None:
        self._file = file
        size = min(extent.there, 0xFFFFFFFF - extent.start)
        whole = extent.start + size - 8
        self._words = {4: whole.to_bytes(4, "little"), extent.start - 4: size.to_bytes(4, "little")}
        self._file.seek(0)

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go somewhere else."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where it stands."""
        return self._file.tell()

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Read on, with the two sizes as they are."""
        at = self._file.tell()
        read = self._file.read(len(buffer))
        mended = bytearray(read)
        for place, word in self._words.items():
            for n, byte in enumerate(word):
                if 0 <= place + n - at < len(mended):
                    mended[place + n - at] = byte
        buffer[: len(mended)] = mended
        return len(mended)
