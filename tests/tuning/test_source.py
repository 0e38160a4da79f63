"""Recordings by object, path, folder, pattern and address."""

from pathlib import Path

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.tuning.source import recordings_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three recordings, and what is none."""
    home = tmp_path_factory.mktemp("home")
    for name in ("b", "a", "c"):
        KnownCall(home / name, 0.2).build()
    (home / "notes").mkdir()
    (home / "readme.txt").write_text("")
    return home


def names(given):
    return [each.name for each in recordings_of(given, "vn.whatif")]


def test_a_recording_and_a_part_of_one_are_themselves(folder):
    call = vn.load(folder / "a")
    assert recordings_of(call, "vn.whatif") == [call]
    part = call[0.0:0.1]
    assert recordings_of([part], "vn.whatif") == [part]


@pytest.mark.parametrize("as_given", [str, Path, lambda path: f"file://{path}"])
def test_a_folder_has_its_recordings_by_name(folder, as_given):
    assert names(as_given(folder)) == ["a", "b", "c"]
    assert names(as_given(folder / "b")) == ["b"]


def test_a_pattern(folder, monkeypatch):
    assert names(f"{folder}/[bc]") == ["b", "c"]
    assert names(f"file://{folder}/[bc]") == ["b", "c"]
    monkeypatch.chdir(folder)
    assert names("*") == ["a", "b", "c"]
    assert names("**/a") == ["a"]


def test_several_of_all_kinds_in_their_order(folder):
    given = [str(folder / "c"), vn.load(folder / "b"), folder / "a", f"{folder}/b*"]
    assert names(given) == ["c", "b", "a", "b"]
    assert names(each for each in given) == ["c", "b", "a", "b"]
    assert names([]) == []


def test_a_folder_whose_name_looks_like_a_pattern(tmp_path):
    KnownCall(tmp_path / "call [1]", 0.2).build()
    assert names(tmp_path / "call [1]") == ["call [1]"]


def test_files_of_this_machine_are_read_where_they_are(folder):
    (call,) = recordings_of(f"file://{folder}/a", "vn.whatif")
    assert call.folder == folder / "a"


@pytest.mark.parametrize(
    ("given", "kind", "what"),
    [
        ("{home}/none", RecordingError, "There is nothing at"),
        ("{home}/no*", RecordingError, "no recording that matches"),
        ("file://{home}/none", RecordingError, "There is no recording at file://"),
        ("file://{home}/notes", RecordingError, "There is no recording at file://"),
        ("{home}/notes", RecordingError, "it has no session.json"),
        ("{home}/readme.txt", RecordingError, "is a file"),
        ("nowhere://{home}", InvalidConfiguration, "Protocol not known"),
        (5, InvalidConfiguration, r"vn\.whatif takes recordings"),
        ([5], InvalidConfiguration, r"vn\.whatif takes recordings"),
        ({"a": 1}, InvalidConfiguration, r"vn\.whatif takes recordings"),
    ],
)
def test_what_is_no_recording(folder, given, kind, what):
    with pytest.raises(kind, match=what):
        recordings_of(given.format(home=folder) if isinstance(given, str) else given, "vn.whatif")
