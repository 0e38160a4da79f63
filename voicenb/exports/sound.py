"""Both sides as sound, or one of them: WAV and FLAC."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING, Literal

from voicenb.errors import MissingExtra, how_to_install

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from voicenb.recording.recording import Recording

Side = Literal["both", "caller", "agent"]


def track(recording: Recording, side: Side) -> npt.NDArray[np.int16]:
    """Samples on the engine's clock: int16 at 24 kHz, ``(n, 2)``, the caller left, or ``(n,)`` of one side.

    The agent is there as it was heard.
    """
    if side == "both":
        return recording.stereo()
    return recording.said() if side == "caller" else recording.heard()


def wav(recording: Recording, side: Side = "both") -> bytes:
    """PCM16 at 24 kHz."""
    samples = track(recording, side)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(samples.ndim)
        writer.setsampwidth(2)
        writer.setframerate(recording.rate)
        writer.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def flac(recording: Recording, side: Side = "both") -> bytes:
    """The same, compressed without loss.

    Raises:
        MissingExtra: soundfile is not installed.
    """
    try:
        import soundfile
    except ModuleNotFoundError as error:
        remedy = f"{how_to_install('emulator')} brings it."
        raise MissingExtra("FLAC needs soundfile.", remedy=remedy) from error
    file = io.BytesIO()
    soundfile.write(file, track(recording, side), recording.rate, format="FLAC", subtype="PCM_16")
    return file.getvalue()
