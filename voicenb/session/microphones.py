"""Microphones without a browser: silence, a WAV file, a synthesised caller. Paced by their loop's clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from os import PathLike
from pathlib import Path
from typing import Literal

from voicenb.errors import AudioError, InvalidConfiguration
from voicenb.session.microphone import FRAME, RATE, Room
from voicenb.session.pace import Pace

LONGEST = 3600
"""Seconds that a silence may last."""


async def paced(pcm: bytes = b"", *, before: float = 0.0) -> AsyncIterator[bytes]:
    """Frames of 20 ms, each when its last sample would have been spoken.

    First ``before`` seconds of silence, then ``pcm``, then silence without end; see
    :class:`~voicenb.session.pace.Pace`.
    """
    pace = Pace()
    size = 2 * FRAME
    sound = bytes(2 * round(before * RATE)) + pcm
    sound += bytes(-len(sound) % size)
    frames = len(sound) // size
    silence = bytes(size)
    n = 0
    while True:
        await pace.next()
        yield sound[n * size : (n + 1) * size] if n < frames else silence
        n += 1


class Silence:
    """A caller who says nothing; ``Session.send_audio`` speaks over it."""

    label = "silence"

    def frames(self, room: Room) -> AsyncIterator[bytes]:
        """Zeros, at real time."""
        del room
        return paced()


class Spoken:
    """A caller who says one thing and then listens.

    Args:
        pcm: what is said, PCM16 mono at 24 kHz.
        label: what the recording calls it.
        before: seconds of silence before it.
    """

    def __init__(self, pcm: bytes, label: str, *, before: float = 0.0) -> None:
        if not isinstance(before, int | float) or not 0 <= before <= LONGEST:
            raise InvalidConfiguration(
                f"before={before!r}: a silence lasts from 0 to {LONGEST} seconds.", param="before"
            )
        self.pcm = pcm
        self.label = label
        self.before = before

    @property
    def seconds(self) -> float:
        """How long what is said takes."""
        return len(self.pcm) / 2 / RATE

    def frames(self, room: Room) -> AsyncIterator[bytes]:
        """The voice at real time, then zeros until the session ends."""
        del room
        return paced(self.pcm, before=self.before)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label!r}, {self.seconds:.1f} s>"


class WavFile(Spoken):
    """A WAV file as the caller, then silence: it does not hang up, the session lasts until it is ended.

    Any rate and width will do. To end the session when the last of it was answered, call
    ``session.wait_until_answered()`` and leave the ``with``.

    Args:
        path: the file, ``~`` for one's own folder; read now.
        before: seconds of silence before it.
        channel: of a file with several: which is the caller, from 0 on, or ``"mix"``. Not needed where they
            sound the same.
        partial: take what is there of a file that is cut off.

    Raises:
        InvalidConfiguration: ``path`` is no path, or ``before`` no time.
        AudioError: the file is missing, empty, broken, cut off or no WAV, or has channels that differ and
            ``channel`` says nothing.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        before: float = 0.0,
        channel: int | Literal["mix"] | None = None,
        partial: bool = False,
    ) -> None:
        from voicenb.audio.pcm import to_pcm
        from voicenb.audio.resample import resample
        from voicenb.audio.wav import read_wav
        from voicenb.recording.recording import as_path

        file = as_path(path, "WavFile")
        samples, rate = read_wav(file, channel=channel, partial=partial)
        super().__init__(to_pcm(resample(samples, rate, RATE)), file.name, before=before)


class Says(Spoken):
    """A synthesised caller who says ``text`` once and then listens.

    Args:
        text: the words; a file is a `WavFile`.
        voice: one of the API's voice names; a caller's voice by default.
        before: seconds of silence before it.

    Raises:
        InvalidConfiguration: ``text`` is no text, or the name of a ``.wav`` file.
        MissingExtra: no voice is installed.
        UnspeakableText: there is nothing in ``text`` that can be said.
    """

    def __init__(self, text: str, *, voice: str | None = None, before: float = 0.0) -> None:
        from voicenb.audio.speech import check_voice, synthesise

        check_voice(voice)
        super().__init__(synthesise(text, voice), f"says {text!r}", before=before)
        self.text = text

    def save(self, path: str | PathLike[str]) -> Path:
        """Write what is said as a WAV file: 24 kHz, mono, 16 bits, without the silence of ``before``.

        A `WavFile` reads it again, without a voice being installed.

        Args:
            path: the file; one that is there is replaced.

        Returns:
            The file.

        Raises:
            InvalidConfiguration: ``path`` is no path.
            AudioError: the file cannot be written.
        """
        from voicenb.audio.pcm import to_float
        from voicenb.audio.wav import write_wav
        from voicenb.recording.recording import as_path

        file = as_path(path, "save")
        try:
            write_wav(file, to_float(self.pcm), RATE)
        except OSError as error:
            raise AudioError(
                f"{file} cannot be written: {error.strerror}.",
                remedy="Name one in a folder that is there.",
            ) from error
        return file
