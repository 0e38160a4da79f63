# ruff: noqa: RUF001 (typographic marks are meant)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.emulator.voices.normalise import normalise
from voicenb.errors import UnspeakableText


def said(text, **options):
    return " ".join(piece.said for piece in normalise(text, **options) if piece.said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 19:00.", "at 7 pm."),
        ("at 20:30, or 7:05", "at 8 30 pm, or 7 oh 5"),
        ("7:00 p.m. sharp", "7 pm sharp"),
        ("7:00 today", "7 o'clock today"),
        ("00:15 and 12:00", "12 15 am and 12 o'clock"),
        ("$12.50, €20 or £1", "12 dollars and 50 cents, 20 euros or 1 pound"),
        ("$0.99 or 1,200€", "99 cents or 1200 euros"),
        ("call 555-1234", "call 5 5 5, 1 2 3 4"),
        ("zip 94107", "zip 9 4 1 0 7"),
        ("10-12 people", "10 to 12 people"),
        ("in 1995 or 1800 or 1905", "in 19 95 or 18 hundred or 19 oh 5"),
        ("in 2026", "in 2026"),
        ("Dr. Smith, e.g. Mr. X", "doctor Smith, for example mister X"),
        ("St. Mary in Baker St. is", "saint Mary in Baker street is"),
        ("No. 5 is no.", "number 5 is no."),
        ("soup, bread, etc.", "soup, bread, et cetera."),
        ("#5 *bold* `code` <b>", "number 5 bold code b"),
        ("the rest — of it", "the rest, of it"),
        ("nice 😀 day!", "nice day!"),
        ("Wait… what?", "Wait. what?"),
        ("it’s “fine”", "it's fine"),
        ("naïve café", "naïve café"),
        ("a & b", "a and b"),
        ("[[h@]] there", "h@ there"),
        ("Mm-hm.", "um-hmm."),
        ("Mhm, mm-hmm! Mmhm", "um-hmm, um-hmm! um-hmm"),
        ("Mm-hm…", "um-hmm."),
        ("Hmm, hm? Mmm.", "hmm, hmm? hmm."),
        ("5 mm", "5 mm"),
        ("Uh-huh. Him and ham.", "Uh-huh. Him and ham."),
    ],
)
def test_what_is_said(text, expected):
    assert said(text) == expected


def test_each_written_word_knows_what_is_said_for_it():
    pieces = normalise("Come at 19:00 — 😀 please.")
    assert [(piece.word, piece.said) for piece in pieces] == [
        ("Come", "Come"),
        ("at", "at"),
        ("19:00", "7 pm,"),
        ("—", ""),
        ("😀", ""),
        ("please.", "please."),
    ]


def test_voices_of_other_languages_read_their_own_letters():
    assert said("Привет, *мир* 😀 19:00", english=False) == "Привет, мир 19:00"
    with pytest.raises(UnspeakableText, match="Привет"):
        normalise("Привет")


@given(st.text(max_size=60))
def test_every_word_has_its_piece_or_there_is_nothing_to_say(text):
    try:
        pieces = normalise(text)
    except UnspeakableText:
        return
    assert [piece.word for piece in pieces] == text.split()
