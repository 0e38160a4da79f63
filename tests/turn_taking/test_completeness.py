import pytest

from voicenb.turn_taking.completeness import Completeness, Words, looks_complete


@pytest.mark.parametrize(
    "text",
    [
        "A table for four on Friday.",
        "Ten of clubs",
        "yes",
        "Mm-hm.",
        "I want that",
        "What is it for?",
        "Who are you with?",
        "I have been there before.",
        "I think so.",
        "At seven thirty",
        "Table for two",
        "In room 305",
        "five five",
        "My number is 555-0123.",
        "It's five five five, oh one two three",
        "Call me at 555 0123 456",
        "Turn it off",
        "He said “no.”",
    ],
)
def test_what_could_be_all(text: str) -> None:
    assert looks_complete(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " . ",
        "I would like the",
        "I would like the.",
        "a table for",
        "with John and",
        "because",
        "I need um",
        "Er...",
        "Well,",
        "And then -",
        "My",
        "five five five",
        "My number is five five five oh one",
        "My number is 555 01",
        "Is it the?",
    ],
)
def test_what_must_go_on(text: str) -> None:
    assert not looks_complete(text)


def test_the_default_fills_the_protocol() -> None:
    judge: Completeness = Words()
    assert judge.looks_complete("Fine.")
    assert not judge.looks_complete("Fine, and")
