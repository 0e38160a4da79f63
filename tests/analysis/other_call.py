"""A call of which everything is known, for the definitions of other tools."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import voicenb as vn

from .known_call import RATE, KnownCall, speech

FRAME = 0.032
HANGING = 0.1
"""Seconds that a detector's last frame may lie behind the end that was set by hand."""

SENT = (1.1, 1.0, 1.1)
"""Seconds from the end of each turn to the first audio sent of a reply; a tool turn: an announcement."""


def other_call(folder: Path) -> vn.Recording:
    """A greeting, a plain turn, a tool turn with an announcement, an interruption, a sound nobody took."""
    made = KnownCall(folder, 42.0, {"min_silence": 800})
    leading = np.zeros(RATE // 4, np.float32)
    hello = speech("cards-001.wav")
    made.reply("greeting", "Hello.", hello, began=0.1, received=0.2, heard=0.3)
    over = made.says(4.0, speech("cards-002.wav"))
    made.turn("one", "Two cards.", told=4.2, decided=over + 0.85, transcribed=over + 0.9)
    answer = np.concatenate([leading, speech("austen-0880.wav")])
    made.reply("r1", "Yes.", answer, began=over + 0.95, received=over + 1.1, heard=over + 1.25)
    over = made.says(14.0, speech("cards-004.wav"))
    made.turn("two", "A tool.", told=14.1, decided=over + 0.9, transcribed=over + 0.9)
    calls = (("c1", over + 1.02, over + 3.5),)
    made.reply("r2", "Wait.", hello, began=over + 0.95, received=over + 1.0, heard=over + 1.1, calls=calls)
    begin = over + 3.8 + 2.0
    found = speech("austen-0890.wav")
    cut = begin + 0.62
    made.reply("r3", "There.", found, began=over + 3.6, received=over + 3.7, heard=over + 3.8, cut=cut)
    over = made.says(begin, speech("cards-005.wav"))
    made.turn("three", "Stop.", told=begin + 0.55, decided=over + 0.9, transcribed=over + 1.0)
    made.reply("r4", "Yes?", hello, began=over + 1.0, received=over + 1.1, heard=over + 1.2)
    return made.build()
