"""Records of sessions."""

from __future__ import annotations

import os

import pytest

from voicenb.emulator import history
from voicenb.emulator.database import Database
from voicenb.emulator.errors import Refusal
from voicenb.emulator.history import History, Past

BEGAN = "2026-09-21T12:26:40.000000"
EPOCH = 1_789_993_600  # of that


def record(name, agent=None, status="created"):
    times = {"created_at": BEGAN, "ended_at": None, "duration_seconds": None}
    return {"id": name, "agent_id": agent, "status": status, "config": {"id": name}, **times}


def over(name, agent=None, **more):
    return Past(record(name, agent, "completed"), **{"timeline": {"a": 1}, "metadata": {"b": 2}, **more})


@pytest.fixture
def sessions():
    return History(Database())


def ids(page):
    return [entry["id"] for entry in page[0]]


def test_a_session_begins_and_ends(sessions):
    sessions.begin(record("s1"))
    assert sessions.get("s1") == Past(record("s1"))
    sessions.end(over("s1", complete_at=5.0))
    assert sessions.get("s1") == over("s1", complete_at=5.0)


def test_newest_first_without_the_configuration_and_in_pages(sessions):
    for n in range(5):
        sessions.begin(record(f"s{n}"))
    first = sessions.page(2)
    assert ids(first) == ["s4", "s3"]
    assert "config" not in first[0][0]
    sessions.delete("s3")  # a cursor outlives what stood there
    sessions.begin(record("s5"))
    second = sessions.page(2, first[1])
    assert ids(second) == ["s2", "s1"]
    third = sessions.page(2, second[1])
    assert (ids(third), third[1]) == (["s0"], "")
    assert isinstance(sessions.page(2, "x"), Refusal)


def test_by_status_and_by_agent(sessions):
    for n, agent in enumerate(("a", "b", "a")):
        sessions.begin(record(f"s{n}", agent))
    sessions.end(over("s0", "a"))
    assert ids(sessions.page(9, status="created")) == ["s2", "s1"]
    assert ids(sessions.page(9, agent_id="a")) == ["s2", "s0"]
    assert ids(sessions.page(9, agent_id="a", status="completed")) == ["s0"]
    assert ids(sessions.page(9, status="lost")) == []


def test_of_a_deleted_session_nothing_is_shown_or_kept(sessions):
    sessions.begin(record("s1"))
    assert sessions.delete("s1")
    sessions.end(over("s1"))
    assert sessions.get("s1") is None
    assert ids(sessions.page(9)) == []
    assert not sessions.delete("s1")
    assert sessions._database.read("SELECT timeline FROM sessions") == [(None,)]


@pytest.mark.parametrize(
    ("written", "ended", "seconds"),
    [(7.5, "2026-09-21T12:26:47.500000", 7.5), (-60, BEGAN, 0.0)],
    ids=["after it began", "a clock that was put back"],
)
def test_what_a_crash_left_open_is_closed_when_the_file_was_last_written(tmp_path, written, ended, seconds):
    database = Database(tmp_path / "emulator.sqlite")
    sessions = History(database)
    for name in ("s1", "s2"):
        sessions.begin(record(name))
    sessions.end(over("s1"))
    database.close()
    os.utime(tmp_path / "emulator.sqlite", (EPOCH + written,) * 2)
    database = Database(tmp_path / "emulator.sqlite")
    again = History(database)
    assert again.get("s1") == over("s1")
    assert again.get("s2").record == record("s2", status="completed") | {
        "public_close_reason": "internal_error",
        "ended_at": ended,
        "duration_seconds": seconds,
    }
    assert again.get("s2").timeline is None
    database.close()


@pytest.mark.parametrize(
    ("keeps", "left"), [(False, ["s4", "s3", "s0"]), (True, ["s4", "s3", "s2", "s1", "s0"])]
)
def test_only_a_file_keeps_all_of_them(tmp_path, monkeypatch, keeps, left):
    monkeypatch.setattr(history, "REMEMBERED", 2)
    database = Database(tmp_path / "emulator.sqlite" if keeps else None)
    sessions = History(database)
    for n in range(5):
        sessions.begin(record(f"s{n}"))
        if n:  # the oldest one goes on
            sessions.end(over(f"s{n}"))
    assert ids(sessions.page(9)) == left
    database.close()


def test_half_a_character_is_kept(sessions):
    sessions.begin(record("s1"))
    sessions.end(over("s1", timeline={"result": "\ud83d"}))
    assert sessions.get("s1").timeline == {"result": "\ud83d"}
