from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration
from voicenb.session.devices import check_devices
from voicenb.session.microphones import Silence
from voicenb.session.speakers import Captured


def test_devices_and_nothing_pass() -> None:
    check_devices(None, None)
    check_devices(Silence(), Captured())
    check_devices(vn.Caller(["Hello."]), None)


@pytest.mark.parametrize(
    ("microphone", "words"),
    [
        ("x.wav", r"'x.wav' is no microphone. Pass vn.WavFile\('x.wav'\)"),
        (
            "hello",
            r"'hello' is no microphone. Pass vn.Says\('hello'\) to have it said, vn.WavFile\('hello'\) if",
        ),
        (Path("x.wav"), r"Pass vn.WavFile\('x.wav'\)"),
        (b"", "type bytes is no microphone. Pass vn.WavFile"),
        (vn.WavFile, "The class WavFile is no microphone"),
        (5, "type int is no microphone"),
    ],
)
def test_what_is_no_microphone(microphone: Any, words: str) -> None:
    with pytest.raises(InvalidConfiguration, match=words) as caught:
        vn.Session(vn.Agent(), "ws://127.0.0.1:9", microphone=microphone)
    assert caught.value.facts["param"] == "microphone"
    talk = vn.Talk(vn.Agent(), "ws://127.0.0.1:9")
    with pytest.raises(InvalidConfiguration, match=words):
        talk.start(microphone)
    assert talk.state == "idle"


@pytest.mark.parametrize("speaker", ["speaker", Captured, 5])
def test_what_is_no_speaker(speaker: Any) -> None:
    with pytest.raises(InvalidConfiguration, match=r"is no speaker\. Leave speaker= out"):
        vn.Session(vn.Agent(), "ws://127.0.0.1:9", speaker=speaker)


def test_changes_are_a_dict() -> None:
    changes: Any = "q"
    with pytest.raises(InvalidConfiguration, match="changes must be a dict, not str"):
        vn.Session(vn.Agent(), changes=changes)


def test_a_speaker_that_cannot_be_made_quieter() -> None:
    class Plain:
        label = "plain"
        open = play = done = flush = close = lambda self, *_: None

    vn.Session(vn.Agent(), "ws://127.0.0.1:9", speaker=Plain(), barge_in="wait")  # type: ignore[arg-type]
    with pytest.raises(InvalidConfiguration, match=r"cannot be made quieter. Give it a method duck\(gain\)"):
        vn.Session(vn.Agent(), "ws://127.0.0.1:9", speaker=Plain(), barge_in="duck")  # type: ignore[arg-type]
    with pytest.raises(InvalidConfiguration, match="cannot be made quieter"):
        vn.run(vn.Agent(), [], speaker=Plain(), barge_in="duck")  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [vn.Session, vn.Talk])
def test_no_such_way_to_give_way(make: Any) -> None:
    with pytest.raises(InvalidConfiguration, match="no way to give way to the caller"):
        make(vn.Agent(), "ws://127.0.0.1:9", barge_in="whistle")
