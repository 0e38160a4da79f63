from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.emulator.voices.clauses import FIRST, LONGEST, ClauseStream, clauses

_PIECES = (
    "Yes.|Sure,|I|have|a|table|for|four|7 p.m.|Dr.|Smith|and|e.g.|wait…|1.|\n|\n\n|—|half|past|eight?|U.S."
    '|Then|supercalifragilistic|3.5|😀|  |"Hi!"'
)
PIECES = st.sampled_from(_PIECES.split("|"))
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map(" ".join))


def streamed(text, cuts):
    stream = ClauseStream()
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    found = [clause for start, stop in pairwise(places) for clause in stream.push(text[start:stop])]
    return [*found, *stream.finish()]


@given(TEXTS, st.lists(st.integers(0, 500), max_size=30))
def test_no_word_is_lost_or_moved_however_the_text_comes_in(text, cuts):
    found = streamed(text, cuts)
    assert [word for clause in found for word in clause.split()] == text.split()
    assert found == clauses(text)


@given(TEXTS)
def test_clauses_are_bounded_and_hold_something(text):
    found = clauses(text)
    assert all(clause == clause.strip() and clause for clause in found)
    assert all(len(clause.split()) <= LONGEST for clause in found)
    assert len(found[0].split()) <= FIRST if found else True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes.", ["Yes."]),
        ("", []),
        (" \n ", []),
        ("Lido, good evening.", ["Lido, good evening."]),
        (
            "Sure, a table for four on Friday. Shall I book it?",
            ["Sure, a table for four", "on Friday.", "Shall I book it?"],
        ),
        (
            "I am sorry, there is nothing free on Friday at eight.",
            ["I am sorry,", "there is nothing free on Friday at eight."],
        ),
        ("I have seven or half past eight free.", ["I have seven", "or half past eight free."]),
        ("Dr. Smith is here. So is e.g. Mr. Jones.", ["Dr. Smith is here.", "So is e.g. Mr. Jones."]),
        ("We open at 7 p.m. Please come.", ["We open at 7 p.m.", "Please come."]),
        ("We open at 7 p.m. every day.", ["We open at 7 p.m.", "every day."]),
        ("It costs 3.50 euros! Wow…", ["It costs 3.50 euros!", "Wow…"]),
        ("Two dishes:\n1. soup\n2. salad", ["Two dishes:", "1. soup", "2. salad"]),
        ('He said "Come in." Then he left.', ['He said "Come in."', "Then he left."]),
    ],
)
def test_where_the_cuts_are(text, expected):
    assert clauses(text) == expected


def test_a_long_sentence_is_taken_apart_at_a_pause():
    words = [f"word{n}" for n in range(40)]
    words[20] += ","
    found = clauses("Well then. " + " ".join(words))
    assert found[1].endswith("word20,")


def test_clauses_come_as_soon_as_they_are_known():
    stream = ClauseStream()
    assert stream.push("Of course. I") == ["Of course."]
    assert stream.push(" have half past eight or nine") == []
    assert stream.push("? ") == ["I have half past eight or nine?"]
    assert stream.push("Which") == []
    assert stream.finish() == ["Which"]


def test_the_first_clause_does_not_wait_for_the_sentence():
    stream = ClauseStream()
    assert stream.push("I can offer you a table for ") == ["I can offer you a table"]


def test_a_very_long_reply_is_no_trouble():
    text = "A sentence of five words. " * 4000
    assert len(clauses(text)) == 4000
