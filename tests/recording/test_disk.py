"""A disk that has no room, or may not be written to: the error is clear, and the call goes on."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

import voicenb as vn
from voicenb.recording.recording import Recording


class Full:
    """The file system's edge: a file that takes so many bytes, then the disk is full."""

    def __init__(self, file: BinaryIO, room: int) -> None:
        self._file = file
        self._room = room

    def write(self, data: bytes) -> int:
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(data)

    def __enter__(self) -> Full:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.fixture
def filling(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """From now on a file of that name takes no more than so many bytes."""

    def fill(name: str, room: int) -> None:
        real = Path.open

        def opened(self: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
            file = real(self, mode, *rest, **more)
            return Full(file, room) if self.name == name and mode == "wb" else file  # type: ignore[arg-type]

        monkeypatch.setattr(Path, "open", opened)

    return fill


AGENT = vn.Agent(name="Lido", greeting="Lido, good evening.")
CALLER = ["Hello?", vn.Answer(), "Goodbye.", vn.Answer()]


@pytest.mark.parametrize("name", ["caller.wav", "agent.wav", "events.jsonl"])
def test_a_call_goes_on_when_the_disk_is_full(
    filling: Callable[[str, int], None], tmp_path: Path, name: str
) -> None:
    """A whole call on the virtual clock: it comes to its own end, and what was recorded until then loads."""
    filling(name, 30_000)
    call = vn.run(AGENT, CALLER, brain="rules", recording=tmp_path / "call")
    assert call.ended is not None
    assert call.ended["reason"] == "ended"
    assert "No space left on device" in call.ended["recording_error"]
    assert call.ended["t"] > 5.0  # both turns took place
    assert call.ended["t"] > call.events.t[-1]
    again = vn.load(tmp_path / "call")
    assert "the recording stopped before the call did" in repr(again)
    for track in ("caller", "agent"):
        _, _, sound = again.events.places(track)
        assert int(sound.sum(axis=1).max(initial=0)) <= len(getattr(again, track))
    vn.turns(again)


def test_one_that_is_full_from_the_beginning(filling: Callable[[str, int], None], tmp_path: Path) -> None:
    filling("caller.wav", 0)
    with pytest.raises(vn.RecordingError, match=r"No recording can be written to .*No space left on device"):
        vn.run(AGENT, CALLER, brain="rules", recording=tmp_path / "call")


def test_a_folder_that_exists(tmp_path: Path, finished: Path) -> None:
    for folder in (tmp_path, finished):
        with pytest.raises(vn.RecordingError, match=r"is not empty .*folder of its own.*Choose another path"):
            vn.run(AGENT, CALLER, brain="rules", recording=folder)
    assert Recording(finished).finished


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that refuses everybody, root too")
def test_a_folder_that_may_not_be_written_to() -> None:
    with pytest.raises(vn.RecordingError, match="No recording can be written to /proc/voicenb/call: "):
        vn.run(AGENT, CALLER, brain="rules", recording="/proc/voicenb/call")
