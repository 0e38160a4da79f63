"""Tracks that are kept as FLAC: the same samples, at about half the size or less."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicenb.errors import MissingExtra, RecordingError, how_to_install
from voicenb.recording.layout import RATE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Track = npt.NDArray[np.int16]

_BLOCK = 60 * RATE
"""Samples that are compressed at once: a track of an hour is never in memory whole."""


def count(path: Path) -> int:
    """How many samples a file says that it has, without decoding it; 0 where it is no FLAC.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(26)
    if len(head) < 26 or head[:4] != b"fLaC":
        return 0
    return int.from_bytes(head[21:26]) & (1 << 36) - 1  # the last 36 bits before the checksum


def read(path: Path) -> Track:
    """The samples, int16 at 24 kHz, decoded as a whole.

    Raises:
        MissingExtra: soundfile is not installed.
        RecordingError: it is cut off, damaged, or no track of a recording.
    """
    soundfile = _soundfile(f"{path} is FLAC, which soundfile reads")
    try:
        samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    except (OSError, RuntimeError) as error:  # soundfile's own is a RuntimeError
        raise _damaged(path, str(error).rstrip(".")) from error
    if rate != RATE or samples.shape[1] != 1:
        raise _damaged(path, f"it has {samples.shape[1]} channels at {rate} Hz, and a track one at {RATE}")
    if len(samples) < count(path):
        raise _damaged(path, f"only {len(samples):,} of {count(path):,} samples are there")
    track: Track = samples[:, 0]
    track.flags.writeable = False
    return track


def write(path: Path, samples: Track) -> None:
    """Write samples, int16 at 24 kHz.

    Raises:
        MissingExtra: soundfile is not installed.
        RecordingError: the file cannot be written.
    """
    soundfile = _soundfile("FLAC is written by soundfile")
    try:
        with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16", format="FLAC") as file:
            for start in range(0, len(samples), _BLOCK):
                file.write(samples[start : start + _BLOCK])
    except (OSError, RuntimeError) as error:
        raise RecordingError(
            f"{path} cannot be written: {str(error).rstrip('.')}.",
            remedy="Choose another path.",
            path=str(path),
        ) from error


def _soundfile(what: str) -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:  # the second where its library is missing
        raise MissingExtra(
            f"{what}, and that is not installed.", remedy=f"{how_to_install('emulator')} brings it."
        ) from error
    return soundfile


def _damaged(path: Path, why: str) -> RecordingError:
    return RecordingError(
        f"{path} cannot be decoded: {why}.",
        remedy="Copy the whole folder once more. The words are there without it: recording.transcript.",
        path=str(path),
    )
