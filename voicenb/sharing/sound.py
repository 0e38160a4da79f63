"""The sound of a call as a page carries it: both sides in stereo, compressed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np

from voicenb.errors import MissingExtra, how_to_install
from voicenb.progress import of_sound

if TYPE_CHECKING:
    import numpy.typing as npt

    from voicenb.recording.recording import Recording

Coding = Literal["opus", "flac"]

RATE = 24_000

KINDS: dict[Coding, tuple[str, str, str]] = {
    "opus": ("OGG", "OPUS", "audio/ogg; codecs=opus"),
    "flac": ("FLAC", "PCM_16", "audio/flac"),
}
"""The library's names for the container and what is in it, and the page's for both."""

BLOCK = 10 * RATE
"""Samples that are written in one piece: an hour takes no more memory than its compressed bytes."""


def coded(recording: Recording, duration: float, coding: Coding = "opus") -> bytes:
    """Both sides on the engine's clock, left the caller, right the agent as it was heard.

    libsndfile writes it, through soundfile.

    Args:
        recording: of the call.
        duration: seconds; silence follows what is shorter.
        coding: ``"opus"`` in Ogg weighs about 0.5 MB a minute, ``"flac"`` 1 to 4 MB.

    Raises:
        MissingExtra: soundfile is not installed.
    """
    try:
        import soundfile
    except (ImportError, OSError) as error:  # its library may be what is missing
        raise MissingExtra(
            "A page with the voices needs soundfile, which writes them.",
            remedy=f"{how_to_install('emulator')} brings it; or leave the voices out: include_audio=False.",
        ) from error
    container, inside, _ = KINDS[coding]
    file = io.BytesIO()
    with (
        soundfile.SoundFile(file, "w", RATE, 2, format=container, subtype=inside) as writer,
        of_sound("Compressing the voices", duration) as progress,
    ):
        for block in _blocks(recording, round(duration * RATE)):
            writer.write(block)
            progress.step(len(block) / RATE)
    return file.getvalue()


def _blocks(recording: Recording, length: int) -> Iterator[npt.NDArray[np.int16]]:
    sides = recording.lanes()
    for begin in range(0, length, BLOCK):
        stop = min(begin + BLOCK, length)
        both = np.zeros((stop - begin, 2), np.int16)
        for side, track in enumerate(sides):
            piece = track[begin : min(stop, len(track))] if begin < len(track) else both[:0, 0]
            both[: len(piece), side] = piece
        yield both
