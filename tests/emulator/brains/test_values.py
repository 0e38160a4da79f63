"""Numbers, times, days and dates, as lines and as values."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from voicenb.emulator.brains import clock, days
from voicenb.emulator.brains.context import Context
from voicenb.emulator.brains.line import line_of, plain
from voicenb.emulator.brains.numbers import spoken
from voicenb.emulator.brains.slots import Slot, slots_of
from voicenb.emulator.brains.values import find


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("twenty-five", "#25"),
        ("three hundred and twenty five", "#325"),
        ("two thousand and six", "#2006"),
        ("1,250", "#1250"),
        ("minus five point five", "#-5.5"),
        ("twenty two and a half", "#22.5"),
        ("double one", "#1 #1"),
        ("a couple of beers", "a #2 beers"),
        ("a dozen", "a #12"),
        ("the second one", "the ^2 one"),
        ("the twenty first", "the ^21"),
        ("one moment", "one moment"),
        ("that one", "that one"),
        ("seven thirty", "@07:30~"),
        ("half past eight", "@08:30~"),
        ("quarter to nine in the evening", "@20:45"),
        ("ten to eight", "@07:50~"),
        ("19:00", "@19:00"),
        ("7:30 p.m.", "@19:30"),
        ("at eight for six people", "at @08:00~ for #6 people"),
        ("nineteen hundred hours", "@19:00"),
        ("noon", "@12:00"),
        ("midnight", "@00:00"),
        ("12 am", "@00:00"),
        ("12 pm", "@12:00"),
        ("twelve at night", "@00:00"),
        ("tonight at eight", "%today at @08:00~"),
        ("the day after tomorrow", "%after"),
        ("Fridays", "%Friday"),
        ("March the third", "&03-03"),
        ("the 14th of March 2026", "&2026-03-14"),
        ("may I come", "may I come"),
        ("a table for to on Friday", "a table for #2 on %Friday"),
        ("half past ate", "@08:30~"),
        ("a party of ate", "a party of #8"),
        ("a table for Toby", "a table for Toby"),
    ],
)
def test_lines(text: str, line: str) -> None:
    assert line_of(text) == line


def test_a_line_without_times_keeps_the_numbers() -> None:
    assert line_of("Set it at 21.", times=False) == "Set it at #21 ."


def test_plain() -> None:
    assert plain("  It's — fine, “really”! ") == "it's fine really"


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


def test_numbers_and_dates_for_the_ear() -> None:
    assert [spoken(number) for number in (0, 4, 20, 21, -5, 21.5)] == [
        "zero",
        "four",
        "twenty",
        "21",
        "minus five",
        "21.5",
    ]
    assert days.say("2026-03-14") == "March fourteenth"
    assert days.say("2026-03-31") == "March thirty-first"
    assert days.say("Friday") == "Friday"


@pytest.mark.parametrize(
    ("name", "schema", "kind"),
    [
        ("day", {"type": "string", "description": 'weekday, e.g. "Friday".'}, "day"),
        ("when", {"type": "string", "examples": ["2026-03-14"]}, "date"),
        ("start", {"type": "string", "format": "time"}, "time"),
        ("time", {"type": "string"}, "time"),
        ("people", {"type": "integer"}, "number"),
        ("party_size", {"type": "string", "description": "number of guests, e.g. 4"}, "number"),
        ("customer_name", {"type": "string"}, "name"),
        ("who", {"type": "string", "description": "name for the booking"}, "name"),
        ("phone_number", {"type": "string"}, "phone"),
        ("contact", {"type": "string", "format": "email"}, "email"),
        ("city", {"type": "string"}, "place"),
        ("size", {"type": ["string", "null"], "enum": ["s", "m"]}, "enum"),
        ("n", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "number"),
        ("tags", {"type": "array", "items": {"type": "string"}}, "list"),
        ("gift", {"type": "boolean"}, "boolean"),
        ("product_name", {"type": "string", "description": "what to order"}, "text"),
        ("anything", {}, "text"),
    ],
)
def test_kinds(name: str, schema: dict[str, Any], kind: str) -> None:
    [slot] = slots_of({"parameters": {"properties": {name: schema}}})
    assert slot.kind == kind


def test_slots_know_their_examples_and_whether_they_are_needed() -> None:
    first, second = slots_of(
        {
            "parameters": {
                "properties": {
                    "people": {"type": "integer", "description": "size of the party, e.g. 4."},
                    "note": {"type": "string", "description": "a note (optional)", "default": ""},
                },
                "required": ["people"],
            }
        }
    )
    assert (first.description, first.example, first.required, first.whole) == (
        "size of the party",
        "4",
        True,
        True,
    )
    assert (second.description, second.required) == ("a note", False)


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        (Slot("email", "email"), "It's anna.berger@example.com.", "anna.berger@example.com"),
        (Slot("email", "email"), "anna dot berger at example dot com", "anna.berger@example.com"),
        (Slot("phone", "phone"), "plus four nine, one five one, two three four", "+49151234"),
        (Slot("city", "place"), "What's the weather like in New York today?", "New York"),
        (Slot("nights", "number", whole=True), "for three nights", 3),
        (Slot("nights", "number", whole=True), "two point five nights", None),
        (Slot("guests", "number", as_text=True), "table for six", "6"),
        (Slot("size", "enum", choices=("small", "extra_large")), "Extra large, please.", "extra_large"),
        (Slot("size", "enum", choices=("small", "large")), "Not small, large.", "large"),
        (Slot("topic", "text"), "Tell me about the moon.", "moon"),
    ],
)
def test_single_values(slot: Slot, text: str, value: object) -> None:
    found = find(text, [slot], Context())
    assert (found[slot.name].value if slot.name in found else None) == value
