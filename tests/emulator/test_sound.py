from __future__ import annotations

import pytest

from voicenb.emulator.mouth import Clause, Word
from voicenb.emulator.sound import silence, synthesise, words_of


def test_formats(tone_mouth):
    plain = synthesise(tone_mouth(), "one two", "ivy", "audio/pcm", None)
    narrow = synthesise(tone_mouth(), "one two", "ivy", "audio/pcmu", None)
    assert plain.seconds == narrow.seconds == pytest.approx(0.5)
    assert len(narrow.data) == 4000
    assert narrow.data[-100:] == b"\xff" * 100


@pytest.mark.parametrize(
    ("encoding", "data"),
    [("audio/pcm", bytes(4800)), ("audio/pcmu", b"\xff" * 800), ("audio/pcma", b"\xd5" * 800)],
)
def test_silence(encoding, data):
    assert silence(0.1, encoding).data == data
    assert silence(0.1, encoding).seconds == pytest.approx(0.1)


def test_words_are_written_as_in_the_text():
    clause = Clause(
        "Yes, at 8.", bytes(48_000), (Word("yes", 0.1, 0.3), Word("at", 0.3, 0.4), Word("eight", 0.4, 0.8))
    )
    assert [word.text for word in words_of(clause)] == ["Yes,", "at", "8."]
    assert words_of(clause)[2].end == 0.8


def test_numbers_that_are_read_out_share_the_time():
    spoken = tuple(
        Word(text, n * 0.25, n * 0.25 + 0.25) for n, text in enumerate(("half", "past", "eight", "today"))
    )
    placed = words_of(Clause("20:30 today", bytes(48_000), spoken))
    assert [word.text for word in placed] == ["20:30", "today"]
    assert (placed[0].start, placed[0].end, placed[1].end) == (0.0, 0.5, 1.0)


def test_a_mouth_without_words():
    placed = words_of(Clause("one two", bytes(48_000), ()))
    assert [(word.start, word.end) for word in placed] == [(0.0, 0.5), (0.5, 1.0)]
    assert words_of(Clause(" ", b"", ())) == ()
