"""What was heard, as one line of words and typed tokens."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.line import line_of, plain, words


def test_a_line_without_times_keeps_the_numbers() -> None:
    assert line_of("Set it at 21.", times=False) == "Set it at #21 ."


def test_plain() -> None:
    assert plain("  It's — fine, “really”! ") == "it's fine really"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "A table for four on Friday at half past eight, please.",
            "A table for #4 on %Friday at @08:30~ , please .",
        ),
        ("Wait! Not that; this — here.", "Wait . Not that , this , here ."),
        ("I\u2019d like “it”", "I'd like it"),
        ("e-mail me", "e mail me"),
        ("J O N A S", "Jonas"),
        ("S-M-Y-T-H-E.", "Smythe"),
        ("S, M, I, T, H, Smith", "Smith , Smith"),
        ("B as in Bravo, O, B", "Bob"),
        ("I, a clown", "I , a clown"),
        ("It's A B, 1", "It's A B , #1"),
        ("anna@example.com", "anna@example.com"),
        ("-5 degrees", "#-5 degrees"),
        ("3-4 people", "#3 #4 people"),
        ("\U0001f600", ""),
        ("", ""),
    ],
)
def test_lines(text: str, line: str) -> None:
    assert line_of(text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a table for to on Friday", "a table for #2 on %Friday"),
        ("a table for for at ate", "a table for #4 at @08:00~"),
        ("table to, please", "table #2 , please"),
        ("a party of ate", "a party of #8"),
        ("half past ate", "@08:30~"),
        ("have past ate", "@08:30~"),
        ("quarter too nine", "@08:45~"),
        ("ten two eight", "@07:50~"),
        ("we are for", "we are #4"),
        ("there will be for of us", "there will be #4 of us"),
        ("for people", "#4 people"),
        ("to people", "#2 people"),
        ("sex of us", "#6 of us"),
        ("tree people", "#3 people"),
        # Where something else can be meant nothing is changed.
        ("a table for Toby", "a table for Toby"),
        ("a table for the two of us", "a table for the #2 of us"),
        ("I ate to much", "I ate to much"),
        ("we are to come", "we are to come"),
        ("I won the lottery", "I won the lottery"),
        ("we have passed Rome", "we have passed Rome"),
    ],
)
def test_numbers_that_a_recogniser_wrote_as_small_words(text: str, line: str) -> None:
    assert line_of(text) == line


def test_words_are_a_line_without_punctuation() -> None:
    assert words("Anna , #4 . @08:30~ ?") == "Anna #4 @08:30~"
    assert words("anna.berger@example.com , 7:30") == "anna.berger@example.com 7:30"
    assert words(". , !") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("...", ""),
        ("O\u2019Brien!", "o'brien"),
        ("7:30 p.m.", "7 30 p m"),
        ("snake_case", "snake case"),
    ],
)
def test_more_plain_words(text: str, said: str) -> None:
    assert plain(text) == said
