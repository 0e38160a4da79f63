"""The sounds of a script, and where in them a voice is audible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voicenb.session.microphone import RATE
from voicenb.session.microphones import Spoken, WavFile
from voicenb.testing.moves import BackChannel, BargeIn, Cough, Move, Part, Pause, Say


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound.

    Attributes:
        text: what is said, or the file's name; empty for a pause.
        pcm: PCM16 mono at 24 kHz.
        onset: the first audible sample.
        stop: one past the last.
    """

    text: str
    pcm: bytes
    onset: int
    stop: int

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return len(self.pcm) // 2

    @property
    def voiced(self) -> bool:
        """Whether anything is audible in it."""
        return self.stop > self.onset


def clips_of(move: Move, voice: str | None) -> list[Clip]:
    """The sounds of a move; none where nothing is heard of the caller in it.

    Raises:
        AudioError: a file that cannot be read.
        UnspeakableText: a text that cannot be said.
        MissingExtra: no voice is installed.
    """
    match move:
        case Say() | BargeIn() | BackChannel():
            return clips(move.parts, move.voice or voice)
        case Cough(seed=seed):
            from voicenb.audio.cough import cough
            from voicenb.audio.pcm import to_pcm

            return [_bounded("(cough)", to_pcm(cough(seed, RATE)))]
        case _:
            return []


def clips(parts: Sequence[Part], voice: str | None) -> list[Clip]:
    """The sounds of something said.

    Raises:
        AudioError: a file that cannot be read.
        UnspeakableText: a text that cannot be said.
        MissingExtra: no voice is installed.
    """
    last = max((at for at, part in enumerate(parts) if not isinstance(part, Pause)), default=0)
    return [_clip(part, voice, goes_on=at < last) for at, part in enumerate(parts)]


def _clip(part: Part, voice: str | None, *, goes_on: bool = False) -> Clip:
    match part:
        case Pause(seconds=seconds):
            return Clip("", bytes(2 * round(seconds * RATE)), 0, 0)
        case str():
            from voicenb.audio.speech import synthesise

            return _bounded(part, synthesise(part, voice, goes_on=goes_on))
        case Path():
            return _clip(WavFile(part), voice)
        case Spoken():
            return _bounded(part.label, bytes(2 * round(part.before * RATE)) + part.pcm)


def _bounded(text: str, pcm: bytes) -> Clip:
    from voicenb.audio.level import first_audible, last_audible
    from voicenb.audio.pcm import to_float

    samples = to_float(pcm)
    first, last = first_audible(samples, RATE), last_audible(samples, RATE)
    return Clip(text, pcm, first or 0, last or 0)
