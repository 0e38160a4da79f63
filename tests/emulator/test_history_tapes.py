"""Sound on a temporary file."""

from __future__ import annotations

import pytest

from voicenb.emulator import history_tapes
from voicenb.emulator.history_tapes import Tapes
from voicenb.emulator.history_tracks import Piece


def piece(start, size=100):
    return Piece(start, "audio/pcm", bytes([round(start)]) * size)


@pytest.fixture
def tapes():
    made = Tapes(limit=1000)
    yield made
    made.close()
    made.close()


def starts(tapes, session, side="user"):
    return [entry.start for entry in tapes.pieces(session, side)]


def test_each_side_of_each_session_in_its_order(tapes):
    for n in range(3):
        tapes.keep("s1", "user", piece(n))
        tapes.keep("s1", "agent", piece(10 + n))
        tapes.keep("s2", "user", piece(20 + n))
    assert list(tapes.pieces("s1", "user")) == [piece(0), piece(1), piece(2)]
    assert starts(tapes, "s1", "agent") == [10, 11, 12]
    assert starts(tapes, "s2") == [20, 21, 22]
    assert (tapes.has("s1"), tapes.has("s3")) == (True, False)


def test_it_is_forgotten(tapes):
    tapes.keep("s1", "user", piece(1))
    tapes.keep("s2", "user", piece(2))
    tapes.forget("s1")
    tapes.forget("s1")
    assert (starts(tapes, "s1"), starts(tapes, "s2"), tapes.has("s1")) == ([], [2], False)


def test_the_oldest_makes_room(tapes):
    for n in range(1, 5):
        tapes.keep(f"s{n}", "user", piece(n, 300))
    assert [tapes.has(f"s{n}") for n in range(1, 5)] == [False, True, True, True]
    tapes.keep("s4", "user", piece(9, 2000))  # more than there is room for: the others go, it stays
    assert [tapes.has(f"s{n}") for n in range(1, 5)] == [False, False, False, True]


def test_a_file_takes_the_place_of_the_pieces(tapes, monkeypatch):
    monkeypatch.setattr(history_tapes, "CHUNK", 3)
    tapes.keep("s1", "user", piece(1, 300))
    assert tapes.file("s1") is None
    assert tapes.seal("s1", b"OggS, and more")
    assert (starts(tapes, "s1"), tapes.file("s1"), tapes.has("s1")) == ([], b"OggS, and more", True)
    for n in range(3):
        tapes.keep("s2", "user", piece(n, 300))
    assert tapes.file("s1") == b"OggS, and more"  # it needs less room
    tapes.forget("s1")
    assert (tapes.file("s1"), tapes.has("s1")) == (None, False)


def test_what_is_gone_meanwhile_gets_no_file(tapes):
    assert not tapes.seal("s1", b"OggS")
    tapes.keep("s1", "user", piece(1))
    (first, *_) = tapes.pieces("s1", "user")
    assert first == piece(1)
    reading = tapes.pieces("s1", "user")
    tapes.forget("s1")
    assert list(reading) == []


def test_one_that_is_forgotten_and_goes_on_has_only_what_came_since(tapes):
    tapes.keep("s1", "user", piece(1))
    reading = tapes.pieces("s1", "user")
    assert next(reading) == piece(1)
    tapes.forget("s1")
    tapes.keep("s1", "user", piece(2))
    assert starts(tapes, "s1") == [2]
    assert list(reading) == []  # it is another tape by now


def test_what_is_dropped_is_wiped_little_by_little(tapes):
    def rows():
        return tapes._connection.execute("SELECT count(*) FROM pieces").fetchone()[0]

    for n in range(9):
        tapes.keep("s1", "user", piece(n, 1))
    tapes.forget("s1")
    assert rows() == 9
    seen = []
    for n in range(5):
        tapes.keep("s2", "user", piece(n, 1))
        seen.append(rows())
    assert seen == [9 - 4 + 1, 5 - 4 + 2, 3, 4, 5]
