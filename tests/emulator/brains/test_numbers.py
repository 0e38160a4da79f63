"""Numbers and ordinals, in words and digits: folded into tokens, and said again."""

from __future__ import annotations

import math

import pytest

from voicenb.emulator.brains.numbers import fold, spoken


def folded(text: str) -> str:
    return " ".join(fold(text.split()))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("zero", "#0"),
        ("twelve", "#12"),
        ("twenty five", "#25"),
        ("ninety nine", "#99"),
        ("a hundred", "a #100"),
        ("a thousand", "a #1000"),
        ("one hundred and one", "#101"),
        ("three hundred and twenty five", "#325"),
        ("nineteen hundred", "#1900"),
        ("two thousand and six", "#2006"),
        ("twelve thousand three hundred", "#12300"),
        ("1,250", "#1250"),
        ("8.30", "#8.30"),
        ("minus five point five", "#-5.5"),
        ("negative two", "#-2"),
        ("three point one four one five", "#3.1415"),
        ("twenty two and a half", "#22.5"),
        ("double one triple two", "#1 #1 #2 #2 #2"),
        ("a couple of beers", "a #2 beers"),
        ("a couple", "a #2"),
        ("a dozen", "a #12"),
        ("half a dozen eggs", "#6 eggs"),
        ("half a cake", "half a cake"),
        ("eightish", "#8 ish"),
        ("selfish", "selfish"),
    ],
)
def test_cardinals(text: str, line: str) -> None:
    assert folded(text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("seven thirty", "#7 #30"),  # no number of one word: a time, perhaps
        ("five two eight", "#5 #2 #8"),
        ("ten twenty", "#10 #20"),
        ("twenty twelve", "#20 #12"),
        ("four and five", "#4 and #5"),
        ("two hundred three thousand", "#203000"),
    ],
)
def test_where_one_number_ends_and_the_next_begins(text: str, line: str) -> None:
    assert folded(text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("the first", "the ^1"),
        ("the second one", "the ^2 one"),
        ("second option", "^2 option"),
        ("second", "^2"),
        ("third", "^3"),
        ("21st", "^21"),
        ("the 2nd", "the ^2"),
        ("twenty first", "^21"),
        ("the twenty second of may", "the ^22 of may"),
        ("thirty first", "^31"),
        ("thirtieth", "^30"),
    ],
)
def test_ordinals(text: str, line: str) -> None:
    assert folded(text) == line


@pytest.mark.parametrize(
    "text",
    [
        "one moment",
        "one second",
        "that one",
        "the later one",
        "the best one",
        "no one",
        "one more thing",
        "the small one",
        "first name",
        "first of all",
        "just a second",
        "point taken",
        "hundred",
        "and",
        "",
    ],
)
def test_what_counts_nothing(text: str) -> None:
    assert folded(text) == text


def test_one_person_and_number_one_do_count() -> None:
    assert folded("one person") == "#1 person"
    assert folded("number one") == "number #1"
    assert folded("table for one") == "table for #1"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zero"),
        (4, "four"),
        (20, "twenty"),
        (21, "21"),
        (90, "ninety"),
        (1250, "1250"),
        (-5, "minus five"),
        (21.5, "21.5"),
        (4.0, "four"),
        (0.1 + 0.2, "0.3"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_numbers_for_the_ear(number: float, said: str) -> None:
    assert spoken(number) == said


@pytest.mark.parametrize(
    "text",
    [
        "can I also have one on Saturday",
        "we need one for Friday",
        "I would like one tomorrow",
        "could I get one too",
        "can I also book one",
        "I have one on Friday already",
    ],
)
def test_one_stands_for_a_thing_where_a_day_follows_or_also_goes_before(text: str) -> None:
    assert "#" not in folded(text)


@pytest.mark.parametrize(
    "text",
    [
        "for one",
        "a table for one",
        "just one",
        "we need one",
        "I'll have one",
        "for one on Friday",
        "have one child",
    ],
)
def test_one_that_counts(text: str) -> None:
    assert "#1" in folded(text)
