"""One call of the history, as it is written; whole calls are in test_history.py."""

import datetime

import pytest

import voicenb as vn
from voicenb.elsewhere.keeping import keep, kept

KEY = "a-secret-key"
GREETING = {"turn_id": "t", "trigger": "greeting", "agent_text": "Hello."}


@pytest.fixture
def session(place):
    def told(ended_at, *kinds):
        links = [{"type": kind, "url": f"{place.host}/{kind}"} for kind in kinds]
        record = {"id": "sess_1", "status": "completed", "duration_seconds": 3.0, "ended_at": ended_at}
        place.answer(200, {**record, "artifacts": links})
        return vn.Hosted(KEY, host=place.host).session("sess_1")

    return told


def ago(seconds):
    return (datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=seconds)).isoformat()


def test_what_is_still_being_written_is_left_for_the_next_time(session, tmp_path):
    with pytest.raises(vn.WaitTimeout, match="There is no sound"):
        keep(tmp_path, session(ago(20), "timeline"), "Lido", "x", [KEY])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ended", ["2026-09-01T10:00:00", None, "nonsense"])
def test_what_the_service_does_not_have_is_said_to_be_absent(session, place, tmp_path, ended):
    old = session(ended, "timeline")
    place.answer(200, {"session_id": "sess_1", "turns": [GREETING]})
    recording = keep(tmp_path, old, "Lido", "x", [KEY])
    assert recording.session["absent"]["sound"]
    assert [line.text for line in recording.transcript] == ["Hello."]
    assert kept(tmp_path, "sess_1") is not None


def test_of_a_call_of_which_nothing_is_kept_nothing_is_written(session, tmp_path):
    with pytest.raises(vn.WaitTimeout, match="kept of it is nothing"):
        keep(tmp_path, session(ago(3600)), "Lido", "x", [KEY])
    assert list(tmp_path.iterdir()) == []
