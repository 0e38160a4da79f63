"""Words, patterns and near matches; and what was heard of them."""

import re

import pytest

from voicenb.analysis.turn import Turn
from voicenb.errors import InvalidConfiguration
from voicenb.testing.expectations.wording import Wording, words


def agent(text, unheard="", start=1.0):
    return Turn(1, "agent", "turn", start, 2.0, text, unheard)


def test_words_without_case_and_marks():
    assert words("Half past eight; it's 8:30, isn\u2019t it?") == [
        *("half", "past", "eight", "it's", "8", "30", "isn't", "it")
    ]


def test_whole_words_in_order():
    wording = Wording.given("half past")
    assert wording.found("At HALF, past eight.")
    assert not wording.found("At half of past eight.")
    assert not Wording.given("past eigh").found("half past eight")
    assert Wording.given("Zürich").found("nach zürich!")


def test_a_pattern_is_searched_for_in_the_text_as_it_is():
    wording = Wording.given(re.compile(r"\b(seven|eight)\b"))
    assert wording.found("at eight.")
    assert not wording.found("at Eight.")
    assert str(wording) == r"/\b(seven|eight)\b/"


def test_near_is_for_what_was_misheard():
    wording = Wording.given("a table for four", 0.8)
    assert wording.found("I want a tabel for for, please")
    assert not wording.found("I want a taxi for forty, please")
    assert not Wording.given("a table for four").found("I want a tabel for for, please")
    assert wording.likeness("A table for four!") == 1
    assert wording.likeness("") == 0
    assert "80%" in str(wording)


@pytest.mark.parametrize("what", ["", " ?! ", None, 5, b"x", re.compile(b"x")])
def test_what_cannot_be_said(what):
    with pytest.raises(InvalidConfiguration):
        Wording.given(what)


@pytest.mark.parametrize("near", [2, -0.1, "x"])
def test_a_likeness_that_is_none(near):
    with pytest.raises(InvalidConfiguration):
        Wording.given("words", near)
    with pytest.raises(InvalidConfiguration):
        Wording.given(re.compile("x"), 0.5)


@pytest.mark.parametrize(
    ("what", "known"),
    [
        ("a table by", True),
        ("a table by the", None),  # the last word that was heard: perhaps it was not
        ("the window", None),  # the first one that was not: perhaps it was
        ("window one", False),
        ("beside", False),
    ],
)
def test_of_a_reply_that_was_cut_off_the_border_is_known_to_a_word(what, known):
    assert Wording.given(what).said(agent("We have a table by the", "window, one beside the door")) is known


def test_of_the_agent_only_what_was_heard():
    assert Wording.given("window").said(agent("by the window")) is True
    assert Wording.given("window").said(agent("by the window", start=None)) is False
    assert Wording.given("window").said(agent("")) is None  # sound without a transcript
    assert Wording.given("window").said(Turn(1, "user", "plain", None, None, "by the window")) is True
    assert Wording.given("window").said(Turn(1, "user", "plain", 1.0, 2.0, "")) is False
