r"""Whether a text has the form of a regular expression, found out in a bounded number of steps.

Python's own matcher tries one way through the expression after the other, and in ``(\d+\s?)+``, say, there
are twice as many with each letter. Here all ways are followed at once, as the set of places in the text that
they have come to; single letters and anchors are left to `re`, which has also read the expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

STEPS = 50_000
"""Letters that are looked at, and parts that are gone through, in one match: a tenth of a second or so."""

_parser: Any = import_module("re._parser")  # no public name, and the only reader of expressions there is
_compiler: Any = import_module("re._compiler")


class Unanswered(Exception):
    """Whether it matches cannot be told: it would take too long, or a part of it is not followed."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One letter, or a place such as a word's end."""

    compiled: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Choice:
    branches: tuple[_Sequence, ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    body: _Sequence
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class _Look:
    """What is to come, or to be past (``back`` letters of it), or must not."""

    body: _Sequence
    back: int | None
    wanted: bool


_Sequence = tuple[_Leaf | _Choice | _Repeat | _Look, ...]


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches.

    Raises:
        re.error: the pattern is none.
        Unanswered: it would take too long, or the pattern has back-references, conditions, or groups that do
            not give back what they took.
    """
    return len(text) in _Walk(text).through(_read(pattern), {0})


class _Walk:
    """Ways through one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._left = STEPS

    def through(self, sequence: _Sequence, places: set[int]) -> set[int]:
        """The places behind the sequence, for those before it."""
        for part in sequence:
            if not places:
                break
            self._spend(1)
            match part:
                case _Leaf():
                    places = self._leaf(part, places)
                case _Choice():
                    places = set().union(*(self.through(branch, places) for branch in part.branches))
                case _Repeat():
                    places = self._repeat(part, places)
                case _Look():
                    places = {place for place in places if self._sees(part, place) == part.wanted}
        return places

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise Unanswered

    def _leaf(self, leaf: _Leaf, places: set[int]) -> set[int]:
        self._spend(len(places))
        found = (leaf.compiled.match(self._text, place) for place in places)
        return {match.end() for match in found if match is not None}

    def _repeat(self, repeat: _Repeat, places: set[int]) -> set[int]:
        for _ in range(repeat.least):
            before, places = places, self.through(repeat.body, places)
            if places == before:
                break  # once more leads nowhere else
        reached, fresh = set(places), places
        for _ in range(repeat.most - repeat.least):
            fresh = self.through(repeat.body, fresh) - reached
            if not fresh:
                break
            reached |= fresh
        return reached

    def _sees(self, look: _Look, place: int) -> bool:
        if look.back is None:
            return bool(self.through(look.body, {place}))
        return place >= look.back and place in self.through(look.body, {place - look.back})


@lru_cache(256)
def _read(pattern: str) -> _Sequence:
    re.compile(pattern)  # its complaints are those that people know
    parsed = _parser.parse(pattern)
    return tuple(_parts(parsed, parsed.state.flags))


def _parts(parsed: Any, flags: int) -> Iterator[_Leaf | _Choice | _Repeat | _Look]:
    for operation, given in parsed:
        match str(operation):
            case "SUBPATTERN":
                _, added, removed, body = given
                yield from _parts(body, (flags | added) & ~removed)
            case "BRANCH":
                yield _Choice(tuple(tuple(_parts(branch, flags)) for branch in given[1]))
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, body = given
                yield _Repeat(tuple(_parts(body, flags)), least, most)
            case "ASSERT" | "ASSERT_NOT" as wanted:
                direction, body = given
                back = None if direction > 0 else body.getwidth()[0]
                yield _Look(tuple(_parts(body, flags)), back, wanted == "ASSERT")
            case "GROUPREF" | "GROUPREF_EXISTS" | "ATOMIC_GROUP" | "POSSESSIVE_REPEAT":
                raise Unanswered
            case _:
                yield _Leaf(_compiled(operation, given, flags))


def _compiled(operation: Any, given: Any, flags: int) -> re.Pattern[str]:
    state = _parser.State()
    state.flags = flags
    compiled: re.Pattern[str] = _compiler.compile(_parser.SubPattern(state, [(operation, given)]))
    return compiled
