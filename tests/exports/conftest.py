"""Lines and a call to export."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import voicenb as vn
from voicenb.exports.spoken_line import SpokenLine

sys.path.insert(0, str(Path(__file__).parents[2]))

LINES = [
    SpokenLine("agent", 0.5, 1.75, "Hello & welcome."),
    SpokenLine("caller", 2.0, 3.5, 'Say "hi" <now>.'),
    SpokenLine("agent", 3.25, 4.0, "Über Größe"),
    SpokenLine("caller", 3661.5, 3662.0, "Late."),
]


@pytest.fixture(scope="session")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """A plain turn, a tool turn."""
    from tests.analysis.known_call import KnownCall, speech

    made = KnownCall(tmp_path_factory.mktemp("exports") / "call", 30.0, {"min_silence": 800})
    over = made.says(2.0, speech("cards-002.wav"))
    made.turn("one", 'Two "cards", please.', told=2.1, decided=over + 0.85, transcribed=over + 0.9)
    sound = speech("austen-0880.wav")
    made.reply("r1", "An answer.", sound, began=over + 0.9, received=over + 1.0, heard=over + 1.1)
    over = made.says(12.0, speech("cards-004.wav"))
    made.turn("two", "A tool, please.", told=12.1, decided=over + 0.9, transcribed=over + 0.9)
    calls = (("c1", over + 1.02, over + 2.5),)
    sound = speech("cards-001.wav")
    made.reply("r2", "Yes.", sound, began=over + 0.95, received=over + 1.0, heard=over + 1.1, calls=calls)
    return made.build()
