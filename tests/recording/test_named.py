from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from voicenb.recording.named import named
from voicenb.recording.recorder import Recorder


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    for name in ("b", "a"):
        recorder = Recorder(tmp_path / "calls" / name, about={})
        recorder.event({"n": 0, "t": 0.0, "dir": "out", "type": "session.update", "msg": {}})
        recorder.close({"t": 1.0, "reason": "ended"})
    (tmp_path / "calls" / "notes").mkdir()
    return tmp_path / "calls"


def names(found: list[Path]) -> list[str]:
    return [each.name for each in found]


def test_one_several_and_a_pattern(calls: Path) -> None:
    assert names(named(calls / "a", "it")) == ["a"]
    assert names(named(calls, "it")) == ["a", "b"]
    assert names(named(str(calls / "*"), "it")) == ["a", "b"]
    assert names(named(str(calls / "[b-z]*"), "it")) == ["b"]


def test_where_there_is_none(calls: Path) -> None:
    assert named(calls / "notes", "it") == [calls / "notes"], "opening it says what is wrong"
    with pytest.raises(vn.RecordingError, match="no recording that matches"):
        named(str(calls / "x*"), "it")


def test_what_takes_several_calls_takes_them(calls: Path) -> None:
    for given in (calls, str(calls / "*"), [calls / "a", str(calls / "b*")]):
        assert len(vn.report(given).calls) == 2
        assert vn.stops(given).calls == ["a", "b"]
    with pytest.raises(vn.RecordingError):
        vn.report(calls / "notes")
