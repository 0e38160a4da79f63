"""Synthetic speech for callers.

A plug: who wants words as sound asks here, and the voices of the ``emulator`` extra are found by name when
they are installed. Nothing here depends on them, and another voice can be put in with :func:`use`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol

from voicenb.errors import InvalidConfiguration, MissingExtra, UnspeakableText, how_to_install
from voicenb.names import did_you_mean, warn
from voicenb.voices import VOICES

PLUG = "voicenb.emulator.parts"
"""The module whose ``mouth(None, None, repeats=True)`` gives the emulator's voices, remembered on disk."""

CALLER = "james"
"""The API's voice name that a caller speaks with when none is named: a man's, other than most agents',
and one that the ears understand well."""

_ENDS = tuple(".!?…,;:-\u2013\u2014\u3002\uff01\uff1f")
"""Marks after which a voice pauses by itself."""

_CLOSING = "\"'\u2019\u201d\u00bb)]"
"""What may stand behind such a mark."""


class Spoken(Protocol):
    """A stretch of speech."""

    @property
    def pcm(self) -> bytes:
        """PCM16 mono at 24 kHz."""
        ...


class Speech(Protocol):
    """Makes speech of text."""

    def say(self, text: str, voice: str) -> Spoken:
        """``text`` in one of the API's voices.

        Raises:
            UnspeakableText: there is nothing in ``text`` that can be said.
        """
        ...


_chosen: list[Speech] = []


def use(speech: Speech | None) -> None:
    """Let callers speak with another voice than the emulator's; None goes back to it."""
    _chosen[:] = [] if speech is None else [speech]


def speech() -> Speech:
    """What callers speak with.

    Raises:
        MissingExtra: no voice is installed.
    """
    return _chosen[0] if _chosen else _from_emulator()


@lru_cache(maxsize=1)
def _from_emulator() -> Speech:
    try:
        module: Any = import_module(PLUG)
        mouth: Speech = module.mouth(None, None, repeats=True)
    except ModuleNotFoundError as missing:
        raise MissingExtra(
            f"A synthesised caller needs a voice; {missing.name} is not installed.",
            remedy=f"{how_to_install('emulator')} brings one; a WavFile needs none.",
        ) from None
    return mouth


@lru_cache(maxsize=128)
def _said(text: str, voice: str) -> bytes:
    return speech().say(text, voice).pcm


def check_text(text: str) -> None:
    """See to it that ``text`` is words and not the name of a sound file, which would be read aloud.

    Raises:
        InvalidConfiguration: it is no text, or ends in ``.wav``.
        UnspeakableText: there is half a character in it.
    """
    if not isinstance(text, str):
        raise InvalidConfiguration(f"Words to say are text, not {text!r}.", param="text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnspeakableText(
            f"There is half a character in {text!r}, which nobody can say.",
            remedy="Decode bytes with errors='replace'.",
        ) from None
    if text.strip().lower().endswith(".wav"):
        raise InvalidConfiguration(
            f"A string is words to say, and {text!r} is the name of a file.",
            remedy=f"Write vn.WavFile({text!r}), or pathlib.Path({text!r}) in a script.",
        )


def check_voice(voice: str | None) -> None:
    """Warn, at the line that called voicenb, of a voice name that the service is not known to have.

    Raises:
        InvalidConfiguration: it is no text.
    """
    if voice is None or voice in VOICES:
        return
    if not isinstance(voice, str):
        raise InvalidConfiguration(f"voice must be text, not {voice!r}.", param="voice")
    meant = did_you_mean(voice, VOICES)
    warn(f"voicenb knows of no voice {voice!r}. {meant}vn.VOICES lists those of the service.")


def ended(text: str) -> str:
    """``text`` with a full stop where it has no end: without one a voice lets a short answer hang in the air.

    Recognisers take such a word for the beginning of another.
    """
    words = text.rstrip()
    bare = words.rstrip(_CLOSING)
    return text if not any(map(str.isalnum, bare)) or bare.endswith(_ENDS) else f"{words}."


def synthesise(text: str, voice: str | None = None, *, goes_on: bool = False) -> bytes:
    """``text`` as PCM16 mono at 24 kHz; the same bytes every time.

    Words that end without a mark are said as if a full stop stood there.

    Args:
        text: the words.
        voice: one of the API's voice names; :data:`CALLER` by default.
        goes_on: more of the same sentence is said behind it: no full stop then.

    Raises:
        InvalidConfiguration: ``text`` is no text, or the name of a ``.wav`` file.
        MissingExtra: no voice is installed.
        UnspeakableText: there is nothing in ``text`` that can be said.
    """
    check_text(text)
    name = voice or CALLER
    try:
        return _pcm(text if goes_on else ended(text), name)
    except UnspeakableText:
        return _pcm(text, name)  # cannot be said either, and the error is of the words as they were given


def _pcm(text: str, voice: str) -> bytes:
    return speech().say(text, voice).pcm if _chosen else _said(text, voice)
