"""What people are called, in what was said."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.names import introduced, named


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My name is Anna.", "Anna"),
        ("my name is anna berger", "Anna"),
        ("My name is Anna Berger and I'd like a table", "Anna Berger"),
        ("The name is O'Brien.", "O'Brien"),
        ("Names Tom.", "Tom"),
        ("name's Ludwig van Beethoven", "Ludwig van Beethoven"),
        ("put it under Van der Berg", "Van der Berg"),
        ("change the name to Maria", "Maria"),
        ("the name should be Maria", "Maria"),
        ("A table for Anna on Friday", "Anna"),
        ("Hi, this is Sarah calling from Acme", "Sarah"),
        ("I'm Peter", "Peter"),
        ("Call me Ishmael", "Ishmael"),
        ("Anna's table, the name is Berger", "Berger"),
    ],
)
def test_introduced(text: str, name: str) -> None:
    assert introduced(line_of(text), asked=False) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I'm sorry",
        "I'm afraid not",
        "I'm looking for a table",
        "This is great",
        "for Friday",
        "for four",
        "under no name",
        "in the name of",
        "it's for tomorrow",
        "The table for the name",
        "B as in Bravo",
    ],
)
def test_nobody_is_introduced(text: str) -> None:
    assert introduced(line_of(text), asked=False) == ""


def test_a_weak_hint_counts_only_when_a_name_was_asked_for() -> None:
    for text in ("It's Berger.", "in Paris"):
        assert introduced(line_of(text), asked=False) == ""
    assert introduced(line_of("It's Berger."), asked=True) == "Berger"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna.", "Anna"),
        ("anna", "Anna"),
        ("Anna Berger, please.", "Anna Berger"),
        ("Müller", "Müller"),
        ("Anna. A-N-N-A.", "Anna"),
        ("Anna, A-N-N-A", "Anna"),
        ("J O N A S", "Jonas"),
        ("B O", "Bo"),
        ("Fine. Jones.", "Jones"),
        ("All right, Jones, thanks.", "Jones"),
        ("Berger. B as in Bravo, E, R, G, E, R.", "Berger"),
        ("Smith with a Y.", "Smith"),
        ("Under the name of the company, Acme.", "Acme"),
        ("Anna?", "Anna"),
        ("Make it Maria.", "Maria"),
        ("Dr. Smith", "Dr Smith"),
        ("No, Smythe.", "Smythe"),
        ("Noah", "Noah"),
        ("Will Smith", "Will Smith"),
        ("Smith, John Smith.", "John Smith"),
        ("Nora Nolan", "Nora Nolan"),
    ],
)
def test_answers_to_the_question_for_a_name(text: str, name: str) -> None:
    assert named(line_of(text)) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I'm your Peter.", "Peter"),
        ("Under Peter.", "Peter"),
        ("Your Peter.", "Peter"),
        ("You're Peter.", "Peter"),
        ("It's for Peter.", "Peter"),
        ("It's under Peter Miller, please.", "Peter Miller"),
        ("I'm the Peter.", "Peter"),
        ("Yes, your Anna.", "Anna"),
    ],
)
def test_a_name_at_the_end_of_small_words_that_were_heard_for_others(text: str, name: str) -> None:
    line = line_of(text)
    assert (introduced(line, asked=True) or named(line)) == name


@pytest.mark.parametrize(
    "text",
    [
        "I'm your Friday.",
        "It's your Monday, please.",
        "I'm your Customer.",
        "I'm your guest",
        "Is your Peter?",
        "Your Company.",
        "You are right, Sir.",
        "You're Welcome.",
        "I'm from London.",
        "My God.",
        "Oh my Lord.",
        "I told you that it is not your Peter",
        "Your",
        "I'm your",
    ],
)
def test_what_stands_at_the_end_and_is_no_name(text: str) -> None:
    line = line_of(text)
    assert (introduced(line, asked=True) or named(line)) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna. No, sorry, Hannah.", "Hannah"),
        ("Not Anna, Hanna.", "Hanna"),
        ("Not Bill, Will.", "Will"),
        ("Anna, I mean Hannah.", "Hannah"),
        ("Anna, no, it's Hannah.", "Hannah"),
        ("Anna, no problem.", "Anna"),
        ("Anna. Sorry, the line is bad.", "Anna"),
        ("Anna. No, wait.", "Anna"),
        ("Margaret. Margaret Thompson.", "Margaret Thompson"),
    ],
)
def test_names_that_are_taken_back_or_said_again(text: str, name: str) -> None:
    assert named(line_of(text)) == name


def test_the_same_when_they_are_introduced() -> None:
    assert introduced(line_of("My name is Anna, no, Hannah."), asked=False) == "Hannah"
    assert (
        introduced(line_of("It's Margaret. Margaret Thompson, with a P."), asked=True) == "Margaret Thompson"
    )
    assert introduced(line_of("My name is Anna and no onions please"), asked=False) == "Anna"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes",
        "None of your business.",
        "whatever",
        "seven",
        "half past eight",
        "on Friday",
        "Who are you?",
        "Is parking free?",
        "Do you have parking?",
        "What's the dress code?",
        "I'd rather not say",
        "the line is bad",
        "Will it rain?",
        "will do",
        "one two three four five",
        "a b c d e f g of a very long thing",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert named(line_of(text)) == ""
