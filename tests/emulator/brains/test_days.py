"""Weekdays and dates: heard, settled by a calendar, written, said."""

from __future__ import annotations

import datetime

import pytest

from voicenb.emulator.brains import days
from voicenb.emulator.brains.line import line_of


def test_today_from_the_prompt() -> None:
    assert days.today_of("Today is 2026-03-11.") == datetime.date(2026, 3, 11)
    assert days.today_of("Today is Wednesday, March 11, 2026") == datetime.date(2026, 3, 11)
    assert days.today_of("Today is the 11th of March 2026.") == datetime.date(2026, 3, 11)
    assert days.today_of("Today is a good day.") is None
    assert days.today_of("Today is February 31, 2026.") is None
    assert days.today_of("") is None


@pytest.mark.parametrize(
    ("token", "date"),
    [
        ("%Friday", "2026-03-13"),
        ("%Wednesday", "2026-03-18"),
        ("%tomorrow", "2026-03-12"),
        ("%after", "2026-03-13"),
        ("&03-14", "2026-03-14"),
        ("&02-01", "2027-02-01"),
        ("&2026-05-01", "2026-05-01"),
    ],
)
def test_dates_with_a_calendar(token: str, date: str) -> None:
    assert days.settle(token, datetime.date(2026, 3, 11), None) == date


def test_dates_without_a_calendar() -> None:
    assert days.settle("%Friday", None, 2026) is None
    assert days.settle("&03-14", None, 2026) == "2026-03-14"
    assert days.settle("&03-14", None, None) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Fridays", "%Friday"),
        ("friday's", "%Friday"),
        ("on fri", "on %Friday"),
        ("next Thurs.", "next %Thursday ."),
        ("the sun sat", "the sun sat"),
        ("today", "%today"),
        ("tonight at eight", "%today at @08:00~"),
        ("this evening", "%today evening"),
        ("tomorrow's lunch", "%tomorrow lunch"),
        ("the day after tomorrow", "%after"),
        ("in a day", "%tomorrow"),
        ("in two days", "%after"),
        ("in ten days", "%in-10"),
        ("in a week", "%in-7"),
        ("in three weeks", "%in-21"),
        ("in a minute", "in a minute"),
        ("March the third", "&03-03"),
        ("the third of March", "&03-03"),
        ("March 3", "&03-03"),
        ("21st of November", "&11-21"),
        ("the twenty-first of November", "&11-21"),
        ("the 14th of March 2026", "&2026-03-14"),
        ("2026-03-14", "&2026-03-14"),
        ("Christmas Eve", "&12-24"),
        ("on Christmas day", "on &12-25"),
        ("New Year's Eve", "&12-31"),
        ("may I come", "may I come"),
        ("May thirty second", "May ^32"),
        ("the thirtieth of February", "the ^30 of February"),
        ("the 29th of February", "&02-29"),
        ("March at 7:30", "March at @07:30~"),
    ],
)
def test_days_in_a_line(text: str, line: str) -> None:
    assert line_of(text) == line


@pytest.mark.parametrize(
    ("word", "day"),
    [("Fri", "Friday"), ("sat.", "Saturday"), ("TUES", "Tuesday"), ("friday", ""), ("fries", ""), ("", "")],
)
def test_short_names(word: str, day: str) -> None:
    assert days.short(word) == day


WEDNESDAY = datetime.date(2026, 3, 11)


@pytest.mark.parametrize(
    ("token", "line", "date"),
    [
        ("%in-10", "", "2026-03-21"),
        ("%in-21", "", "2026-04-01"),
        ("%Friday", "friday next week", "2026-03-13"),
        ("%Friday", "a week on %Friday", "2026-03-20"),
        ("%Friday", "friday week", "2026-03-20"),
        ("&03-10", "", "2027-03-10"),  # yesterday's date is next year's
        ("&03-11", "", "2026-03-11"),
        ("&12-31", "", "2026-12-31"),
        ("&02-29", "", None),  # 2027 has none
        ("&2026-02-31", "", None),
    ],
)
def test_more_dates_with_a_calendar(token: str, line: str, date: str | None) -> None:
    assert days.settle(token, WEDNESDAY, None, line) == date


@pytest.mark.parametrize(
    ("day", "date"),
    [(11, "2026-03-11"), (10, "2026-04-10"), (31, "2026-03-31"), (1, "2026-04-01"), (32, None), (0, None)],
)
def test_a_day_of_the_month_is_the_next_one(day: int, date: str | None) -> None:
    assert days.of_the_month(day, WEDNESDAY) == date


def test_a_day_of_the_month_that_the_month_has_not_is_in_a_later_one() -> None:
    assert days.of_the_month(31, datetime.date(2026, 4, 2)) == "2026-05-31"
    assert days.of_the_month(30, datetime.date(2026, 12, 31)) == "2027-01-30"
    assert days.of_the_month(21, None) is None


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("%Friday", "Friday"),
        ("%tomorrow", "tomorrow"),
        ("%after", "the day after tomorrow"),
        ("%in-5", "in 5 days"),
        ("&03-14", "March 14"),
        ("&2026-03-14", "March 14, 2026"),
    ],
)
def test_tokens_for_a_tool_that_takes_words(token: str, words: str) -> None:
    assert days.words(token) == words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-03-14", "March fourteenth"),
        ("03-14", "March fourteenth"),
        ("2026-03-31", "March thirty-first"),
        ("November 21", "November twenty-first"),
        ("March 14, 2026", "March fourteenth"),
        ("2026-13-01", "2026-13-01"),
        ("Friday", "Friday"),
        ("in 5 days", "in five days"),
        ("Table 9", "Table 9"),
    ],
)
def test_days_for_the_ear(value: str, said: str) -> None:
    assert days.say(value) == said


@pytest.mark.parametrize(
    ("said", "alone"),
    [("tomorrow", True), ("the day after tomorrow", True), ("in 5 days", True), ("Friday", False)],
)
def test_words_that_stand_without_on(said: str, alone: bool) -> None:
    assert days.is_relative(said) is alone


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "first"), (20, "twentieth"), (21, "twenty-first"), (30, "thirtieth"), (31, "thirty-first")],
)
def test_ordinals(number: int, word: str) -> None:
    assert days.ordinal(number) == word
