"""What people give to a function that wants recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns
from voicenb.recording.given import one_call, some_calls, told

TURN = Turn(1, "user", "plain", 1.0, 2.0, "Hello.")


@pytest.fixture
def call(tmp_path: Path) -> vn.Recording:
    return KnownCall(tmp_path / "call", 2.0).build()


def test_a_recording_or_its_path(call: vn.Recording) -> None:
    assert one_call(call, "vn.turns") is call
    assert one_call(call.folder, "vn.turns").folder == call.folder
    assert one_call(str(call.folder), "vn.turns").folder == call.folder


def test_one_or_several(call: vn.Recording) -> None:
    assert some_calls(call, "vn.report") == [call]
    assert [each.folder for each in some_calls(str(call.folder), "vn.report")] == [call.folder]
    both = some_calls((each for each in (call, str(call.folder))), "vn.report")
    assert [each.folder for each in both] == [call.folder] * 2
    assert some_calls([], "vn.report") == []


@pytest.mark.parametrize("take", [one_call, some_calls])
def test_where_there_is_none_it_says_so_as_load_does(tmp_path: Path, take: Any) -> None:
    with pytest.raises(vn.RecordingError, match="There is nothing at"):
        take(tmp_path / "nothing", "vn.turns")


def test_several_where_one_is_wanted_are_refused(call: vn.Recording) -> None:
    with pytest.raises(
        vn.InvalidConfiguration, match="takes one recording or its path, not a list"
    ) as caught:
        one_call([call], "vn.turns")
    assert "[vn.turns(call) for call in calls]" in caught.value.remedy


class Phone:
    """Has a recording."""

    @property
    def recording(self) -> None:
        """None yet."""


@pytest.mark.parametrize("take", [one_call, some_calls])
def test_of_what_has_one_the_remedy_says_where(take: Any) -> None:
    wrong: list[tuple[Any, str, str]] = [
        (Phone(), "not a Phone", "vn.Player(phone.recording)"),
        (None, "not None", "vn.recordings()"),
        (3, "not 3", 'vn.load("calls/lido")'),
        ({"a": 1}, "not a dict", 'vn.load("calls/lido")'),
    ]
    for what, words, remedy in wrong:
        with pytest.raises(vn.InvalidConfiguration, match=words) as caught:
            take(what, "vn.Player")
        assert remedy in caught.value.remedy


def test_one_wrong_among_several(call: vn.Recording) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="takes recordings or their paths, not None"):
        some_calls([call, None], "vn.report")


def test_what_is_long_is_told_by_its_kind() -> None:
    with pytest.raises(vn.InvalidConfiguration, match="not a Turns") as caught:
        some_calls(Turns([TURN]), "vn.report")
    assert len(str(caught.value)) < 250
    assert told(TURN) == "a Turn"
    assert told("x" * 100) == "a str"
    assert told(4.5) == "4.5"
