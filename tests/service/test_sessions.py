"""The session history through the client: an emulator at a real socket, and what a service may leave out."""

import json

import pytest

import voicenb as vn
from voicenb.service.sessions import PastSession, SessionRecord

KEY = "a-secret-key"


@pytest.fixture(scope="module")
def emulator():
    with vn.Emulator(brain="rules", key=KEY) as running:
        yield running


@pytest.fixture(scope="module")
def hosted(emulator):
    return vn.Hosted(KEY, host=emulator.url)


def held(hosted, folder, agent):
    """A short call with an agent: its id."""
    with vn.Session(agent, service=hosted, recording=folder) as session:
        ready = session.wait_for("session.ready", timeout=20)
        session.wait_for("transcript.agent", timeout=20)
    return ready.session_id


@pytest.fixture(scope="module")
def calls(hosted, tmp_path_factory):
    """Three calls, the oldest first: two inline, one with a stored agent."""
    folder = tmp_path_factory.mktemp("calls")
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Good evening.", voice="ivy")
    stored = hosted.create(agent)
    ids = [held(hosted, folder / str(n), one) for n, one in enumerate((agent, stored.id, agent))]
    return stored, ids


def test_newest_first_and_only_as_far_as_one_goes(hosted, calls):
    _, ids = calls
    assert [record.id for record in hosted.sessions()] == ids[::-1]
    assert [record.id for record in hosted.sessions(limit=2)] == ids[:0:-1]
    record = next(iter(hosted.sessions()))
    assert (record.status, record.agent_id, record.public_close_reason) == ("completed", None, "client_end")
    assert record.duration_seconds > 0
    assert record.created_at < record.ended_at


def test_by_agent_and_by_status(hosted, calls):
    stored, ids = calls
    for agent in (stored, stored.id):
        (record,) = hosted.sessions(agent=agent)
        assert (record.id, record.agent_id) == (ids[1], stored.id)
    assert list(hosted.sessions(status="created")) == []
    assert len(list(hosted.sessions("completed"))) == 3
    with pytest.raises(vn.InvalidConfiguration, match="not stored"):
        hosted.sessions(agent=stored.replace(id=None))
    for limit in (0, -1, True, 2.5):
        with pytest.raises(vn.InvalidConfiguration, match="limit"):
            hosted.sessions(limit=limit)


def test_one_session_with_its_timeline(hosted, calls):
    session = hosted.session(calls[1][0])
    assert isinstance(session, SessionRecord)
    assert (session.id, session.status) == (calls[1][0], "completed")
    assert session.config["greeting"] == "Good evening."
    assert (session.agent.system_prompt, session.agent.voice) == ("You take bookings.", "ivy")
    timeline = session.timeline(timeout=20)
    assert (timeline.session_id, timeline.reason) == (session.id, "user_initiated")
    (greeting,) = timeline.turns
    assert (greeting.trigger, greeting.agent_text) == ("greeting", "Good evening.")
    assert 0 < greeting.agent_reply_started < session.duration_seconds
    assert json.loads(session.artifact("metadata", timeout=20))["session_id"] == session.id
    assert session.artifact("audio", timeout=20)[:4] == b"OggS"


def test_no_repr_has_a_link_or_the_key(hosted, calls):
    session = hosted.session(calls[1][0])
    session.timeline(timeout=20)
    session = hosted.session(session.id)
    assert session.artifacts
    for shown in (repr(session), str(session), repr(session.artifacts), repr(hosted.sessions())):
        assert "artifacts/" not in shown
        assert KEY not in shown


def test_a_session_that_is_open_has_no_timeline_yet(hosted, tmp_path):
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.")
    with vn.Session(agent, service=hosted, recording=tmp_path / "call"):
        (record,) = hosted.sessions(status="created")
        with pytest.raises(vn.WaitTimeout, match=r"it is still open\. End it first") as caught:
            hosted.session(record.id).timeline()
    assert caught.value.facts == {"session_id": record.id, "artifact": "timeline"}
    hosted.delete_session(record)
    assert record.id not in [one.id for one in hosted.sessions()]


def test_a_session_is_deleted(hosted, tmp_path):
    session_id = held(hosted, tmp_path / "call", vn.Agent(name="Lido", greeting="Hello."))
    hosted.delete_session(session_id)
    for ask in (hosted.session, hosted.delete_session):
        with pytest.raises(vn.ServiceError) as gone:
            ask(session_id)
        assert (gone.value.code, gone.value.status) == ("session_not_found", 404)
    for wrong in ("", "..", None):
        with pytest.raises(vn.InvalidConfiguration, match="no id of a session"):
            hosted.delete_session(wrong)


# What a service may leave out, and what may go wrong with a link.


@pytest.fixture
def bare(place):
    return vn.Hosted(KEY, host=place.host)


RECORD = {"id": "sess_1", "status": "completed"}


@pytest.mark.parametrize("more", [{}, {"artifacts": None, "config": None}, {"artifacts": ["x", {}]}])
def test_a_record_with_hardly_anything(bare, place, more):
    place.answer(200, RECORD | more)
    session = bare.session("sess_1")
    assert (session.agent_id, session.duration_seconds, session.artifacts) == (None, None, ())
    assert session.agent == vn.Agent()


def test_an_artifact_that_comes_later_is_waited_for(bare, place):
    place.answer(200, RECORD)
    place.answer(200, RECORD)
    session = bare.session("sess_1")
    with pytest.raises(vn.WaitTimeout, match=r"kept of it is nothing.*timeout=90"):
        session.timeline()
    link = {"type": "timeline", "url": f"{place.host}/late"}
    place.answer(200, RECORD | {"artifacts": [link]})
    place.answer(200, {"session_id": "sess_1"})
    assert session.timeline(timeout=30).turns == ()
    place.answers.clear()


def test_a_link_that_has_expired_is_asked_for_anew(bare, place):
    def record(path):
        return RECORD | {"artifacts": [{"type": "timeline", "url": f"{place.host}/{path}"}]}

    place.answer(200, record("old"))
    session = bare.session("sess_1")
    place.answer(403, {"code": "link_expired"})
    place.answer(200, record("new"))
    place.answer(200, {"session_id": "sess_1"})
    assert session.timeline().session_id == "sess_1"
    assert [request[1] for request in place.requests[1:]] == ["/old", "/v1/sessions/sess_1", "/new"]
    place.answer(403, {"code": "link_expired"})
    place.answer(200, record("new"))
    place.answer(403, {"code": "link_expired"})
    with pytest.raises(vn.ServiceError) as caught:
        session.timeline()
    assert caught.value.code == "link_expired"


def test_a_link_that_is_refused_is_no_matter_of_the_key(bare, place):
    record = RECORD | {"artifacts": [{"type": "timeline", "url": f"{place.host}/x?signature=canary"}]}
    refusal = "<Error><Code>AccessDenied</Code><StringToSign>canary</StringToSign></Error>"
    place.answer(200, record)
    session = bare.session("sess_1")
    for answer in ((403, refusal), (200, record), (403, refusal)):
        place.answer(*answer)
    with pytest.raises(vn.ServiceError) as caught:
        session.timeline()
    assert not isinstance(caught.value, vn.Unauthorized)
    assert (caught.value.code, caught.value.status) == ("link_refused", 403)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("content", ["<html>", "[]", "", "{"])
def test_a_timeline_that_is_none(bare, place, content):
    place.answer(200, RECORD | {"artifacts": [{"type": "timeline", "url": f"{place.host}/x"}]})
    place.answer(200, content)
    with pytest.raises(vn.ServiceError, match="is not one"):
        bare.session("sess_1").timeline()


def test_only_the_record_was_read():
    with pytest.raises(vn.ServiceError, match="only the record"):
        PastSession("sess_1").timeline()
