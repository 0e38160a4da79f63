"""The sound of a call as the service keeps it, as the two tracks of a recording."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from voicenb.audio.pcm import to_pcm
from voicenb.audio.resample import Resampler
from voicenb.audio.wav_extent import WavMended, wav_extent
from voicenb.errors import MissingExtra, RecordingError, how_to_install
from voicenb.recording.layout import RATE

if TYPE_CHECKING:
    import soundfile

BLOCK = 1.0
"""Seconds that are read at once."""


def tracks(sound: bytes | Path) -> Iterator[tuple[bytes, bytes]]:
    """The caller's side and the agent's, a second at a time: PCM16, 24 kHz, mono each.

    Args:
        sound: a stereo file, or what it holds, left the caller, right the agent: Ogg/Opus, WAV, FLAC, …

    Raises:
        MissingExtra: soundfile is not installed.
        RecordingError: it is something else, or broken off; of a WAV that is cut off what is there is taken.
    """
    with contextlib.ExitStack() as stack:
        source: BinaryIO = io.BytesIO(sound) if isinstance(sound, bytes) else sound.open("rb")
        stack.enter_context(source)
        file = stack.enter_context(_opened(source))
        if file.channels != 2:
            plural = "s" if file.channels > 1 else ""
            raise RecordingError(
                f"The sound of this call has {file.channels} channel{plural}, not one for each side.",
                remedy="A recording has the caller on one channel and the agent on the other.",
                channels=file.channels,
            )
        sides = [Resampler(file.samplerate, RATE) for _ in range(2)]
        wanted = round(BLOCK * file.samplerate)
        while True:
            try:
                samples = file.read(wanted, dtype="float32", always_2d=True)
            except RuntimeError as error:
                raise _unreadable(error) from None
            if not len(samples):
                break
            caller, agent = (to_pcm(side.push(samples[:, n])) for n, side in enumerate(sides))
            yield caller, agent
        caller, agent = (to_pcm(side.finish()) for side in sides)
        if caller:
            yield caller, agent


def seconds_of(sound: Path) -> float:
    """How long a file is; of one that is compressed it may be a guess.

    Args:
        sound: as :func:`tracks` takes it.

    Raises:
        MissingExtra: soundfile is not installed.
        RecordingError: it is no sound.
    """
    with sound.open("rb") as source, _opened(source) as file:
        return float(file.frames / file.samplerate)


def needs_soundfile() -> None:
    """Refuse where the library that reads sound is not installed.

    Raises:
        MissingExtra: with the command that brings it.
    """
    try:
        import soundfile  # noqa: F401
    except (ImportError, OSError):
        raise MissingExtra(
            "The sound of calls is read with soundfile, which is not installed.",
            remedy=f"pip install soundfile; {how_to_install('emulator')} brings it too.",
        ) from None


def _opened(source: BinaryIO) -> soundfile.SoundFile:
    needs_soundfile()
    import soundfile

    extent = wav_extent(source)
    try:
        # The header of a WAV may tell another length than it has.
        return soundfile.SoundFile(source if extent is None else WavMended(source, extent))
    except RuntimeError as error:
        raise _unreadable(error) from None


def _unreadable(error: Exception) -> RecordingError:
    why = getattr(error, "error_string", "") or str(error)  # without the name that it gives to the file
    return RecordingError(f"The sound of this call cannot be read: {why}")
