"""A call is read on a thread of its own: its sound at once, a sketch of a long one, then all of it."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voicenb as vn
from tests.analysis.known_call import RATE, KnownCall, speech
from voicenb.recording.recorder import Recorder
from voicenb.widgets import player_reading
from voicenb.widgets.player_reading import Read, Reading


@pytest.fixture
def call(tmp_path: Path) -> vn.Recording:
    made = KnownCall(tmp_path / "call", 6.0)
    over = made.says(1.0, speech("cards-002.wav"))
    made.turn("one", "Two cards, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    return made.build()


class Watched:
    """A reading, what was known each time that there was more, and what it gave in the end."""

    def __init__(self, recording: vn.Recording) -> None:
        self.steps: list[Read] = []
        self.threads: set[threading.Thread] = set()
        self.given: list[tuple[vn.Recording, dict[str, Any]]] = []
        self.reading = Reading(recording, self._changed)

    def _changed(self) -> None:
        self.threads.add(threading.current_thread())
        self.steps.append(self.reading.now)

    def read(self) -> Read:
        """Read it to the end."""
        self.reading.read(lambda *given: self.given.append(given))
        assert self.reading.done.wait(60)
        return self.reading.now


def test_what_is_known_goes_as_a_whole() -> None:
    nothing = Read(error={"message": "gone"})
    sides: Any = object()
    heard = nothing.heard(sides)
    assert (heard.sides, heard.sound, heard.error) == (sides, 1, None), "with sound all is well again"
    shown = heard.shown({"title": "Lido"}, measured=False)
    assert (shown.version, shown.measured, shown.sound) == (1, False, 1)
    assert shown.shown({}, measured=True).version == 2
    assert shown.heard(sides).document == {"title": "Lido"}, "shown until there is another"
    assert (nothing.sound, heard.version) == (0, 0), "what somebody holds does not change"


def test_a_call_is_read_once_and_given_when_all_is_done(call: vn.Recording) -> None:
    watched = Watched(call)
    assert watched.reading.now == Read()
    now = watched.read()
    assert (now.sound, now.version, now.measured, now.error) == (1, 1, True, None)
    assert now.sides is not None
    assert now.sides.duration == call.duration
    assert watched.given == [(call, now.document)]
    assert threading.main_thread() not in watched.threads
    assert [step.version for step in watched.steps] == [1, 1], "told once, and that it is over"


@pytest.mark.parametrize(("long", "steps"), [(5.9, [(1, False), (2, True)]), (6.0, [(1, True)])])
def test_of_a_long_call_there_is_a_sketch_first(
    call: vn.Recording, monkeypatch: pytest.MonkeyPatch, long: float, steps: list[tuple[int, bool]]
) -> None:
    monkeypatch.setattr(player_reading, "LONG", long)
    watched = Watched(call)
    watched.read()
    assert [(step.version, step.measured) for step in watched.steps[:-1]] == steps


def test_a_recording_that_is_gone_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "call"
    recorder = Recorder(folder, about={"agent": {"name": "Lido"}})
    recorder.caller(np.zeros(RATE, "<i2").tobytes())
    recorder.flush()
    running = vn.Recording(folder)
    assert not running.finished
    recorder.close({"t": 1.0, "reason": "ended"})
    shutil.rmtree(folder)
    watched = Watched(running)
    now = watched.read()
    assert now.error is not None
    assert "There is nothing at" in now.error["message"]
    assert (now.document, now.sides, watched.given) == (None, None, [])


def test_what_cannot_be_measured_can_be_heard_and_read(
    call: vn.Recording, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: vn.Recording) -> dict[str, Any]:
        raise ZeroDivisionError("of nothing")

    monkeypatch.setattr(player_reading, "document", fails)
    watched = Watched(call)
    now = watched.read()
    assert now.error == {
        "message": "The recording cannot be read: ZeroDivisionError: of nothing.",
        "remedy": "The kernel's log says more.",
    }
    assert "could not be read" in caplog.text
    assert now.sides is not None
    assert now.document is not None
    assert now.measured is False
    assert watched.given == []
    monkeypatch.undo()
    again = watched.read()
    assert (again.error, again.measured) == (None, True)


def test_a_finished_call_is_taken_as_it_is_and_read_anew_only_when_asked_again(call: vn.Recording) -> None:
    watched = Watched(call)
    watched.read()
    watched.read()
    (first, _), (second, _) = watched.given
    assert first is call
    assert second is not call
    assert second.folder == call.folder
    assert watched.reading.now.sound == 2


def test_a_part_is_read_anew_as_the_same_part(call: vn.Recording) -> None:
    part = call[0.5:4.0]
    watched = Watched(part)
    watched.read()
    watched.read()
    (first, _), (second, _) = watched.given
    assert first is part
    assert second is not part
    np.testing.assert_array_equal(second.caller, part.caller)
    assert second.name == part.name
