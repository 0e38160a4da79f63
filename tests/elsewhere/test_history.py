"""Calls of an emulator's history, at a real socket, as recordings."""

import json
import warnings

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.measure import Measure
from voicenb.elsewhere import history as module
from voicenb.elsewhere.keeping import folder_of, keep, kept
from voicenb.elsewhere.since import written
from voicenb.service.sessions import PastSession

KEY = "a-secret-key"


pytestmark = pytest.mark.campaign  # whole calls in real time; the parts have tests of their own


@pytest.fixture(scope="module")
def emulator():
    with vn.Emulator(brain="rules", key=KEY) as running:
        yield running


@pytest.fixture(scope="module")
def hosted(emulator):
    return vn.Hosted(KEY, host=emulator.url)


@pytest.fixture(scope="module")
def stored(hosted):
    return hosted.create(
        vn.Agent(
            name="Lido",
            system_prompt="You take bookings for the restaurant Lido.",
            greeting="Lido, good evening.",
            voice="ivy",
        )
    )


@pytest.fixture(scope="module")
def local(hosted, stored, tmp_path_factory):
    """A call in which both speak, as it was recorded here."""
    folder = tmp_path_factory.mktemp("local")
    caller = vn.Caller([vn.Answer(), "Do you have a table for four on Friday?", vn.Answer()])
    recording = vn.run(stored.id, caller, hosted, recording=folder / "call", clock="real", limit=90)
    hosted.session(recording.conversation.session_id).timeline(timeout=30)
    return recording


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def call(hosted, local, folder):
    """The same call, from the history."""
    (recording,) = hosted.recordings(folder=folder)
    return recording


def lines(recording):
    return [(line.role, line.text) for line in recording.transcript if line.text]


def test_it_says_what_it_is(hosted, stored, local, call):
    assert call.finished
    assert call.agent_name == "Lido"
    assert call.session["service"] == f"from the history of {hosted.host}"
    source = call.session["source"]
    assert source["session_id"] == local.conversation.session_id
    assert (source["agent_id"], source["host"]) == (stored.id, hosted.host)
    assert source["record"]["config"]["greeting"] == "Lido, good evening."
    assert source["timeline"]["turns"]
    here, there = (written(one.session["started"]) for one in (local, call))
    assert abs((here - there).total_seconds()) < 30
    assert call.duration == pytest.approx(source["record"]["duration_seconds"], abs=0.5)


def test_what_it_has_not_is_said(call):
    absent = call.session["absent"]
    assert {"decisions", "partials", "frames", "ear", "unheard", "changes"} == set(absent)
    assert all(absent.values())


def test_the_words_are_those_that_were_recorded_here(local, call):
    assert lines(call) == lines(local)
    assert {role for role, _ in lines(call)} == {"user", "agent"}


def test_the_sound_is_both_sides_on_their_tracks(local, call):
    def level(track):
        return float(np.sqrt(np.mean(np.square(track.astype(float)))))

    assert level(call.caller) > 100
    assert level(call.agent) > 100
    # Each side is on its own track: where the agent greets, the caller is silent.
    greeting = next(line for line in call.transcript if line.role == "agent")
    first = round(greeting.started * call.rate)
    window = slice(first, first + call.rate)
    assert level(call.agent[window]) > 5 * level(call.caller[window])
    stereo = call.stereo()
    assert len(stereo) / call.rate == pytest.approx(call.duration, abs=0.5)
    assert level(stereo[:, 0]) > 100
    assert level(stereo[:, 1]) > 100


def test_replies_stand_where_they_were_heard(local, call):
    def replies(recording):
        return [line.started for line in recording.transcript if line.role == "agent" and line.text]

    # The local engine counts from its own start, and hears a little later than is sent.
    differences = np.subtract(replies(call), replies(local))
    assert np.ptp(differences) < 1.0


def test_what_the_caller_waited_is_what_was_measured_here(local, call):
    def waited(recording):
        measure = Measure(recording)
        measure.refresh()
        answers = filter(None, map(measure.answer, recording.conversation.replies))
        return [answer.audible - answer.speech_end for answer in answers]

    there, here = waited(call), waited(local)
    assert len(there) == len(here) >= 1
    assert there == pytest.approx(here, abs=0.5)  # the way to the ear is not in it


def test_the_timeline_stands_beside_the_call_that_was_recorded_here(hosted, local, tmp_path):
    copy = local.save(tmp_path / "copy")
    assert copy.attach(hosted).session_id == local.conversation.session_id
    turn = vn.turns(copy).caller[0]
    ours = turn.end_of_turn_delay + turn.reply_latency
    assert turn.service_first_audio == pytest.approx(ours, abs=0.25)  # their ends of speech differ


def test_it_loads_and_shows_itself(call, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = vn.load(call.folder)
    assert "Lido" in again._repr_html_()
    assert again.export_wav(tmp_path / "both.wav").stat().st_size > 100_000


def test_no_secret_is_in_it(call):
    for path in call.folder.iterdir():
        assert KEY.encode() not in path.read_bytes()
        assert b"/v1/artifacts/" not in path.read_bytes()


def test_what_is_there_is_not_fetched_again(hosted, call, folder, monkeypatch):
    def fetched(*_):
        raise AssertionError("it is there")

    monkeypatch.setattr(module, "keep", fetched)
    (again,) = hosted.recordings(since=None, folder=folder)
    assert again.folder == call.folder
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_by_time_and_by_agent(hosted, call, folder, stored):
    assert len(hosted.recordings(since="1h", agent=stored, folder=folder)) == 1
    assert hosted.recordings(since="2030-01-01", folder=folder) == []
    with pytest.raises(vn.InvalidConfiguration, match="no span"):
        hosted.recordings(since="soon", folder=folder)
    other = hosted.create(stored.replace(id=None, name="Other"))
    assert hosted.recordings(agent=other, folder=folder) == []


def test_they_are_kept_beside_the_library(hosted, call, tmp_path, monkeypatch):
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path))
    (recording,) = hosted.recordings()
    assert recording.folder.parent == tmp_path / "elsewhere" / hosted.host.replace(":", "_")
    assert vn.recordings() == []  # those are of one's own


# Half of one, and what goes wrong.


def test_an_interrupted_run_goes_on_where_it_was(hosted, call, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("voicenb.elsewhere.keeping.retold", interrupted)
        with pytest.raises(KeyboardInterrupt):
            hosted.recordings(folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    (recording,) = hosted.recordings(folder=tmp_path)
    assert lines(recording) == lines(call)


def test_one_that_cannot_be_fetched_is_warned_of_and_the_others_are_there(place, tmp_path):
    hosted = vn.Hosted(KEY, host=place.host, retries=0)
    records = [{"id": name, "status": "completed"} for name in ("sess_1", "sess_2")]
    place.answer(200, {"sessions": records, "has_more": False})
    place.answer(200, records[0])  # nothing is kept of it yet
    link = {"type": "timeline", "url": f"{place.host}/timeline"}
    place.answer(200, records[1] | {"artifacts": [link], "duration_seconds": 2})
    place.answer(200, {"turns": [{"agent_text": "Hello.", "agent_reply_started_at_ms": 100}]})
    with pytest.warns(UserWarning, match=r"1 of 2 calls could not be fetched.*sess_1: There is no timeline"):
        (recording,) = hosted.recordings(folder=tmp_path)
    assert lines(recording) == [("agent", "Hello.")]
    assert {"sound", "decisions"} < set(recording.session["absent"])
    assert len(recording.caller) == 0
    vn.load(recording.folder)


def test_a_key_that_is_refused_ends_it(place, tmp_path):
    hosted = vn.Hosted(KEY, host=place.host, retries=0)
    place.answer(200, {"sessions": [{"id": "a", "status": "completed"}]})
    place.answer(401, {"code": "unauthorized", "message": "No."})
    with pytest.raises(vn.Unauthorized):
        hosted.recordings(folder=tmp_path)


def test_an_agent_that_was_deleted_is_called_by_its_id(place, tmp_path):
    hosted = vn.Hosted(KEY, host=place.host, retries=0)
    record = {"id": "a", "status": "completed", "agent_id": "agent_1"}
    place.answer(200, {"sessions": [record]})
    place.answer(404, {"code": "agent_not_found", "message": "Agent not found"})
    place.answer(200, record | {"artifacts": [{"type": "timeline", "url": f"{place.host}/t"}]})
    place.answer(200, {})
    (recording,) = hosted.recordings(folder=tmp_path)
    assert recording.agent_name == "agent_1"


def test_what_somebody_else_has_there_does_not_give_way(tmp_path):
    folder = folder_of(tmp_path, "sess/../1")
    assert folder.parent == tmp_path
    folder.mkdir()
    (folder / "diary.txt").write_text("mine")
    assert kept(tmp_path, "sess/../1") is None

    class There(PastSession):
        def timeline(self, **_):
            from voicenb.service.timeline import Timeline

            return Timeline("sess/../1")

    from voicenb.service.sessions import Artifact

    session = There("sess/../1", artifacts=(Artifact("timeline", "x"),))
    with pytest.raises(vn.RecordingError, match="is there already"):
        keep(tmp_path, session, "Lido", "here", [])
    assert (folder / "diary.txt").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_half_of_one_is_not_taken_for_the_whole(call, tmp_path):
    folder = folder_of(tmp_path, "sess_1")
    folder.mkdir()
    session = json.loads((call.folder / "session.json").read_text("utf-8"))
    (folder / "session.json").write_text(json.dumps(session | {"ended": None}), "utf-8")
    assert kept(tmp_path, "sess_1") is None
