from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall
from voicenb.widgets.player_recording import recording_of


@pytest.fixture
def call(tmp_path: Path) -> vn.Recording:
    return KnownCall(tmp_path / "call", 2.0).build()


def test_a_recording_or_its_path(call: vn.Recording) -> None:
    assert recording_of(call) is call
    assert recording_of(call.folder).folder == call.folder
    assert recording_of(str(call.folder)).folder == call.folder


def test_where_there_is_none_it_says_so_as_load_does(tmp_path: Path) -> None:
    with pytest.raises(vn.RecordingError, match="There is nothing at"):
        recording_of(tmp_path / "nothing")


def test_of_what_has_one_the_remedy_says_where(agent: vn.Agent, emulator: vn.Emulator) -> None:
    wrong: list[tuple[Any, str, str]] = [
        (vn.Talk(agent, emulator), "not Talk", "vn.Player(talk.recording)"),
        (vn.Session(agent, emulator), "not Session", "vn.Player(session.recording)"),
        (None, "not None", "vn.recordings()"),
        (3, "not int", 'vn.load("calls/lido")'),
        ([], "not list", "or the path alone"),
    ]
    for what, words, remedy in wrong:
        with pytest.raises(vn.InvalidConfiguration, match=words) as caught:
            recording_of(what)
        assert remedy in caught.value.remedy
