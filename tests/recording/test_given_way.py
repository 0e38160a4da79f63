"""A recording tells of as many interruptions as its turns have, before anyone has listened to it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn

sys.path.insert(0, str(Path(__file__).parents[1]))
from analysis.known_call import RATE, KnownCall, speech

SECONDS = len(speech("cards-002.wav")) / RATE

CUTS = {  # leading silence, where the caller begins and the reply is cut off, behind its first sample heard
    "over its voice": (0.0, 0.7, 1.0, 1),
    "in its leading silence": (2.0, 1.4, 1.8, 0),
    "where it had been heard out": (0.0, SECONDS + 0.6, SECONDS + 1.1, 0),
}


@pytest.mark.parametrize("told_before", [True, False], ids=["before its turns are known", "after"])
@pytest.mark.parametrize("cut", CUTS)
def test_interruptions_are_those_of_the_turns(tmp_path: Path, cut: str, told_before: bool) -> None:
    leading, onset, stop, count = CUTS[cut]
    call = KnownCall(tmp_path / "call", 14.0)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("i0", "A table.", told=1.1, decided=over + 0.6, transcribed=over + 0.62)
    sound = np.concatenate([np.zeros(round(leading * RATE), np.float32), speech("cards-002.wav")])
    heard = over + 0.8
    silent = min(heard + stop, heard + len(sound) / RATE)
    call.reply("r1", "Free at seven.", sound, began=over + 0.7, received=over + 0.75, heard=heard, cut=silent)
    for event in call.events:  # the service tells of it when it hears the caller
        if event.fields["type"] in ("transcript.agent", "reply.done") and event.t == silent:
            event.t = event.fields["t"] = round(heard + stop, 6)
    end = call.says(heard + onset, speech("cards-002.wav"))
    call.turn("i1", "No, Monday.", told=heard + stop, decided=end + 0.6, transcribed=end + 0.62)
    call.reply("r2", "Yes.", speech("cards-001.wav"), began=end + 0.7, received=end + 0.75, heard=end + 0.8)
    recording = call.build()
    if not told_before:
        vn.turns(recording)
    told = "1 interruption" if count else "2 replies · ended"
    assert told in repr(recording).splitlines()[2]
    assert sum(bool(turn.interrupted) for turn in vn.turns(recording).agent) == count
    assert ("<s " in recording._repr_html_()) is (cut == "in its leading silence")


def test_of_a_call_without_cuts_no_sound_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call = KnownCall(tmp_path / "call", 4.0)
    call.reply("r1", "Good day.", speech("cards-001.wav"), began=0.2, received=0.3, heard=0.4)
    recording = call.build()
    monkeypatch.setattr(type(recording), "agent", property(lambda _: pytest.fail("it was read")))
    assert "1 reply" in repr(recording)
