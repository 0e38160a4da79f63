"""Encoded sound in the database."""

from __future__ import annotations

import pytest

from voicenb.emulator import history_shelf
from voicenb.emulator.database import Database
from voicenb.emulator.history_shelf import Shelf


@pytest.fixture
def database():
    return Database()


@pytest.mark.parametrize("size", [1, 9, 10, 11, 20, 95])
def test_it_is_there_whole(database, monkeypatch, size):
    monkeypatch.setattr(history_shelf, "CHUNK", 10)
    shelf = Shelf(database)
    ogg = bytes(range(size))
    shelf.put("s1", ogg)
    shelf.put("s2", b"other")
    assert (shelf.has("s1"), shelf.get("s1"), shelf.get("s2")) == (True, ogg, b"other")
    assert max(len(data) for (data,) in database.read("SELECT data FROM audio")) <= 10
    shelf.remove("s1")
    assert (shelf.has("s1"), shelf.get("s1"), shelf.has("s2")) == (False, None, True)


def test_where_there_is_none(database):
    assert Shelf(database).get("s1") is None


def test_what_a_crash_left_unfinished_is_removed(database, monkeypatch):
    monkeypatch.setattr(history_shelf, "CHUNK", 10)
    shelf = Shelf(database)
    shelf.put("s1", bytes(10))
    shelf.put("s2", bytes(30))
    database.write("DELETE FROM audio WHERE session_id = 's2' AND n = 0")  # what comes last
    assert (shelf.has("s2"), shelf.get("s2")) == (False, None)
    again = Shelf(database)
    assert (again.has("s1"), again.has("s2")) == (True, False)
    assert database.read("SELECT DISTINCT session_id FROM audio") == [("s1",)]
