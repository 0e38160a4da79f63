"""Times of day: heard, settled, written, said."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains import clock
from voicenb.emulator.brains.line import line_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("19:00", "seven in the evening"),
        ("20:30", "half past eight in the evening"),
        ("08:15", "quarter past eight in the morning"),
        ("23:45", "quarter to twelve at night"),
        ("12:00", "noon"),
        ("00:00", "midnight"),
        ("14:05", "two oh five in the afternoon"),
        ("7:40 pm", "seven forty in the evening"),
        ("9:52", "nine fifty-two in the morning"),
    ],
)
def test_times_for_the_ear(text: str, said: str) -> None:
    time = clock.parse(text)
    assert time is not None
    assert clock.say(time) == said


@pytest.mark.parametrize("text", ["", "8", "soon", "25:00", "8.30", None, 8, "A table at 8:30"])
def test_what_is_no_time(text: object) -> None:
    assert clock.parse(text) is None


@pytest.mark.parametrize(
    ("example", "written"),
    [("20:30", "19:30"), ("8:30 pm", "7:30 pm"), ("8pm", "7:30pm"), ("9 A.M.", "7:30 P.M."), ("", "19:30")],
)
def test_times_as_the_tool_writes_them(example: str, written: str) -> None:
    assert clock.written(clock.Time(19 * 60 + 30, loose=False), example) == written


@pytest.mark.parametrize(
    ("line", "example", "hours"),
    [
        ("seven", "20:30", 19),
        ("seven in the morning", "20:30", 7),
        ("nine", "9:30", 9),
        ("two", "9:30", 14),
        ("nine for dinner", "9:30", 21),
    ],
)
def test_the_open_half_of_the_day(line: str, example: str, hours: int) -> None:
    hour = {"seven": 7, "nine": 9, "two": 2}[line.split()[0]]
    settled = clock.settle(clock.Time(hour * 60, loose=True), line, clock.parse(example))
    assert settled.minutes == hours * 60


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("seven thirty", "@07:30~"),
        ("eight oh five", "@08:05~"),
        ("half past eight", "@08:30~"),
        ("half passed eight", "@08:30~"),
        ("half eight", "@08:30~"),
        ("quarter to nine", "@08:45~"),
        ("a quarter of nine", "@08:45~"),
        ("quarter past seven", "@07:15~"),
        ("quarter to nine in the evening", "@20:45"),
        ("quarter to one", "@00:45~"),
        ("ten to eight", "@07:50~"),
        ("twenty five past six", "@06:25~"),
        ("five minutes to twelve", "@11:55~"),
        ("19:00", "@19:00"),
        ("7:30 p.m.", "@19:30"),
        ("7pm", "@19:00"),
        ("eight p m", "@20:00"),
        ("12 am", "@00:00"),
        ("12 pm", "@12:00"),
        ("noon", "@12:00"),
        ("midnight", "@00:00"),
        ("twelve at night", "@00:00"),
        ("two at night", "@02:00"),
        ("eight o'clock", "@08:00~"),
        ("nineteen hundred hours", "@19:00"),
        ("twenty hours thirty", "@20:30"),
        ("twenty thirty", "@20:30"),
        ("around eight", "around @08:00~"),
        ("after seven", "after @07:00~"),
        ("eightish", "@08:00~"),
        ("between seven and nine", "between @07:00~ and @09:00~"),
        ("at 830", "at @08:30~"),
        ("at eight for six people", "at @08:00~ for #6 people"),
        ("08:30", "@08:30"),  # written like that it is the morning
    ],
)
def test_times_in_a_line(text: str, line: str) -> None:
    assert line_of(text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("at eight, no, wait, seven", "at @08:00~ , no , wait , @07:00~"),
        ("at half past eight or nine", "at @08:30~ or @09:00~"),
        ("at 8 pm, sorry, 7", "at @20:00 , sorry , @07:00~"),
        ("at seven, no, five people", "at @07:00~ , no , #5 people"),
        ("at seven, four", "at @07:00~ , #4"),
        ("at seven, actually 99", "at @07:00~ , actually #99"),
    ],
)
def test_a_time_that_is_taken_back_makes_the_next_number_one(text: str, line: str) -> None:
    assert line_of(text) == line


@pytest.mark.parametrize(
    "text",
    [
        "seven",
        "at seven people",
        "half seven people",
        "by two guests",
        "five to eight people",
        "from three dollars",
        "25:00",
        "at ninety",
        "seven percent",
    ],
)
def test_numbers_that_are_no_times(text: str) -> None:
    assert "@" not in line_of(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("@07:00~", "@19:00", True),
        ("@19:00", "@07:00", False),
        ("@07:00~", "@07:30", False),
        ("@12:00~", "@00:00", True),
    ],
)
def test_times_that_can_mean_the_same(one: str, other: str, same: bool) -> None:
    (_, first), (_, second) = clock.times(f"{one} {other}")
    assert first.matches(second) is same
    assert second.matches(first) is same
    assert (first.token(), second.token()) == (one, other)


def test_the_places_of_times() -> None:
    assert [place for place, _ in clock.times("at @08:00~ or @09:30")] == [3, 14]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("20:30", 1230), ("8:30 pm", 1230), ("7pm", 1140), ("12 a.m.", 0), ("12pm", 720), ("19:00:00", 1140)],
)
def test_times_of_tools(text: str, minutes: int) -> None:
    assert clock.parse(text) == clock.Time(minutes, loose=False)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, ""),
        (60, "at night"),
        (4 * 60, "in the morning"),
        (719, "in the morning"),
        (720, ""),
        (721, "in the afternoon"),
        (17 * 60 - 1, "in the afternoon"),
        (17 * 60, "in the evening"),
        (22 * 60, "at night"),
    ],
)
def test_parts_of_the_day(minutes: int, said: str) -> None:
    assert clock.part_of_day(clock.Time(minutes, loose=False)) == said


def test_without_the_part_of_the_day() -> None:
    assert clock.say(clock.Time(20 * 60 + 30, loose=False), part=False) == "half past eight"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("nineteen hundred", "@19:00"),
        ("Twenty hundred, please.", "@20:00 , please ."),
        ("on Friday, nineteen hundred, please", "on %Friday , @19:00 , please"),
        ("on Friday nineteen hundred", "on %Friday @19:00"),
        ("make it twenty one hundred", "make it @21:00"),
        ("nineteen thirty", "@19:30"),
    ],
)
def test_hours_as_they_are_said_on_a_clock_of_twenty_four(text: str, line: str) -> None:
    assert line_of(text) == line


@pytest.mark.parametrize(
    "text",
    [
        "nineteen hundred people",
        "twenty hundred dollars",
        "nineteen hundred and five",
        "the year 1900",
        "3200",
    ],
)
def test_hundreds_that_are_no_hours(text: str) -> None:
    assert "@" not in line_of(text)


@pytest.mark.parametrize(
    ("written", "ways"),
    [
        ("20:30", ("half past eight", "eight thirty")),
        ("19:00", ("seven", "seven o'clock")),
        ("12:00", ("noon", "twelve o'clock")),
        ("7:45", ("quarter to eight", "seven forty-five")),
        ("15:05", ("three oh five", "three oh five")),
    ],
)
def test_the_ways_of_saying_a_time(written, ways):
    assert clock.ways(clock.parse(written)) == ways
