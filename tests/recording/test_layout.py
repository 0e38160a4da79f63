import pytest

from voicenb.recording.layout import SESSION, foreign, is_recording


def test_a_folder_with_a_session_file_is_a_recording_whatever_is_in_it(tmp_path):
    (tmp_path / SESSION).write_text("{ damaged")
    assert is_recording(tmp_path)


@pytest.mark.parametrize("there", ["nothing", "a file", "another folder", "a folder of that name"])
def test_what_is_none(tmp_path, there):
    place = tmp_path / "call"
    if there == "a file":
        place.write_text(SESSION)
    elif there == "another folder":
        place.mkdir()
        (place / "caller.wav").write_bytes(b"RIFF")
    elif there == "a folder of that name":
        (place / SESSION).mkdir(parents=True)
    assert not is_recording(place)


def test_what_is_foreign_in_the_folder_of_a_recording(finished):
    (finished / "session.json.part").write_text("")
    (finished / ".saved").write_text("calls/lido")
    (finished / "speech.npz").write_bytes(b"")
    (finished / "labels.txt").write_bytes(b"")
    assert foreign(finished) == []
    (finished / "notes.txt").write_text("")
    (finished / "caller.wav").unlink()
    (finished / "caller.wav").mkdir()
    assert foreign(finished) == ["caller.wav", "notes.txt"]


def test_of_a_foreign_folder_the_session_file_is_foreign_as_well(finished):
    (finished / SESSION).write_text('{"format": "2"}')
    assert foreign(finished) == [SESSION]
