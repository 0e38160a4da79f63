from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from voicenb.analysis.connected import connected

from .known_call import KnownCall, speech


def spans(call: vn.Recording) -> list[tuple[float, float]]:
    return [(each.start, each.end) for each in connected(call)]


def lost(folder: Path, *, again: str) -> vn.Recording:
    """A call whose connection is lost at 5 s and comes back at 20 s, with a turn before and behind that."""
    made = KnownCall(folder, 30.0)
    made.service = "hosted"
    made.says(1.0, speech("cards-001.wav"))
    made.put(5.0, "local", "closed", code=1006, clean=False)
    made.says(10.0, speech("cards-003.wav"))  # nobody hears it
    made.put(20.0, "in", "session.ready", session_id=again, config={})
    made.says(22.0, speech("cards-002.wav"))
    return made.build()


def test_one_session_from_its_beginning_to_the_end(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "open", 6.0)
    assert spans(made.build()) == [(0.0, 6.0)]
    made = KnownCall(tmp_path / "ended", 6.0)
    made.put(5.0, "in", "session.ended")
    made.put(5.1, "local", "closed", code=1000, clean=True)
    assert spans(made.build()) == [(0.0, 5.0)]


def test_while_the_connection_is_lost_no_session_is_open(tmp_path: Path) -> None:
    call = lost(tmp_path / "call", again="another")
    assert spans(call) == [(0.0, 5.0), (20.0, 30.0)]
    report = vn.report(call, cost_rate=3.6)
    assert report.connected == pytest.approx(15.0)
    assert report.cost == pytest.approx(0.015)
    said = (len(speech("cards-001.wav")) + len(speech("cards-002.wav"))) / 24_000
    assert report.silence_share == pytest.approx((15.0 - said) / 15.0, abs=0.01)
    assert report.talk_over_share == 0


def test_a_session_that_is_resumed_was_held_open(tmp_path: Path) -> None:
    assert spans(lost(tmp_path / "call", again="s")) == [(0.0, 30.0)]


def test_without_a_session_nothing_was_open(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 6.0)
    made.events.clear()
    call = made.build()
    assert spans(call) == []
    assert (vn.report(call).connected, vn.report(call).silence_share) == (0.0, None)


def test_a_part_knows_whether_a_session_was_open_when_it_begins(tmp_path: Path) -> None:
    call = lost(tmp_path / "call", again="another")
    assert spans(call[6:25]) == [(0.0, 0.0), (14.0, 19.0)]
    assert vn.report(call[6:18], cost_rate=3.6).cost == 0
    assert spans(call[3:25]) == [(0.0, 2.0), (17.0, 22.0)]
    assert spans(lost(tmp_path / "resumed", again="s")[10:25]) == [(0.0, 15.0)]


def test_sessions_without_a_name_are_not_taken_for_one(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 30.0)
    made.events = [each for each in made.events if each.fields["type"] != "session.ready"]
    made.put(1.0, "in", "session.ready", config={})
    made.put(5.0, "local", "closed", code=1006, clean=False)
    made.put(20.0, "in", "session.ready", config={})
    assert spans(made.build()) == [(1.0, 5.0), (20.0, 30.0)]
