import os
import re
import sys
import tempfile
from pathlib import Path

import pytest

from voicenb.errors import RecordingError
from voicenb.recording import library
from voicenb.recording.library import folder_in, load, new_folder, recordings, root
from voicenb.recording.recorder import Recorder


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "library"))
    return tmp_path / "library"


def record(name: str, started: str, *, finish: bool = True) -> Path:
    recorder = Recorder(new_folder(name), about={"agent": {"name": name}, "started": started})
    start = recorder.caller(bytes(960))
    sent = {"n": 0, "t": 0.0, "dir": "out", "type": "input.audio", "msg": {"type": "input.audio"}}
    recorder.event(sent | {"track": "caller", "start": start, "samples": 480})
    recorder.close({"t": 0.0, "reason": "ended"})
    if not finish:
        text = (recorder.folder / "session.json").read_text()
        (recorder.folder / "session.json").write_text(re.sub(r'"ended": \{[^}]*\}', '"ended": null', text))
    return recorder.folder


def test_where_it_is(monkeypatch, home):
    assert root() == home
    monkeypatch.delenv("VOICENB_RECORDINGS")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert root() == Path("/data/voicenb/recordings")
    monkeypatch.setattr("sys.platform", "darwin")
    assert root().parts[-4:] == ("Library", "Application Support", "voicenb", "recordings")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert root() == Path("/local/voicenb/recordings")


def test_a_relative_one_is_meant_from_where_one_stands(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICENB_RECORDINGS", "calls")
    assert root() == tmp_path / "calls"


def test_an_empty_library(home):
    assert recordings() == []
    assert not home.exists()  # looking makes nothing


def test_new_folders_are_named_after_time_and_call(home):
    folder = new_folder("Café Lido / evening")
    assert re.fullmatch(r"\d{8}-\d{6}-caf-lido-evening-[0-9a-f]{4}", folder.name)
    assert folder.parent == home
    assert not folder.exists()
    assert new_folder("").name.split("-")[2] == "call"


def test_new_folders_elsewhere_are_named_in_the_same_way(tmp_path, home):
    folder = folder_in(tmp_path / "calls", "Lido")
    assert re.fullmatch(r"\d{8}-\d{6}-lido-[0-9a-f]{4}", folder.name)
    assert folder.parent == tmp_path / "calls"
    assert not folder.parent.exists()


def test_there_is_no_recording_inside_a_recording(home):
    lido = record("lido", "2026-09-21T10:00:00+00:00")
    with pytest.raises(RecordingError, match="is a recording itself") as caught:
        folder_in(lido, "Lido")
    assert str(lido.parent) in caught.value.remedy


def test_the_newest_first_and_none_that_was_saved(tmp_path):
    old = record("old", "2026-09-21T10:00:00+00:00")
    new = record("new", "2026-09-21T12:00:00+00:00")
    torn = record("torn", "2026-09-21T11:00:00+00:00", finish=False)
    (tmp_path / "library" / "something").mkdir()
    damaged = record("damaged", "2026-09-21T13:00:00+00:00")
    (damaged / "session.json").write_text("{")
    assert [call.agent_name for call in recordings()] == ["new", "torn", "old"]
    copy = load(new).save(tmp_path / "saved")
    assert [call.folder for call in recordings()] == [torn, old]
    assert not (copy.folder / ".saved").exists()
    copy.save(tmp_path / "saved again")
    assert load(tmp_path / "saved again").agent_name == "new"


def test_a_copy_of_half_a_call_does_not_hide_the_call(tmp_path):
    recorder = Recorder(new_folder("lido"), about={"agent": {"name": "Lido"}})
    recorder.event({"n": 0, "t": 0.0, "dir": "local", "type": "state", "msg": {"state": "connecting"}})
    half = load(recorder.folder).save(tmp_path / "lido")
    recorder.close({"t": 1.0, "reason": "ended"})
    assert not half.finished
    assert [call.folder for call in recordings()] == [recorder.folder]
    assert load(recorder.folder).save(tmp_path / "lido", overwrite=True).finished
    assert recordings() == []


def test_a_torn_recording_that_was_saved_is_not_listed_any_more(tmp_path):
    torn = record("torn", "2026-09-21T11:00:00+00:00", finish=False)
    copy = load(torn).save(tmp_path / "torn")
    assert not copy.finished
    assert recordings() == []


def test_a_call_whose_only_copy_gave_way_is_listed_again(tmp_path):
    first, second, other = (record(name, f"2026-09-21T1{n}:00:00+00:00") for n, name in enumerate("abc"))
    load(other).save(tmp_path / "other")
    load(first).save(tmp_path / "lido")
    assert [call.folder for call in recordings()] == [second]
    load(second).save(tmp_path / "lido", overwrite=True)
    assert [call.folder for call in recordings()] == [first]
    load(second).save(tmp_path / "lido", overwrite=True)  # over its own copy
    assert [call.folder for call in recordings()] == [first]


def test_a_call_of_which_another_copy_is_left_is_not_listed_again(tmp_path, monkeypatch):
    first, second = (record(name, f"2026-09-21T1{n}:00:00+00:00") for n, name in enumerate("ab"))
    monkeypatch.chdir(tmp_path)
    for name in ("lido", "keep", "lido"):
        load(first).save(name, overwrite=True)
    load(second).save(tmp_path / "lido", overwrite=True)
    assert recordings() == []
    load(second).save("keep", overwrite=True)
    assert [call.folder for call in recordings()] == [first]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are any bytes on Linux")
def test_a_copy_of_any_name_counts(tmp_path):
    first, second = (record(name, f"2026-09-21T1{n}:00:00+00:00") for n, name in enumerate("ab"))
    place = tmp_path / "caf\udce9\x85"
    load(first).save(place)
    assert [call.folder for call in recordings()] == [second]
    load(second).save(place, overwrite=True)
    assert [call.folder for call in recordings()] == [first]


def test_half_a_call_that_takes_the_place_of_a_copy_lets_that_be_listed_again(tmp_path):
    first = record("first", "2026-09-21T10:00:00+00:00")
    load(first).save(tmp_path / "lido")
    recorder = Recorder(new_folder("second"), about={"started": "2026-09-21T11:00:00+00:00"})
    load(recorder.folder).save(tmp_path / "lido", overwrite=True)
    assert [call.folder for call in recordings()] == [recorder.folder, first]
    recorder.close({})


def test_what_does_not_give_way_stays_saved(tmp_path):
    first, second = (record(name, f"2026-09-21T1{n}:00:00+00:00") for n, name in enumerate("ab"))
    load(first).save(tmp_path / "lido")
    with pytest.raises(RecordingError, match="nothing was saved"):
        load(second).save(tmp_path / "lido")
    assert [call.folder for call in recordings()] == [second]


def test_the_oldest_make_room_torn_ones_as_well_and_none_that_is_being_written(monkeypatch):
    monkeypatch.setattr(library, "KEPT", 3)
    live = Recorder(
        new_folder("live"), about={"agent": {"name": "live"}, "started": "2026-09-20T00:00:00+00:00"}
    )
    live.caller(bytes(960))
    record("torn", "2026-09-21T00:00:00+00:00", finish=False)
    for hour in range(1, 5):
        record(f"call{hour}", f"2026-09-21T0{hour}:00:00+00:00", finish=hour % 2 == 0)
    assert [call.agent_name for call in recordings()] == ["call4", "call3", "call2", "live"]
    live.close({"t": 0.0, "reason": "ended"})
    record("call5", "2026-09-21T05:00:00+00:00")
    assert [call.agent_name for call in recordings()] == ["call5", "call4", "call3"]


def fail(name: str, started: str, *events: dict[str, object]) -> Path:
    """A call that did not begin: the service was asked, and did not become ready."""
    recorder = Recorder(new_folder(name), about={"agent": {"name": name}, "started": started})
    for n, told in enumerate(({"dir": "out", "type": "session.update"}, *events)):
        recorder.event({"n": n, "t": 0.0, "msg": {}, **told})
    recorder.close({"t": 0.0, "reason": "error"})
    return recorder.folder


def test_calls_that_did_not_begin_push_out_none_that_did(monkeypatch):
    monkeypatch.setattr(library, "KEPT", 3)
    monkeypatch.setattr(library, "FAILURES_KEPT", 2)
    record("call", "2026-09-21T00:00:00+00:00")
    for hour in range(1, 6):
        failed = fail(f"failed{hour}", f"2026-09-21T0{hour}:00:00+00:00")
    assert [call.agent_name for call in recordings()] == ["failed5", "failed4", "failed3", "call"]
    assert [event["type"] for event in load(failed).events] == ["session.update"]
    for hour in range(6, 9):
        record(f"call{hour}", f"2026-09-21T0{hour}:00:00+00:00")
    assert [call.agent_name for call in recordings()] == ["call8", "call7", "call6", "failed5", "failed4"]


def test_what_was_ready_or_has_sound_is_a_call(monkeypatch):
    monkeypatch.setattr(library, "FAILURES_KEPT", 0)
    ready = fail("typed", "2026-09-21T01:00:00+00:00", {"dir": "in", "type": "session.ready"})
    heard = fail("torn", "2026-09-21T02:00:00+00:00")
    with (heard / "agent.wav").open("ab") as track:
        track.write(bytes(2))
    empty = fail("empty", "2026-09-21T03:00:00+00:00")
    for name in ("caller.wav", "agent.wav"):
        (empty / name).write_bytes(b"")
    (fail("without", "2026-09-21T04:00:00+00:00") / "events.jsonl").unlink()
    new_folder("next")
    assert [call.folder for call in recordings()] == [heard, ready]


def test_a_library_that_cannot_be_written_to(monkeypatch):
    monkeypatch.setenv("VOICENB_RECORDINGS", "/proc/voicenb")
    assert recordings() == []
    with pytest.raises(RecordingError, match="cannot be kept in /proc/voicenb") as caught:
        new_folder("lido")
    assert "VOICENB_RECORDINGS" in caught.value.remedy


def test_one_that_may_not_be_looked_into_hides_no_other(monkeypatch):
    # Not in the test's own folder: nobody but its user may go there, and root may go everywhere.
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        monkeypatch.setenv("VOICENB_RECORDINGS", home)
        lido = record("lido", "2026-09-21T10:00:00+00:00")
        locked = record("locked", "2026-09-21T11:00:00+00:00")
        for path in lido.iterdir():
            path.chmod(0o644)
        lido.chmod(0o755)
        locked.chmod(0)
        me = os.geteuid()
        if me == 0:
            os.seteuid(65534)
        try:
            found = [call.agent_name for call in recordings()]
        finally:
            os.seteuid(me)
            locked.chmod(0o755)
        assert found == ["lido"]


def test_a_recording_stays_where_it_is_whoever_goes_elsewhere(monkeypatch, tmp_path):
    folder = record("lido", "2026-09-21T10:00:00+00:00")
    monkeypatch.chdir(folder.parent)
    loaded = load(folder.name)
    copy = loaded.save("copy")
    monkeypatch.chdir(tmp_path)
    assert (loaded.folder, copy.folder) == (folder, folder.parent / "copy")
    assert len(loaded.events) == len(copy.events) == 1
    assert len(loaded.caller) == len(copy.caller) == 480


def test_load_takes_a_path_with_a_tilde(monkeypatch, tmp_path):
    folder = record("lido", "2026-09-21T10:00:00+00:00")
    monkeypatch.setenv("HOME", str(folder.parent))
    assert load(f"~/{folder.name}").agent_name == "lido"
    with pytest.raises(RecordingError, match="There is nothing at"):
        load("~/elsewhere")
