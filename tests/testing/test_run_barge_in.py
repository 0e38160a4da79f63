"""Calls in which the agent gives way in one way or another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from voicenb.session.speakers import Captured

CLIP = Path(__file__).parents[1] / "data" / "audio" / "austen-0930.wav"
LIDO = vn.Agent(
    name="Lido",
    greeting="Good evening, this is Lido, and thank you very much for calling. We are open every day from "
    "noon until late in the evening, and we keep a table by the window for everybody who asks in time.",
)


def hold(folder: Path, barge_in: Any, speaker: Captured | None = None) -> vn.Recording:
    caller = vn.Caller([vn.BargeIn(vn.WavFile(CLIP), after=1.5), vn.Answer()])
    return vn.run(LIDO, caller, brain=["I see."], barge_in=barge_in, speaker=speaker, recording=folder)


@pytest.mark.parametrize("barge_in", ["flush", "duck", "wait"])
def test_the_recording_says_which(tmp_path: Path, barge_in: str) -> None:
    call = hold(tmp_path / "call", barge_in)
    assert call.session["barge_in"] == barge_in
    assert call.conversation.barge_in == barge_in
    assert [stop.barge_in for stop in vn.stops(call)] == [barge_in]


def test_with_an_own_ear_a_call_is_the_same_bytes_every_time_too(tmp_path: Path) -> None:
    for name in ("one", "two"):
        hold(tmp_path / name, "duck")
    for file in ("events.jsonl", "caller.wav", "agent.wav"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file
    assert b'"ducked"' in (tmp_path / "one" / "events.jsonl").read_bytes()


def test_what_the_speaker_played_is_what_the_recording_has(tmp_path: Path) -> None:
    """Quieter for as long, to the sample."""
    speaker = Captured()
    call = hold(tmp_path / "call", "duck", speaker)
    played, kept = speaker.heard(), call.heard()
    opened = round(speaker._opened_at * 24_000)  # the speaker counts from there
    heard = kept[opened : opened + len(played)].astype(int)
    assert len(heard) == len(played)
    assert abs(heard - (played * 32768).astype(int)).max() <= 2
    (stop,) = vn.stops(call)
    assert stop.quiet is not None
    assert stop.quiet > 0.3


def test_what_there_is_not_is_refused_before_anything_begins(tmp_path: Path) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="no way to give way"):
        hold(tmp_path / "call", "whistle")
    assert not (tmp_path / "call").exists()
