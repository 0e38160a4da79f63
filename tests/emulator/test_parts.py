"""The real ears and the real mouth, on the virtual clock."""

from __future__ import annotations

import re

import numpy as np
import pytest

from voicenb.audio.pcm import to_float
from voicenb.audio.processor import InPlaceProcessor
from voicenb.audio.resample import resample
from voicenb.emulator import parts
from voicenb.emulator.brain import Say
from voicenb.emulator.emulator import Emulator


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Ears and mouth that remember nothing from before."""
    monkeypatch.setenv("VOICENB_CACHE", str(tmp_path))
    parts.mouth.cache_clear()
    parts.ears.cache_clear()
    yield
    parts.mouth.cache_clear()
    parts.ears.cache_clear()


def plain(text):
    return re.findall(r"[a-z]+", text.lower())


def test_it_hears_and_speaks(stage, say, script):
    def once():
        theater = stage(brain=script([Say("There is a table for four people on Friday evening.")]))
        theater.emulator = Emulator(brain=theater.brain, processor=InPlaceProcessor())

        async def talk(client):
            await client.start(greeting="Good evening.")
            await client.until("reply.done")
            client.play(say("go-forward"))
            await client.until("reply.done")

        return theater.run(talk)

    first, second = once(), once()
    assert (first.events, first.times) == (second.events, second.times)
    assert plain(first.of("transcript.user")[0]["text"]) == ["go", "forward", "ten", "meters"]
    reply = first.of("transcript.agent")[1]
    sound = resample(to_float(first.sound(reply["reply_id"])), 24_000, 16_000)
    assert np.abs(sound).max() > 0.1
    heard = parts.ears(repeats=True).transcribe(sound)
    assert plain(heard) == plain(reply["text"])
    ends = [
        word["end_ms"] for word in first.of("transcript.agent.delta") if word["reply_id"] == reply["reply_id"]
    ]
    assert ends == sorted(ends)
    assert ends[-1] == pytest.approx(len(sound) / 16, abs=300)


def test_ears_and_mouth_are_made_once():
    assert parts.mouth(None, None, repeats=True) is parts.mouth(None, None, repeats=True)
    assert parts.mouth(None, None, repeats=True) is not parts.mouth(None, None, repeats=False)
    assert parts.ears(repeats=True) is parts.ears(repeats=True)
