"""What was played, and what was received and never played."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voicenb.recording.played import Played, Unplayed
from voicenb.recording.recording import Recording

from .conftest import tone


def test_what_was_played_stands_where_it_was_heard(finished: Path) -> None:
    (played,) = Recording(finished).played()
    assert played == Played("r1", 0, 1200, 2.5, 0.0, flushed=2.6)
    assert (played.seconds, played.end) == pytest.approx((0.05, 2.55))


def test_what_was_cut_off_stays_apart(finished: Path) -> None:
    (left,) = Recording(finished).unplayed()
    assert left == Unplayed("r1", 1200, 2400, "flushed")
    assert left.seconds == pytest.approx(0.05)


@pytest.fixture
def replies(call: Any) -> Any:
    """Three replies: one heard with a gap, one that got lost in part, one that nobody had time to hear."""
    call.opens()
    for number, reply in enumerate(("r1", "r2", "r3")):
        at = 1.0 + 5 * number
        call.put(at, "in", "reply.started", {"reply_id": reply})
        call.answers(at + 0.1, reply, tone(24_000, number))
        call.put(at + 0.2, "in", "transcript.agent", {"reply_id": reply, "text": "Some words."})
        call.put(at + 0.2, "in", "reply.done", {"reply_id": reply, "status": "completed"})
        if reply == "r1":
            for start in range(0, 12_000, 1200):
                call.heard(1.5 + start / 24_000 + 0.0004 * (start % 2400 > 0), reply, start, start + 1200)
            call.heard(2.7, reply, 12_000, 24_000)  # the page ran out of sound for 0.7 s
        if reply == "r2":
            call.local(6.3, "unheard", {"reply_id": reply, "from": 0, "to": 8000, "t": 6.3})
            call.heard(6.5, reply, 8000, 24_000)
    return call


def test_pauses_part_and_seams_do_not(replies: Any) -> None:
    played = [each for each in Recording(replies.recorder.folder).played() if each.reply_id == "r1"]
    assert [(each.first, each.last, each.start) for each in played] == [
        (0, 12_000, 1.5),
        (12_000, 24_000, 2.7),
    ]
    assert [each.flushed for each in played] == [None, None]
    replies.recorder.close({"t": 12.0})


def test_why_it_was_not_played(replies: Any) -> None:
    running = Recording(replies.recorder.folder)
    assert running.unplayed() == [Unplayed("r2", 0, 8000, "lost"), Unplayed("r3", 0, 24_000, "not yet")]
    replies.put(12.0, "in", "session.ended", {"session_duration_seconds": 12.0})
    replies.recorder.close({"t": 12.0, "reason": "ended"})
    assert [each.why for each in running.unplayed()] == ["lost", "not yet"]


def test_played_and_unplayed_are_all_that_was_received(replies: Any) -> None:
    replies.recorder.close({"t": 12.0, "reason": "ended"})
    call = Recording(replies.recorder.folder)
    for reply in call.conversation.replies.values():
        parts = [
            (each.first, each.last)
            for each in (*call.played(), *call.unplayed())
            if each.reply_id == reply.reply_id
        ]
        covered = np.zeros(reply.samples, int)
        for first, last in parts:
            covered[first:last] += 1
        assert (covered == 1).all()


def test_where_nobody_noted_what_was_heard_nobody_knows(call: Any) -> None:
    call.opens()
    call.put(1.0, "in", "reply.started", {"reply_id": "r1"})
    call.answers(1.1, "r1", tone(2400))
    call.recorder.close({"t": 2.0, "reason": "ended"})
    recording = Recording(call.recorder.folder)
    assert (recording.played(), recording.unplayed()) == ([], [])


def test_a_note_that_says_nothing_is_left_out(call: Any) -> None:
    call.opens()
    call.answers(1.0, "r1", tone(480))
    call.local(1.1, "heard", {"reply_id": "r1", "from": "x", "to": 5})
    call.local(1.2, "heard", {"reply_id": "r1", "from": 0, "to": 480, "t": 1.1, "uncertainty": None})
    call.recorder.close({"t": 2.0})
    assert Recording(call.recorder.folder).played() == [Played("r1", 0, 480, 1.1, None)]
