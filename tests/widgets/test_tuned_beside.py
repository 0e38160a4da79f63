"""The turns of a running call, decided by another setting too."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import voicenb as vn
from tests.tuning.known import LIMITS, NEAR, ONE, OTHER, KnownCall, answered, speech
from voicenb.analysis.answer import Answer
from voicenb.widgets.tuned_beside import TunedBeside


class Held:
    """A session, as far as it is asked: its recording, and what was heard in it."""

    def __init__(self, folder: Path) -> None:
        call = KnownCall(folder, 14.0, LIMITS)
        self.pause = call.says(2.0, speech(ONE))
        self.end = call.says(self.pause + 0.8, speech(OTHER))
        answered(call, "a", self.end)
        self.answer = Answer("a", self.end, self.end + 1.0, self.end + 1.4, "min_silence")
        self.session = cast(vn.Session, SimpleNamespace(recording=call.build()))
        self.changed = threading.Event()
        self.beside = TunedBeside(self.session, self.changed.set)

    def wait(self) -> dict[str, Any] | None:
        """What has been found once there is something new."""
        assert self.changed.wait(30)
        self.changed.clear()
        return self.beside.of("a")


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path / "call")


def test_a_turn_is_decided_as_soon_as_it_was_answered(held: Held) -> None:
    held.beside.choose(vn.TurnDetection(min_silence=1400))
    held.beside.answered(held.answer, 2.1)
    found = held.wait()
    assert found is not None
    assert found["pause"] is None
    assert found["delay"] == pytest.approx(1.4, abs=NEAR)


def test_another_setting_counts_for_the_last_turns_too_and_none_for_none(held: Held) -> None:
    held.beside.answered(held.answer, 2.1)
    assert held.beside.of("a") is None
    held.beside.choose(vn.TurnDetection(min_silence=500))
    found = held.wait()
    assert found is not None
    assert found["pause"] == pytest.approx(0.8, abs=2 * NEAR)  # its soft end is heard late
    assert found["delay"] == pytest.approx(held.pause + 0.5 - held.end, abs=NEAR)
    held.beside.choose(None)
    assert held.beside.of("a") is None


def test_words_count_as_they_were_known(held: Held) -> None:
    for at, kind, text in (
        (held.end - 0.1, "transcript.user.delta", "Two of"),
        (held.end + 1.5, "transcript.user", "Two of clubs."),
    ):
        held.beside.take({"n": 1, "t": at, "dir": "in", "type": kind, "msg": {"text": text}})
    held.beside.choose(vn.TurnDetection(min_silence=1100, max_silence=2400))
    held.beside.answered(held.answer, 2.1)
    found = held.wait()
    assert found is not None
    # At 1.1 s "Two of" does not look complete; the transcript does, and comes at 1.5 s.
    assert found["delay"] == pytest.approx(1.5, abs=NEAR)


def test_a_turn_of_which_nobody_told_the_beginning_is_left_out(held: Held) -> None:
    held.beside.choose(vn.TurnDetection(min_silence=500))
    held.beside.answered(held.answer, None)
    assert held.beside.of("a") is None
    assert not held.changed.is_set()
