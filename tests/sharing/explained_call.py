"""A call of which everything is known, for the document and the page."""

from __future__ import annotations

from pathlib import Path

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech

HOSTILE = "Two cards </script><script>alert(1)</script> <b>&amp; please</b>."


def explained_call(folder: Path) -> vn.Recording:
    """A plain turn, a tool turn, an interruption, at the end a turn without answer."""
    made = KnownCall(folder, 44.0, {"min_silence": 800})
    made.service = "emulator · contract · rules"
    over = made.says(2.0, speech("cards-002.wav"))
    made.turn("one", HOSTILE, told=2.1, decided=over + 0.85, transcribed=over + 0.9)
    sound = speech("austen-0880.wav")
    for n, word in enumerate(("An", "answer.")):
        times = {"start_ms": 400 * n, "end_ms": 400 * n + 300}
        made.put(over + 1.0, "in", "transcript.agent.delta", reply_id="r1", delta=f"{word} ", **times)
    made.reply("r1", "An answer.", sound, began=over + 0.9, received=over + 1.0, heard=over + 1.1)
    over = made.says(12.0, speech("cards-004.wav"))
    made.turn("two", "A tool, please.", told=12.1, decided=over + 0.9, transcribed=over + 0.9)
    made.reply(
        "r2",
        "Let me look.",
        speech("cards-001.wav"),
        began=over + 0.95,
        received=over + 1.0,
        heard=over + 1.1,
        calls=(("c1", over + 1.02, over + 3.5),),
    )
    cut = over + 6.5
    sound = speech("austen-0890.wav")
    text = "It is there, and there is another one beside it."
    made.put(over + 3.7, "in", "transcript.agent.delta", reply_id="r3", delta=text)
    made.reply("r3", text, sound, began=over + 3.6, received=over + 3.7, heard=over + 3.8, cut=cut)
    over = made.says(cut - 0.6, speech("cards-005.wav"))
    made.turn("three", "Stop.", told=cut - 0.05, decided=over + 0.9, transcribed=over + 0.9)
    return made.build()
