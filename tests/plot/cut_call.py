"""A call with turns that were cut off, and what is written on a picture of it."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech

SETTINGS = {"vad_threshold": 0.6, "min_silence": 600, "max_silence": 3000}


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text().strip() for text in ax.texts]


def cut(folder: Path, settings: dict[str, float] | None) -> vn.Recording:
    """A turn that was cut off in a pause and resumed as the same item, one as another, and a long silence."""
    made = KnownCall(folder, 34.0, settings)
    made.service = "emulator · built"  # which tells of its decisions when they fall
    over = made.says(1.0, speech("cards-001.wav"))
    made.turn("one", "I would like", told=1.1, decided=over + 0.63, transcribed=over + 0.63)
    again = over + 1.0
    over = made.says(again, speech("cards-002.wav"))
    made.turn("one", "I would like two.", told=again + 0.1, decided=over + 0.65, transcribed=over + 0.66)
    sound = speech("cards-003.wav")
    made.reply("r1", "Yes.", sound, began=over + 0.7, received=over + 0.75, heard=over + 0.9)
    over = made.says(15.0, speech("cards-004.wav"))
    made.turn("two", "And then", told=15.1, decided=over + 0.64, transcribed=over + 0.65)
    again = over + 1.3
    over = made.says(again, speech("cards-002.wav"))
    made.turn("three", "more.", told=again + 0.1, decided=over + 3.02, transcribed=over + 3.02)
    made.reply("r2", "Fine.", sound, began=over + 3.05, received=over + 3.1, heard=over + 3.2)
    return made.build()
