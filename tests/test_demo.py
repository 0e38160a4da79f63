import pytest

from voicenb.demo import FIRST, copy_notebooks, notebooks_folder
from voicenb.errors import InvalidConfiguration


def test_the_notebooks_are_copied_with_their_audio(tmp_path):
    copied = copy_notebooks(tmp_path / "new" / "folder")
    names = {path.relative_to(tmp_path / "new" / "folder").as_posix() for path in copied}
    assert {FIRST, "03-ci.ipynb", "audio/austen-0880.wav"} <= names
    assert (tmp_path / "new" / "folder" / FIRST).read_bytes() == (notebooks_folder() / FIRST).read_bytes()


def test_a_changed_notebook_is_left_as_it_is(tmp_path):
    copy_notebooks(tmp_path)
    (tmp_path / FIRST).write_text("mine")
    assert copy_notebooks(tmp_path) == []
    assert (tmp_path / FIRST).read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidConfiguration, match="Name another folder"):
        copy_notebooks(tmp_path / "file" / "folder")


def test_calls_that_were_held_in_the_checkout_are_not_copied(tmp_path, monkeypatch):
    origin = tmp_path / "origin"
    copy_notebooks(origin)
    (origin / "calls" / "lido").mkdir(parents=True)
    (origin / "calls" / "lido" / "caller.wav").write_bytes(b"somebody's voice")
    monkeypatch.setattr("voicenb.demo.notebooks_folder", lambda: origin)
    copied = copy_notebooks(tmp_path / "copy")
    assert not [path for path in copied if "calls" in path.parts]
