"""One or many, something to count or not."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.nouns import is_many, number_of, of_name, state_of


@pytest.mark.parametrize("words", ["tables", "free tables", "people", "children", "boxes"])
def test_many(words: str) -> None:
    assert is_many(words)


@pytest.mark.parametrize("words", ["table", "class", "status", "analysis", "news"])
def test_one(words: str) -> None:
    assert not is_many(words)


@pytest.mark.parametrize(
    ("words", "number", "said"),
    [
        ("tables", 3, "there are three tables"),
        ("tables", 0, "there are no tables"),
        ("boxes", 1, "there is one box"),
        ("free parties", 1, "there is one free party"),
        ("dishes", 1, "there is one dish"),
        ("people", 1, "there is one person"),
        ("tables", 2.5, "the tables are 2.5"),
        ("tables", -1, "the tables are minus one"),
        ("waiting minutes", 20, "the waiting minutes are twenty"),
        ("number of guests", 4, "the number of guests is four"),
        ("temperature", 21, "the temperature is 21"),
    ],
)
def test_numbers_of_things(words: str, number: float, said: str) -> None:
    assert number_of(words, number) == said


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("get table", "table"),
        ("free tables", "free tables"),
        ("look up weather", "weather"),
        ("roll dice", "dice"),
        ("number of guests", "number of guests"),
        ("get free", ""),
        ("check", ""),
    ],
)
def test_what_a_tool_is_about(name: str, about: str) -> None:
    assert of_name(name.split()) == about


@pytest.mark.parametrize(
    ("words", "holds", "said"),
    [
        ("in stock", True, "it is in stock"),
        ("in stock", False, "it is not in stock"),
        ("available", True, "it is available"),
        ("is open", False, "it is not open"),
        ("confirmed", True, "it is confirmed"),
        ("refundable", False, "it is not refundable"),
        ("parking", False, "parking: no"),
        ("pets", True, "pets: yes"),
    ],
)
def test_what_is_so_or_not(words: str, holds: bool, said: str) -> None:
    assert state_of(words, holds) == said
