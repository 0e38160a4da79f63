"""Times of day, as people say them and as a tool wants them.

In a *line* a time is a token ``@20:30``, or ``@08:30~`` while nobody has said which half of the day is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicenb.emulator.brains.numbers import INSTEAD, spoken

UNITS_BEHIND = (
    r"(?!\s+(?:people|persons?|guests?|adults|kids|children|friends|of us|nights?|days?|weeks?|"
    r"hours?|degrees?|"
    r"percent|dollars?|euros?|pounds?|minutes?|years?|items?|pizzas?|kilos?|tickets?|point)\b)"
)
"""A number in front of one of these is no time of day."""

_NO_STREET = r"(?! (?-i:[A-Z][a-z]+(?: [A-Z]|\b(?= ?$))))"
"""In front of names, "from 12 Mill Road", it is none either."""
_H = r"#(\d{1,2})"
_WORDS: list[tuple[str, str]] = [
    (rf"half pass?(?:ed|t) {_H}", "{0}:30"),
    (rf"half {_H}{UNITS_BEHIND}", "{0}:30"),
    (rf"(?:a )?quarter (?:past|passed|after) {_H}", "{0}:15"),
    (rf"(?:a )?quarter (?:to|too|two|#2|of|before|till) {_H}", "{0}:-15"),
    (rf"#(5|10|20|25)(?: minutes)? (?:past|passed|after) {_H}", "{1}:{0}"),
    (rf"#(5|10|20|25)(?: minutes)? (?:to|before|till) {_H}{UNITS_BEHIND}", "{1}:-{0}"),
    (rf"(?<!\d )#(10|20|25) (?:#2|too|two) {_H}(?! ?#){UNITS_BEHIND}", "{1}:-{0}"),
    (r"#(1[3-9]|2[0-3]) hours(?: and)? #([0-5]?\d)(?! #)", "{0}:{1}"),
    (rf"(?<!\d ){_H} #([1-5]\d)(?! #){UNITS_BEHIND}", "{0}:{1}"),
    (rf"(?<!\d ){_H} (?:oh?|#0) #([1-9])(?! #)", "{0}:{1}"),
    (r"#(\d{1,2})[.:]([0-5]\d)(?= (?:am|pm|o'clock|in the|at night)\b)", "{0}:{1}"),
    (r"(?<=\bat )#(\d{1,2})\.?([0-5]\d)\b(?!\.)", "{0}:{1}"),
    (r"#(1?\d|2[0-3])00 (?:hours|o'clock)", "{0}:0"),
    (rf"{_H} o ?'?clock", "{0}:0"),
    (rf"{_H} ish\b{UNITS_BEHIND}", "{0}:0"),
    (rf"{_H}(?= (?:am|pm|in the (?:morning|afternoon|evening)|at night|tonight|sharp)\b)", "{0}:0"),
    (
        rf"(?:(?<=\bat )|(?<=\baround )|(?<=\bby )|(?<=\bfrom )|(?<=\bafter )|(?<=\bbefore )|(?<=\buntil )|"
        rf"(?<=\btill )|(?<=\blater than )|(?<=\bearlier than )){_H}(?![\d.]){UNITS_BEHIND}{_NO_STREET}",
        "{0}:0",
    ),
    (rf"(?<=\bbetween ){_H}(?= and #\d{{1,2}}\b{UNITS_BEHIND})", "{0}:0"),
    (rf"(?<=\bbetween @\d\d:\d\d~ and ){_H}", "{0}:0"),
]
_HUNDREDS = (
    r"(?i)(^|[,.?!;:] |[%&]\S+ |\b(?:it|that|or|for|then|take|tomorrow|tonight|make|say|no|yes) )"
    rf"#(1[3-9]|2[0-3])00(?![\d.]| #){UNITS_BEHIND}"
)
"""Hours of a clock of twenty-four, "nineteen hundred", where no other number is to be expected."""
_TAKEN_BACK = (
    rf"(?i)(@\d\d:\d\d~?{INSTEAD})"
    rf" {_H}(?![\d.]| #){UNITS_BEHIND}"
)
"""A time and the bare number that is put in its place: "at eight, no, wait, seven"."""
_PART = r"(?:,? ?\b(?:in the|at|this) (morning|afternoon|evening|night)|,? ?\b(am|pm|tonight)\b)"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; ``loose`` while the half of the day is open."""

    minutes: int
    loose: bool

    @property
    def text(self) -> str:
        """``HH:MM``."""
        return f"{self.minutes // 60:02d}:{self.minutes % 60:02d}"

    def matches(self, other: Time) -> bool:
        """Whether the two can mean the same time."""
        if self.loose or other.loose:
            return self.minutes % 720 == other.minutes % 720
        return self.minutes == other.minutes

    def token(self) -> str:
        """Its token in a line."""
        return f"@{self.text}{'~' if self.loose else ''}"


def fold(line: str) -> str:
    """``line`` with every time of day as one token."""
    line = re.sub(r"\b(?:noon|midday)\b", "@12:00", line, flags=re.IGNORECASE)
    line = re.sub(r"\bmidnight\b", "@00:00", line, flags=re.IGNORECASE)
    line = re.sub(r"(?<![\w@])(\d{1,2}):([0-5]\d)\b", lambda m: _token(int(m[1]), int(m[2]), m[1]), line)
    line = re.sub(r"(?i)(#\d{1,2}(?:\.\d\d)?) ([ap]) m\b", r"\1 \2m", line)
    for pattern, shape in _WORDS:
        line = re.sub(rf"(?i){pattern}", lambda m, shape=shape: _shaped(m, shape), line)  # type: ignore[misc]
    line = re.sub(_HUNDREDS, lambda m: f"{m[1]}{_token(int(m[2]), 0, m[2])}", line)
    line = re.sub(rf"(?i)@(\d\d):(\d\d)~?{_PART}", _with_part, line)
    return re.sub(_TAKEN_BACK, _put_in_place, line)


def _shaped(found: re.Match[str], shape: str) -> str:
    hour, minute = shape.format(*found.groups()).split(":")
    return _token(int(hour), int(minute), hour) if int(hour) < 24 else found[0]


def _put_in_place(found: re.Match[str]) -> str:
    hour = int(found[2])
    return f"{found[1]} {_token(hour, 0, found[2])}" if hour < 24 else found[0]


def _token(hour: int, minute: int, written: str) -> str:
    if hour > 23:
        return f"{written}:{minute:02d}"
    minutes = (hour * 60 + minute) % 1440
    return Time(minutes, loose=1 <= hour <= 12 and not written.startswith("0")).token()


def _with_part(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    part = (found[3] or found[4]).lower()
    if part in ("morning", "am"):
        hour = hour % 12 if hour <= 12 else hour
    elif hour < 12 and not (part == "night" and hour < 5):
        hour += 12
    elif hour == 12 and part in ("night", "tonight"):
        hour = 0
    return Time(hour * 60 + minute, loose=False).token()


def times(line: str) -> list[tuple[int, Time]]:
    """The times in a line with the place of each."""
    return [
        (found.start(), Time(int(found[1]) * 60 + int(found[2]), loose=bool(found[3])))
        for found in re.finditer(r"@(\d\d):(\d\d)(~?)", line)
    ]


def parse(text: object) -> Time | None:
    """The time that ``text`` is, when it is one and nothing else: ``"20:30"``, ``"8:30 pm"``, ``"7pm"``."""
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap])?\.?m?\.?", str(text).strip().lower())
    if found is None or (found[2] is None and found[3] is None) or int(found[1]) > 23:
        return None
    hour = int(found[1])
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    return Time(hour * 60 + int(found[2] or 0), loose=False)


def settle(time: Time, line: str, example: Time | None) -> Time:
    """Close an open half of the day: by what else was said, by the tool's example, by usual opening hours."""
    if not time.loose:
        return time
    minutes = time.minutes % 720
    said = line.lower()
    if re.search(r"\b(evening|tonight|dinner|afternoon|lunch|supper)\b", said):
        minutes += 720
    elif not re.search(r"\b(morning|breakfast)\b", said):
        afternoon = minutes < 7 * 60 or (example is not None and example.minutes >= 15 * 60)
        minutes += 720 if afternoon else 0
    return Time(minutes, loose=False)


def written(time: Time, example: str) -> str:
    """A time as the tool's example writes it (``20:30``, ``8:30 pm``); ``HH:MM`` without one."""
    found = re.fullmatch(r"\d{1,2}(:\d\d)?(\s?)([ap]\.?m\.?)", example.strip(), re.IGNORECASE)
    if found is None:
        return time.text
    hour, minute = time.minutes // 60, time.minutes % 60
    half = "pm" if hour >= 12 else "am"
    half = half.upper() if found[3].isupper() else half
    half = ".".join(half) + "." if "." in found[3] else half
    short = f":{minute:02d}" if minute or found[1] else ""
    return f"{hour % 12 or 12}{short}{found[2]}{half}"


def part_of_day(time: Time) -> str:
    """``in the morning`` and so on; empty for noon and midnight."""
    if time.minutes in (0, 720):
        return ""
    hour = time.minutes // 60
    if hour < 12:
        return "in the morning" if hour >= 4 else "at night"
    if hour < 17:
        return "in the afternoon"
    return "in the evening" if hour < 22 else "at night"


def say(time: Time, *, part: bool = True) -> str:
    """A time for the ear: ``half past eight in the evening``."""
    hour, minute = time.minutes // 60, time.minutes % 60
    if minute == 0 and hour in (0, 12):
        return "noon" if hour else "midnight"
    named = spoken(hour % 12 or 12)
    following = spoken((hour + 1) % 12 or 12)
    words = {
        0: named,
        15: f"quarter past {named}",
        30: f"half past {named}",
        45: f"quarter to {following}",
    }.get(minute, f"{named} {'oh ' if minute < 10 else ''}{_minute(minute)}")
    return f"{words} {part_of_day(time)}".strip() if part else words


def ways(time: Time) -> tuple[str, ...]:
    """How people say a time: ``half past eight``, ``eight thirty``; ``seven``, ``seven o'clock``."""
    hour, minute = time.minutes // 60 % 12 or 12, time.minutes % 60
    digits = f"{'oh ' if minute < 10 else ''}{_minute(minute)}" if minute else "o'clock"
    return say(time, part=False), f"{spoken(hour)} {digits}"


def _minute(minute: int) -> str:
    return (
        spoken(minute)
        if minute < 20 or minute % 10 == 0
        else f"{spoken(minute // 10 * 10)}-{spoken(minute % 10)}"
    )
