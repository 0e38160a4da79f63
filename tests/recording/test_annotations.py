"""Notes and tags beside a recording."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from voicenb.recording.annotations import Annotations, Note
from voicenb.recording.library import new_folder
from voicenb.recording.recording import Recording


@pytest.fixture
def noted(finished: Path) -> Recording:
    recording = Recording(finished)
    recording.note("The answer came late.", at=2.25)
    recording.note("  Ask Ada about this.\n")
    recording.tags.add("booking")
    return recording


def test_notes_are_kept_beside_the_recording_which_stays_as_it_is(finished: Path) -> None:
    before = {path.name: path.read_bytes() for path in finished.iterdir()}
    recording = Recording(finished)
    note = recording.note("The answer came late.", at=2.25)
    recording.tags.add("booking")
    assert (note.text, note.at) == ("The answer came late.", 2.25)
    assert note.written.endswith("+00:00")
    after = {path.name: path.read_bytes() for path in finished.iterdir()}
    assert json.loads(after.pop("notes.json")) == {
        "notes": [{"text": "The answer came late.", "at": 2.25, "written": note.written}],
        "tags": ["booking"],
    }
    assert after == before


def test_they_are_there_for_whoever_loads_it(noted: Recording) -> None:
    again = vn.load(noted.folder)
    assert [(note.at, note.text) for note in again.notes] == [
        (None, "Ask Ada about this."),
        (2.25, "The answer came late."),
    ]
    assert [str(note) for note in again.notes] == ["Ask Ada about this.", "0:02.2  The answer came late."]
    assert again.tags == {"booking"}
    again.note("Seen.", at=1)
    assert [note.text for note in noted.notes][1] == "Seen."  # whoever else has it loaded sees it


def test_tags_are_a_set(noted: Recording) -> None:
    noted.tags |= {"late"}
    noted.tags.add("ada")
    assert noted.tags == {"booking", "late", "ada"}
    assert "late" in noted.tags
    assert noted.tags & {"late", "x"} == {"late"}
    noted.tags.discard("nobody")
    noted.tags.remove("late")
    with pytest.raises(KeyError):
        noted.tags.remove("late")
    assert repr(noted.tags) == "{'booking', 'ada'}"
    noted.tags = ["one", " two ", "one"]
    assert list(noted.tags) == ["one", "two"]
    noted.tags = "three"
    assert list(noted.tags) == ["three"]
    noted.tags.clear()
    assert len(noted.tags) == 0


def test_where_nothing_is_noted_there_is_no_file(noted: Recording) -> None:
    for note in noted.notes:
        noted.remove_note(note)
    noted.tags = ()
    assert not (noted.folder / "notes.json").exists()
    with pytest.raises(vn.InvalidConfiguration, match="no such note"):
        noted.remove_note(Note("x"))


@pytest.mark.parametrize("text", ["", "  ", None, 5])
def test_a_note_says_something(finished: Path, text: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="A note is a text"):
        Recording(finished).note(text)
    with pytest.raises(vn.InvalidConfiguration, match="A tag is a text"):
        Recording(finished).tags.add(text)


@pytest.mark.parametrize("at", [-0.1, 3.1, float("nan"), "1:20", True])
def test_a_moment_is_one_of_the_call_s(finished: Path, at: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match=r"no second of the call, which lasts 3\.0 s"):
        Recording(finished).note("x", at=at)
    assert Recording(finished).notes == ()


def test_while_the_call_runs_one_may_note_what_is_to_come(call: Any) -> None:
    call.opens()
    running = Recording(call.recorder.folder)
    assert running.note("now", at=120.0).at == 120.0
    call.recorder.close({"t": 130.0, "reason": "ended"})
    assert vn.load(call.recorder.folder).notes[0].at == 120.0


def test_a_folder_that_may_not_be_written_to(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, data: bytes) -> int:
        raise PermissionError(13, "Permission denied")

    recording = Recording(finished)
    monkeypatch.setattr(Path, "write_bytes", refused)  # root may write anywhere
    with pytest.raises(vn.RecordingError, match=r"cannot be written to .*: Permission denied.*call\.save"):
        recording.note("x")
    with pytest.raises(vn.RecordingError, match="cannot be written"):
        recording.tags.add("x")
    monkeypatch.undo()
    assert sorted(path.name for path in finished.iterdir()) == [
        "agent.wav",
        "caller.wav",
        "events.jsonl",
        "session.json",
    ]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"notes": [5]}', b"\xff"])
def test_a_file_that_cannot_be_read_hides_nothing_but_the_notes(finished: Path, content: bytes) -> None:
    (finished / "notes.json").write_bytes(content)
    call = vn.load(finished)
    with pytest.raises(vn.RecordingError, match=r"notes\.json cannot be read"):
        _ = call.notes
    assert "Lido" in repr(call)
    assert "Lido" in call._repr_html_()
    with pytest.raises(vn.RecordingError, match=r"notes\.json cannot be read"):
        call.note("x")
    assert (finished / "notes.json").read_bytes() == content


def test_what_a_later_version_adds_does_no_harm(finished: Path) -> None:
    (finished / "notes.json").write_text('{"tags": ["a"], "stars": 5}')
    assert list(vn.load(finished).tags) == ["a"]


def test_a_copy_has_them(noted: Recording, tmp_path: Path) -> None:
    copy = noted.save(tmp_path / "copy")
    assert copy.notes == noted.notes
    assert copy.tags == noted.tags
    copy.note("only here")
    with pytest.raises(vn.RecordingError, match=r"already \(notes\.json\); nothing was saved"):
        noted.save(tmp_path / "copy", overwrite=True)
    noted.note(copy.notes[1].text)
    assert len(copy.notes) == 3
    copy.remove_note(next(note for note in copy.notes if note.text == "only here"))
    noted.save(tmp_path / "copy", overwrite=True)
    assert len(vn.load(tmp_path / "copy").notes) == 3


def test_what_somebody_has_worked_on_makes_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: Any
) -> None:
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "library"))
    monkeypatch.setattr("voicenb.recording.library.KEPT", 2)
    folders = []
    for number in range(4):
        call = begin(new_folder(f"call {number}"))
        call.opens()
        call.recorder.close({"t": 1.0})
        folders.append(call.recorder.folder)
        if number == 0:
            Recording(folders[0]).tags.add("keep")
    assert folders[0].exists()
    assert not folders[1].exists()


def test_a_part_has_those_that_lie_in_it() -> None:
    notes = (Note("all"), Note("before", 1.0), Note("in", 5.0), Note("behind", 9.0))
    part = Annotations(notes, ("a",)).between(4.0, 9.0)
    assert [(note.text, note.at) for note in part.notes] == [("all", None), ("in", 1.0)]
    assert part.tags == ("a",)
