"""How many people, in what was said."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.people import counted, counts


def last(text: str) -> float | None:
    found = counts(line_of(text))
    return found[-1][2] if found else None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("four people", 4),
        ("a table for two", 2),
        ("a party of twelve", 12),
        ("a family of five", 5),
        ("we are six", 6),
        ("there'll be about ten", 10),
        ("all three of us", 3),
        ("could you fit in four of us", 4),
        ("fit in four buses Friday", 4),  # as it was heard
        ("can you squeeze in six", 6),
        ("just the two of us", 2),
        ("both of us", 2),
        ("a party of one", 1),
        ("just me", 1),
        ("for me", 1),
        ("a table for me, please", 1),
        ("on my own", 1),
        ("solo", 1),
        ("a dozen people", 12),
        ("half a dozen people", 6),
        ("two couples", 4),
        ("a couple of people", 2),
    ],
)
def test_counted_out(text: str, number: int) -> None:
    assert last(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("me and my wife", 2),
        ("my husband and I", 2),
        ("with a friend", 2),
        ("with three friends", 4),
        ("me and three friends", 4),
        ("me and two others", 3),
        ("a couple of friends and me", 3),
        ("my wife, my son and I", 3),
        ("me, my wife, and our two kids", 4),
        ("with my wife and two kids", 4),
        ("with my parents", 3),
        ("with my older sister and her husband", 3),
        ("a table for my parents", 2),
        ("it's just me and a friend", 2),
        ("me and mommy and daddy", 3),
        ("I'm coming with my boss", 2),
    ],
)
def test_told_member_by_member(text: str, number: int) -> None:
    assert last(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("two adults and two kids", 4),
        ("four adults and a baby", 5),
        ("six plus two small children", 8),
        ("we are four and a baby", 5),
    ],
)
def test_the_young_count_too(text: str, number: int) -> None:
    assert last(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "at four",
        "for four nights",
        "four pizzas",
        "for four thirty",
        "I and my luggage",
        "a bit late for my sister",
        "with my wife's name",
        "two hundred grams",
        "my people",
        "me",
        "What can you do for me?",
        "Could you book a table for me?",
        "Check that for me, please.",
        "For me it's fine.",
    ],
)
def test_nobody_is_counted(text: str) -> None:
    assert last(text) is None
    assert not counted(line_of(text))


def test_in_the_order_of_the_line_and_where_they_are() -> None:
    line = line_of("four people, no, two adults and a child")
    found = counts(line)
    assert [number for _, _, number in found] == [4, 3]
    assert [line[start:end] for start, end, _ in found] == ["#4 people", "#2 adults and a child"]
