"""What a caller is likely to answer: times, days and choices the agent speaks of, and its tools' examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from voicenb.emulator.brains import clock
from voicenb.emulator.brains.days import WEEKDAYS
from voicenb.emulator.brains.line import line_of, plain
from voicenb.emulator.recognizer import EXAMPLE

MOST = 24
"""Phrases; an agent that tells a whole timetable expects nothing in particular."""

_ASKS_FOR_A_DAY = re.compile(r"\b(?:(?:which|what|another|other|different) (?:day|date)|when)\b")
_PLACES = ("the first one", "the second one", "the earlier one", "the later one")
_WORDS, _SAYABLE = 3, re.compile(r"[A-Za-z\u00c0-\u024f' -]*[a-z\u00df-\u024f][A-Za-z\u00c0-\u024f' -]*")
"""Of how many words an example may be, and what it is written with: small letters too, no abbreviation."""

_BARE_HOUR = re.compile(r"#(\d{1,2})(?=(?: ,| or| and| #\d{1,2})+ @)")
"""An hour in front of a time: "seven or half past eight"."""


def expected(said: str, tools: Sequence[Mapping[str, Any]] = ()) -> tuple[str, ...]:
    """The phrases that a caller may well answer with.

    Args:
        said: the agent's last words, heard or about to be.
        tools: as they now stand; the values of an enum count where one of them, or its parameter, is named.
            Elsewhere they are examples, as those are that a parameter gives.

    Returns:
        The phrases, and behind them those that are only examples, each behind ``EXAMPLE``.
    """
    properties = [each for tool in tools for each in _properties(tool)]
    choices = tuple((name, _values(spec)) for name, spec in properties)
    found = _expected(said, tuple((name, values) for name, values in choices if values))
    examples = dict.fromkeys(phrase for _, spec in properties for phrase in _examples(spec))
    others = [f"{EXAMPLE}{phrase}" for phrase in examples if phrase not in found]
    return (*found, *others[: max(0, MOST - len(found))])


def _examples(spec: Mapping[str, Any]) -> Iterator[str]:
    """What can be said in a few words of what a parameter may be; figures are heard as they are."""
    given, items = spec.get("examples"), spec.get("items")
    values = (*given,) if isinstance(given, list | tuple) else ()
    for value in (*values, *_values(spec), *(_values(items) if isinstance(items, Mapping) else ())):
        if isinstance(value, str) and len(value.split()) <= _WORDS and _SAYABLE.fullmatch(value.strip()):
            yield from WEEKDAYS if value.strip().title() in WEEKDAYS else (" ".join(value.split()),)


def _values(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """What can be said of an enum: whatever a client has put there, nothing else may be met."""
    values = spec.get("enum")
    if not isinstance(values, list | tuple):
        return ()
    return tuple(
        str(value) for value in values if isinstance(value, str | int | float) and not isinstance(value, bool)
    )


def _properties(tool: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    parameters = tool.get("parameters")
    properties = parameters.get("properties") if isinstance(parameters, Mapping) else None
    for name, spec in (properties or {}).items():
        if isinstance(spec, Mapping):
            yield name, spec


@lru_cache(maxsize=64)
def _expected(said: str, choices: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    line, words = line_of(said), f" {plain(said)} "
    times = [phrase for time in _times(line) for phrase in clock.ways(time)]
    days = WEEKDAYS if _ASKS_FOR_A_DAY.search(words) else [day for day in WEEKDAYS if f"%{day}" in line]
    named = [
        value
        for name, values in choices
        if any(f" {plain(text)} " in words for text in (name.replace("_", " "), *values))
        for value in values
    ]
    found = dict.fromkeys([*times, *days, *(phrase for phrase in named if plain(phrase))])
    if len(found) > MOST:
        return ()
    several = len(_times(line)) > 1 or len(named) > 1
    return (*found, *_PLACES) if several else tuple(found)


def _times(line: str) -> list[clock.Time]:
    hours = [int(found[1]) for found in _BARE_HOUR.finditer(line)]
    bare = [clock.Time(hour * 60, loose=True) for hour in hours if 1 <= hour <= 12]
    return list(dict.fromkeys([*bare, *(time for _, time in clock.times(line))]))
