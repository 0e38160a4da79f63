"""Gaps in the agent's voice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.voice_gap import LEAST, voice_gaps

from .known_call import RATE, KnownCall, Sound, speech


def call(folder: Path, sound: Sound, **times: Any) -> vn.Recording:
    made = KnownCall(folder, 20.0)
    made.reply("r0", "Hello.", speech("cards-002.wav"), began=0.4, received=0.5, heard=0.6)
    made.reply("r1", "An answer.", sound, began=5.0, received=5.1, heard=5.2, **times)
    return made.build()


def test_a_silence_that_was_not_in_the_reply(tmp_path: Path) -> None:
    (gap,) = voice_gaps(call(tmp_path / "call", speech("austen-0880.wav"), gap=(1.0, 1.8)))
    assert gap.reply_id == "r1"
    assert (gap.start, gap.end) == pytest.approx((6.2, 8.0), abs=0.001)
    assert gap.length == pytest.approx(1.8, abs=0.001)


def test_of_a_part_of_a_call(tmp_path: Path) -> None:
    (gap,) = voice_gaps(call(tmp_path / "call", speech("austen-0880.wav"), gap=(1.0, 1.8))[4.0:9.0])
    assert (gap.start, gap.end) == pytest.approx((2.2, 4.0), abs=0.001)


def test_what_is_none(tmp_path: Path) -> None:
    sound, silence = speech("austen-0880.wav"), np.zeros(RATE, np.float32)
    assert voice_gaps(call(tmp_path / "whole", sound)) == ()
    assert voice_gaps(call(tmp_path / "pause", np.concatenate([sound, silence, sound]))) == (), "its own"
    assert voice_gaps(call(tmp_path / "soon", sound, gap=(1.0, LEAST / 2))) == ()
    assert voice_gaps(call(tmp_path / "before", np.concatenate([silence, sound]), gap=(0.5, 1.0))) == ()
    assert (
        voice_gaps(
            call(tmp_path / "behind", np.concatenate([sound, silence]), gap=(len(sound) / RATE + 0.1, 1.0))
        )
        == ()
    )
    assert voice_gaps(call(tmp_path / "cut", sound, cut=6.2)) == ()


def test_where_nobody_noted_what_was_heard_it_is_not_captured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = KnownCall(tmp_path / "call", 10.0)
    known.reply("r", "Hello.", speech("cards-002.wav"), began=0.4, received=0.5, heard=0.6)
    known.events = [event for event in known.events if event.fields["type"] != "heard"]
    assert voice_gaps(known.build()) is None
    assert voice_gaps(KnownCall(tmp_path / "silent", 3.0).build()) == ()
    heard = call(tmp_path / "elsewhere", speech("austen-0880.wav"), gap=(1.0, 1.8))
    monkeypatch.setattr(type(heard), "absent", {"ear": "When the caller heard the agent."})
    assert voice_gaps(heard) is None
