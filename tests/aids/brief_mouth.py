"""A mouth for tests in which it does not matter how the agent sounds: a call is over sooner."""

from __future__ import annotations

import math

import numpy as np

from voicenb.audio.pcm import to_pcm
from voicenb.emulator.mouth import Clause, Word
from voicenb.errors import UnspeakableText

WORD = 0.12
"""Seconds that a word sounds; behind it is a third of that without sound."""


class BriefMouth:
    """A word is a short tone."""

    name = "brief"
    cost = 0.0

    def say(self, text: str, voice: str) -> Clause:
        if not any(letter.isalnum() for letter in text):
            raise UnspeakableText(f"Nothing to say in {text!r}.")
        times = np.arange(round(WORD * 24_000)) / 24_000
        word = to_pcm((0.3 * np.sin(2 * math.pi * 440 * times)).astype(np.float32)) + bytes(1920)
        words = text.split()
        step = len(word) / 48_000
        return Clause(
            text,
            word * len(words),
            tuple(Word(each, n * step, n * step + WORD) for n, each in enumerate(words)),
        )
