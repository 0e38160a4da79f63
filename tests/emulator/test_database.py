"""What is kept, and what a file must be to keep it."""

from __future__ import annotations

import gc
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from voicenb.emulator import database
from voicenb.emulator.database import Database
from voicenb.errors import InvalidConfiguration

posix = pytest.mark.skipif(os.name != "posix", reason="modes and signals of POSIX")


def add(store, name):
    return store.write("INSERT INTO agents (id, body) VALUES (?, ?)", name, "{}")


def names(store):
    return [row[0] for row in store.read("SELECT id FROM agents ORDER BY place")]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "emulator.sqlite"


def test_in_memory_nothing_is_kept():
    store = Database()
    assert (add(store, "a"), add(store, "b"), names(store)) == (1, 2, ["a", "b"])
    assert not store.keeps
    assert names(Database()) == []


def test_a_file_keeps(file):
    store = Database(file)
    assert store.keeps
    add(store, "a")
    store.close()
    store.close()
    again = Database(str(file))
    assert names(again) == ["a"]
    again.close()


def test_one_that_nobody_needs_any_more_lets_go_of_its_file(file):
    store = Database(file)
    add(store, "a")
    del store
    gc.collect()
    Database(file).close()


def test_a_place_is_never_given_twice(file):
    store = Database(file)
    assert store.newest("agents") == 0
    add(store, "a")
    store.write("DELETE FROM agents")
    store.close()
    again = Database(file)
    assert (again.newest("agents"), add(again, "b")) == (1, 2)
    again.close()


def test_what_is_written_together_is_written_whole_or_not_at_all():
    store = Database()

    def twice():
        with store.together():
            add(store, "a")
            add(store, "a")

    with pytest.raises(sqlite3.IntegrityError):
        twice()
    assert names(store) == []
    with store.together():
        add(store, "a")
        add(store, "b")
    assert names(store) == ["a", "b"]


def test_where_there_is_no_room_nothing_is_half_written(file):
    store = Database(file)
    add(store, "a")
    ((pages,),) = store.read("PRAGMA page_count")
    store.read(f"PRAGMA max_page_count = {pages}")

    def much():
        with store.together():
            add(store, "b")
            store.write("INSERT INTO agents (id, body) VALUES ('c', ?)", "x" * 100_000)

    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError, match="full"):
            much()
    assert names(store) == ["a"]
    store.read("PRAGMA max_page_count = 1000000")
    much()
    assert names(store) == ["a", "b", "c"]
    store.close()


def test_a_commit_that_fails_leaves_no_transaction_open():
    store = Database()
    store.write("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
    store.write("CREATE TABLE children (parent REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)")
    store.read("PRAGMA foreign_keys = ON")

    def orphan():  # is found out when it is committed
        with store.together():
            store.write("INSERT INTO children VALUES (1)")

    for _ in range(2):
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            orphan()
    with store.together():
        add(store, "a")
    assert names(store) == ["a"]


def test_threads_may_write_at_once():
    store = Database()

    def many(letter):
        for n in range(100):
            with store.together():
                add(store, f"{letter}{n}")

    threads = [threading.Thread(target=many, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(store)) == 400


@posix
@pytest.mark.parametrize("there", [False, True])
def test_only_its_owner_may_read_it(file, there):
    if there:
        Database(file).close()
        file.chmod(0o644)
    store = Database(file)
    add(store, "a")
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert file.name in modes
    assert set(modes.values()) == {0o600}, modes
    store.close()


def test_two_cannot_have_the_same_file(file):
    first = Database(file)
    add(first, "a")
    for _ in range(2):  # a try that was refused must not open the door for the next
        with pytest.raises(InvalidConfiguration, match="in use by another emulator"):
            Database(file)
    add(first, "b")
    first.close()
    second = Database(file)
    assert names(second) == ["a", "b"]
    second.close()


OTHER = """
import sys
from voicenb.emulator.database import Database
from voicenb.errors import InvalidConfiguration
try:
    Database(sys.argv[1])
except InvalidConfiguration as refused:
    print(refused)
"""


def test_neither_can_another_process(file):
    store = Database(file)
    with pytest.raises(InvalidConfiguration):
        Database(file)
    done = subprocess.run(
        [sys.executable, "-c", OTHER, str(file)], capture_output=True, text=True, timeout=60, check=True
    )
    assert "in use by another emulator" in done.stdout
    store.close()


def foreign(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE letters (text)")
        other.execute("INSERT INTO letters VALUES ('dear')")
    other.close()


def newer(path):
    Database(path).close()
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA user_version = {database.VERSION + 1}")
    other.close()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.write_text("Dear diary, " * 400), "damaged, or holds something else"),
        (lambda path: path.write_text("short"), "damaged, or holds something else"),
        (foreign, "something else than an emulator's state"),
        (newer, "newer voicenb"),
    ],
)
def test_a_file_of_something_else_is_refused_and_left_as_it_is(file, make, told):
    make(file)
    before = file.read_bytes()
    with pytest.raises(InvalidConfiguration, match=told) as caught:
        Database(file)
    assert str(file) in caught.value.message
    assert "new file" in caught.value.remedy
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_file_that_is_cut_in_the_middle_is_refused_and_left_as_it_is(file):
    store = Database(file)
    for n in range(500):
        add(store, f"agent {n}")
    store.close()
    whole = file.read_bytes()
    file.write_bytes(b"\0" * 100 + whole[100:])
    with pytest.raises(InvalidConfiguration, match="damaged"):
        Database(file)
    assert file.read_bytes() == b"\0" * 100 + whole[100:]


def test_an_empty_file_is_a_new_one(file):
    file.touch()
    store = Database(file)
    add(store, "a")
    store.close()


def test_a_place_where_no_file_can_be(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere" / "emulator.sqlite"):
        with pytest.raises(InvalidConfiguration, match="cannot be") as caught:
            Database(path)
        assert str(path) in caught.value.message


def test_a_file_of_the_first_format_is_brought_up_to_date(file):
    store = Database(file)
    add(store, "a")
    for table in ("tokens", "secrets"):
        store.write(f"DROP TABLE {table}")
    store.write("PRAGMA user_version = 1")
    store.close()
    again = Database(file)
    assert names(again) == ["a"]
    assert again.secret("signing", "fresh") == "fresh"
    assert again.read("PRAGMA user_version") == [(database.VERSION,)]
    again.close()


def test_a_secret_is_made_once_and_kept(file):
    store = Database(file)
    assert store.secret("one", "1") == store.secret("one", "2") == "1"
    assert store.secret("two", "2") == "2"
    store.close()
    again = Database(file)
    assert again.secret("one", "3") == "1"
    again.close()


CRASH = """
import os, signal, sys
from voicenb.emulator.database import Database
store = Database(sys.argv[1])
for n in range(50):
    store.write("INSERT INTO agents (id, body) VALUES (?, '{}')", str(n))
os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
def test_what_was_written_is_there_after_a_crash(file):
    done = subprocess.run([sys.executable, "-c", CRASH, str(file)], timeout=60)
    assert done.returncode == -signal.SIGKILL
    os.utime(file, (1000, 1000))  # the last was written to the log beside it
    now = time.time()
    store = Database(file)
    assert names(store) == [str(n) for n in range(50)]
    assert now - 60 < store.last_written < now + 1
    store.close()


def test_when_it_was_last_written_is_of_before_it_was_opened(file):
    store = Database(file)
    assert store.last_written is None
    store.close()
    os.utime(file, (1000, 1000))
    store = Database(file)
    store.write("INSERT INTO agents (id, body) VALUES ('1', '{}')")
    assert store.last_written == 1000
    store.close()
    assert Database().last_written is None


def test_a_file_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    store = Database("~/emulator.sqlite")
    assert store.path == Path(tmp_path) / "emulator.sqlite"
    store.close()
