"""eSpeak NG: a small mouth, robotic and quick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicenb.audio.pcm import to_pcm
from voicenb.audio.resample import resample
from voicenb.emulator.mouth import Clause, Word
from voicenb.emulator.voices.espeakng import installed, synthesise
from voicenb.emulator.voices.names import Speaker, speaker
from voicenb.emulator.voices.normalise import Spoken, normalise
from voicenb.emulator.voices.tone import toned
from voicenb.emulator.voices.wordtimes import without_pauses
from voicenb.errors import MissingExtra, UnspeakableText, how_to_install

if TYPE_CHECKING:
    from voicenb.emulator.voices.espeakng import WordEvent

RATE = 24_000

_LEAD, _TRAIL = 0.01, 0.12
"""Seconds of silence kept before and after a clause."""

_AUDIBLE = 0.004
"""Amplitude from which there is a voice (-48 dBFS)."""

_PAUSE = 0.02
"""Amplitude below which a word has died away."""


class Espeak:
    """The mouth. Callers on several threads take turns.

    Args:
        quiet: the same words are the same bytes every time, for 5 ms more.

    Raises:
        MissingExtra: the library is not installed.
    """

    name = "espeak"
    cost = 0.005

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        if not installed():
            raise MissingExtra(
                "eSpeak NG is not installed.",
                remedy=f"{how_to_install('emulator')} brings it.",
                package="espeakng-loader",
            )

    @property
    def variant(self) -> str:
        """What, beyond text and voice, the sound depends on: for caches."""
        return "quiet" if self._quiet else "lively"

    def warm(self) -> None:
        """Load the library."""
        self.say("Yes.", "")

    def say(self, text: str, voice: str) -> Clause:
        """One clause; see :class:`voicenb.emulator.mouth.Mouth`."""
        spoken = normalise(text)
        how = speaker(voice)
        sentence = " ".join(piece.said for piece in spoken if piece.said)
        sound, rate, events = synthesise(
            sentence, _variant(how), pace=how.pace, pitch=_pitch(how), anew=self._quiet
        )
        sound = toned(sound, how.tone, rate)
        loud = np.flatnonzero(np.abs(sound) > _AUDIBLE)
        if not len(loud):
            raise UnspeakableText(f"The voice finds nothing to say in {text[:80]!r}.", text=text)
        first = max(0, int(loud[0]) - int(_LEAD * rate))
        last = int(loud[-1])
        samples = np.clip(resample(sound[first : last + int(_TRAIL * rate)], rate, RATE), -1.0, 1.0)
        words = _words(spoken, events, first, last, rate)
        return Clause(text, to_pcm(samples), without_pauses(words, samples, RATE, _PAUSE))


def _variant(how: Speaker) -> str:
    return f"{'en-gb' if how.british else 'en-us'}+{'f3' if how.feminine else 'm3'}"


def _pitch(how: Speaker) -> int:
    """The library's 0…100 for a factor on pitch; its own voices are 50."""
    middle = 1.33 if how.feminine else 1.0
    return int(min(90, max(10, 50 + 120 * (how.pitch - middle))))


def _words(
    spoken: list[Spoken], events: list[WordEvent], first: int, last: int, rate: int
) -> tuple[Word, ...]:
    """The written words' places: each begins with the first event inside what is said for it."""
    starts: list[int | None] = []
    at = 0
    for piece in spoken:
        stop = at + len(piece.said)
        inside = [event.sample for event in events if at <= event.at < stop] if piece.said else []
        starts.append(min(inside) if inside else None)
        at = stop + 1 if piece.said else at
    words = []
    following = last
    for piece, start in reversed(list(zip(spoken, starts, strict=True))):
        begin = following if start is None else min(start, following)
        words.append(
            Word(
                piece.word, round(max(0, begin - first) / rate, 4), round(max(0, following - first) / rate, 4)
            )
        )
        following = begin
    return tuple(reversed(words))
