"""Synthetic speech for callers.

A plug: who wants words as sound asks here, and the voices of the ``emulator`` extra are found by name when
they are installed. Nothing here depends on them, and another voice can be put in with :func:`use`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol

from voicenb.errors import InvalidConfiguration, MissingExtra

PLUG = "voicenb.emulator.parts"
"""The module whose ``mouth(None, None, repeats=True)`` gives the emulator's voices, remembered on disk."""

CALLER = "michael"
"""The API's voice name that a caller speaks with when none is named: a man's, other than most agents'."""


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
            remedy='pip install "voicenb[emulator]" brings one; a WavFile needs none.',
        ) from None
    return mouth


@lru_cache(maxsize=128)
def _said(text: str, voice: str) -> bytes:
    return speech().say(text, voice).pcm


def check_text(text: str) -> None:
    """See to it that ``text`` is words and not the name of a sound file, which would be read aloud.

    Raises:
        InvalidConfiguration: it ends in ``.wav``.
    """
    if text.strip().lower().endswith(".wav"):
        raise InvalidConfiguration(
            f"A string is words to say, and {text!r} is the name of a file.",
            remedy=f"Write vn.WavFile({text!r}), or pathlib.Path({text!r}) in a script.",
        )


def synthesise(text: str, voice: str | None = None) -> bytes:
    """``text`` as PCM16 mono at 24 kHz; the same bytes every time.

    Args:
        text: the words.
        voice: one of the API's voice names; :data:`CALLER` by default.

    Raises:
        InvalidConfiguration: ``text`` is the name of a ``.wav`` file.
        MissingExtra: no voice is installed.
        UnspeakableText: there is nothing in ``text`` that can be said.
    """
    check_text(text)
    name = voice or CALLER
    return speech().say(text, name).pcm if _chosen else _said(text, name)
