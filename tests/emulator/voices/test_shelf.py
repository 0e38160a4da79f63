import pytest

from voicenb.emulator.voices.shelf import Shelf, cache_folder, key


def test_what_is_put_is_got(tmp_path):
    shelf = Shelf(tmp_path / "new")
    shelf.put(key("a"), b"bytes")
    assert Shelf(tmp_path / "new").get(key("a")) == b"bytes"
    assert shelf.get(key("b")) is None


@pytest.mark.parametrize("damage", [b"", b"x", b"short of a digest", b"\0" * 100])
def test_what_is_damaged_is_not_there(tmp_path, damage):
    shelf = Shelf(tmp_path)
    shelf.put(key("a"), b"bytes")
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    path.write_bytes(damage)
    assert shelf.get(key("a")) is None
    shelf.put(key("a"), b"anew")
    assert shelf.get(key("a")) == b"anew"


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    shelf = Shelf(tmp_path / "file")
    shelf.put(key("a"), b"bytes")
    assert shelf.get(key("a")) is None


def test_the_oldest_go_when_there_is_too_much(tmp_path):
    shelf = Shelf(tmp_path, limit=20_000)
    for number in range(128):
        shelf.put(key(str(number)), bytes(1000))
    kept = [number for number in range(128) if shelf.get(key(str(number)))]
    assert 1 <= len(kept) <= 20
    assert not list(tmp_path.rglob("*.part"))


def test_names_tell_borders_and_kinds_apart():
    assert len({key("a", "b"), key("ab"), key("b", "a"), key("a", "b", "")}) == 4
    assert key("a") == key(b"a")


def test_where_things_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("VOICENB_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("VOICENB_CACHE")
    assert cache_folder().is_absolute()
    assert "voicenb" in cache_folder().parts
