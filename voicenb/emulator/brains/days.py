"""Weekdays and dates, as people say them and as a tool wants them.

There is no calendar in here: what day it is today is known only when the agent's prompt says so. In a *line*
a weekday is ``%Friday`` (also ``%today``, ``%tomorrow``, ``%after``, ``%in-5``), a date ``&03-14`` or
``&2026-03-14``.
"""

from __future__ import annotations

import calendar
import datetime
import re

from voicenb.emulator.brains.numbers import ORDINALS, spoken

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = "|".join(MONTHS)
_SHORT = {
    "mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "thu": "Thursday",
    "thur": "Thursday", "thurs": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip
_FEASTS = (
    (r"christmas eve", "12-24"), (r"christmas(?: day)?", "12-25"), (r"boxing day", "12-26"),
    (r"new year(?:'?s)? eve", "12-31"), (r"new year(?:'?s)?(?: day)", "01-01"),
    (r"valentine(?:'?s)?(?: day)?", "02-14"), (r"hallowe'?en", "10-31"),
)  # fmt: skip


def short(word: str) -> str:
    """The weekday that is meant by ``Fri`` or ``sat``; empty if none is."""
    return _SHORT.get(word.lower().rstrip("."), "")


def is_relative(said: str) -> bool:
    """Whether words for a day stand without "on": ``tomorrow``, ``in 5 days``."""
    return said in ("today", "tomorrow", "the day after tomorrow") or said.startswith("in ")


def fold(line: str) -> str:
    """``line`` with every weekday and date as one token."""
    line = re.sub(r"\b(\d{4}-\d{2}-\d{2})\b", r"&\1", line)
    line = re.sub(
        rf"(?i)(?:\bthe )?[#^](\d{{1,2}}) (?:of )?({_MONTH})\b(?:,? #(20\d\d)\b)?",
        lambda m: _date(m[0], m[2], m[1], m[3]),
        line,
    )
    line = re.sub(
        rf"(?i)\b({_MONTH}) (?:the )?[#^](\d{{1,2}})(?![\d:.])(?:,? #(20\d\d)\b)?",
        lambda m: _date(m[0], m[1], m[2], m[3]),
        line,
    )
    for feast, date in _FEASTS:
        line = re.sub(rf"(?i)\b{feast}\b", f"&{date}", line)
    line = re.sub(r"(?i)\b(?:the )?day after tomorrow\b", "%after", line)
    line = re.sub(
        r"(?i)\bin (#\d{1,3}|a) (day|week)s?\b(?! or)",
        lambda m: _ahead(int(m[1].lstrip("#")) if m[1][0] == "#" else 1, m[2].lower()),
        line,
    )
    line = re.sub(
        r"(?i)(?:,? ?\b(?:this|for) )?\btonight\b|\bthis (?=evening|afternoon|morning)", " %today ", line
    )
    line = re.sub(r"(?i)(?<!%)\b(today|tomorrow)(?:'s)?\b", lambda m: f"%{m[1].lower()}", line)
    line = re.sub(
        rf"(?i)\b(on|this|next) ({'|'.join(_SHORT)})\b\.?", lambda m: f"{m[1]} %{short(m[2])}", line
    )
    for day in WEEKDAYS:
        line = re.sub(rf"(?i)(?<!%)\b{day}(?:'?s)?\b", f"%{day}", line)
    return re.sub(r" +", " ", line).strip()


def _ahead(number: int, unit: str) -> str:
    days = number * (7 if unit == "week" else 1)
    return {0: "%today", 1: "%tomorrow", 2: "%after"}.get(days, f"%in-{days}")


def _date(said: str, month: str, day: str, year: str | None) -> str:
    number = MONTHS.index(month.capitalize()) + 1
    if not 1 <= int(day) <= calendar.monthrange(2024, number)[1]:  # a leap year
        return said
    return f"&{year + '-' if year else ''}{number:02d}-{int(day):02d}"


def today_of(prompt: str) -> datetime.date | None:
    """The date that a prompt gives as "Today is 2026-03-11" or "Today is Wednesday, March 11, 2026"."""
    found = re.search(r"(?i)\btoday(?:'s date)? is\b[^.\n]{0,40}", prompt)
    if found is None:
        return None
    text = found[0].replace(",", " ")
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    month = re.search(rf"(?i)\b({_MONTH})\b", text)
    try:
        if month is None:
            return datetime.date(*numbers[:3])
        day, year = sorted(numbers[:2])
        return datetime.date(year, MONTHS.index(month[1].capitalize()) + 1, day)
    except (TypeError, ValueError):
        return None


def settle(token: str, today: datetime.date | None, year: int | None, line: str = "") -> str | None:
    """An ISO date for a token; None when that takes a calendar which is not there.

    Args:
        token: a weekday or date token of a line.
        today: the date of today, if known.
        year: the year to assume for a date without one, if ``today`` is not known.
        line: what was said, for "next Friday".
    """
    if token.startswith("&"):
        return _iso(token[1:], today, year)
    if today is None:
        return None
    name = token[1:]
    if name in WEEKDAYS:
        ahead = (WEEKDAYS.index(name) - today.weekday()) % 7 or 7
        ahead += 7 if re.search(rf"(?i)\b{name} week\b|week on %{name}", line) else 0
    elif name.startswith("in-"):
        ahead = int(name[3:])
    else:
        ahead = {"today": 0, "tomorrow": 1, "after": 2}[name]
    return (today + datetime.timedelta(days=ahead)).isoformat()


def _iso(text: str, today: datetime.date | None, year: int | None) -> str | None:
    if text.count("-") == 1:
        if today is not None:
            year = today.year + (f"{today.year}-{text}" < today.isoformat())
        text = f"{year}-{text}"
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:  # no year, or a day that its month has not
        return None


def of_the_month(day: int, today: datetime.date | None) -> str | None:
    """The ISO date of "the 21st": the next one; None without a calendar, or when there is none."""
    if today is None:
        return None
    for ahead in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        found = _iso(f"{year}-{month + 1:02d}-{day:02d}", None, None)
        if found is not None and found >= today.isoformat():
            return found
    return None


def words(token: str) -> str:
    """A weekday or date token for a tool that takes words: ``Friday``, ``tomorrow``, ``March 14``."""
    if token.startswith("%"):
        if token.startswith("%in-"):
            return f"in {token[4:]} days"
        return "the day after tomorrow" if token == "%after" else token[1:]
    parts = token[1:].split("-")
    named = f"{MONTHS[int(parts[-2]) - 1]} {int(parts[-1])}"
    return f"{named}, {parts[0]}" if len(parts) == 3 else named


def say(value: str) -> str:
    """A day or date for the ear: ``2026-03-14`` and ``March 14`` are "March fourteenth"."""
    found = re.fullmatch(r"(?:\d{4}-)?(\d{2})-(\d{2})", value)
    if found is not None and 1 <= int(found[1]) <= 12:
        return f"{MONTHS[int(found[1]) - 1]} {ordinal(int(found[2]))}"
    found = re.fullmatch(rf"({_MONTH}) (\d{{1,2}})(?:, \d{{4}})?", value)
    if found is not None:
        return f"{found[1]} {ordinal(int(found[2]))}"
    return re.sub(r"\d+", lambda m: spoken(int(m[0])), value) if value.startswith("in ") else value


def ordinal(number: int) -> str:
    """``14`` is "fourteenth"."""
    named = {value: word for word, value in ORDINALS.items()}
    if number in named:
        return named[number]
    tens = {2: "twenty", 3: "thirty"}.get(number // 10, str(number))
    return f"{tens}-{named.get(number % 10, str(number))}"
