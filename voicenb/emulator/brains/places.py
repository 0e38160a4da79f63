"""Where from, where to and where, in what was said: several places in one sentence, each for its own slot."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.context import FILLERS, NEGATED, Found
from voicenb.emulator.brains.slots import Slot

Role = Literal["from", "to", ""]

_NAMED_FROM = re.compile(r"\b(?:origin|from|departure|departing|start|source|pick ?up|leaving)\b")
_NAMED_TO = re.compile(r"\b(?:destination|to|arrival|arriving|end|target|drop ?off|return)\b")
_TOLD_FROM = re.compile(r"\b(?:origin|departure|start\w*|pick ?up|leav\w+)\b|\bfrom$")
_TOLD_TO = re.compile(
    r"\b(?:destination|arriv\w+|drop ?off)\b|\bto$|\b(?:go|fly|travel|drive|deliver)\w* to\b"
)
_CAPITAL = r"(?:#\d+ )?[A-ZÀ-ÖØ-Þ][\w'-]+(?: [A-ZÀ-ÖØ-Þ][\w'-]+){0,2}"
_SMALL = r"[a-z][a-z'-]+(?: [a-z][a-z'-]+){0,2}?"
_ENDS = (
    r"(?= ?(?:$|[.,?!%@&#])| (?:to|from|on|at|in|for|please|today|tomorrow|tonight|now|this|next|and|or)\b)"
)
_WITH_PREPOSITION = re.compile(rf"\b(?i:(in|to|for|near|around|at|from|towards|into)) ({_CAPITAL})")
_PAIR = re.compile(
    rf"(?:(?:^|[,.] )(?:\w+ )?({_CAPITAL}) to ({_CAPITAL}))|(?i:\bbetween) ({_CAPITAL}) and ({_CAPITAL})"
)
_PUT_RIGHT = re.compile(
    rf"\b(?i:(in|to|near|around|at|from|towards|into)) (?:{_CAPITAL})"
    rf"(?: [,.])* (?i:(?:no|sorry|wait|actually|or rather|rather|i mean|i meant)(?: [,.])* )+({_CAPITAL})"
)
_TYPED = re.compile(rf"\b(in|near|around|from) ({_SMALL}){_ENDS}")
_TYPED_TO = re.compile(
    r"\b(?:(?:fly|go|travel|drive|ride|take me|bring me|ship|deliver|heading|flying|travelling|"
    r"flights?|trains?|bus|tickets?|trip|taxi|cab) |from \w+(?: \w+)? )"
    rf"(to) ({_SMALL}){_ENDS}"
)
_KNOWN = re.compile(rf"\b(to|from|at) ((?:the|my|our) {_SMALL}){_ENDS}")
"""A place that has no name: "to the airport"."""
_ROOM = re.compile(rf"\b(?:in|of) (?:the|my|our) ({_SMALL}){_ENDS}")
_NO_PLACE = bag(
    "i not the a an my your our their his her this that these those it me us you him them here there "
    "everywhere be have get go see fly book make order find know do check change cancel which what where "
    "morning afternoon evening night meantime middle end beginning name way city country town world moment "
    "advance total general bed fact time case person particular mind front order future past"
)
_WAYS = bag(
    "origin from departure departing start source pickup leaving destination to arrival arriving end "
    "target dropoff pick up drop off return location place point"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place that was named, and the word in front of it."""

    at: int
    before: str
    name: str


def role(slot: Slot) -> Role:
    """Whether a slot is where something begins, where it leads to, or just a place."""
    told = slot.description.lower()
    for is_from, is_to, text in ((_NAMED_FROM, _NAMED_TO, slot.words), (_TOLD_FROM, _TOLD_TO, told)):
        if is_from.search(text):
            return "from"
        if is_to.search(text):
            return "to"
    return ""


def places(line: str, slots: Sequence[Slot], asked: str | None, others: Collection[str]) -> dict[str, Found]:
    """The places in a line, by slot name.

    Args:
        line: what was said.
        slots: the place slots.
        asked: the slot that was asked for, if one was.
        others: what is known to be something else, a name for instance.
    """
    said = [place for place in _named(line) if place.name not in others]
    if any(role(slot) for slot in slots):
        said = sorted([*said, *_known(line)], key=lambda place: place.at)
    if not said:
        said = [place for place in _typed(line) if place.name.lower() not in others]
    found: dict[str, Found] = {}
    taken: set[str] = set()
    for slot in sorted(slots, key=lambda slot: not role(slot)):
        place = _for(slot, said, taken, alone=len(slots) == 1)
        name = place.name if place else _room(slot, line) or (_bare(line) if asked == slot.name else "")
        if name and name not in taken:
            taken.add(name)
            found[slot.name] = Found(written(name, slot))
    return found


def _for(slot: Slot, said: Sequence[_Place], taken: Collection[str], *, alone: bool) -> _Place | None:
    free, wanted = [place for place in said if place.name not in taken], role(slot)
    if wanted:
        ways = {"from": ("from",), "to": ("to", "towards", "into")}[wanted]
        fits = [place for place in free if place.before in ways]
        alone = alone or wanted == "from"  # "a car in Oxford" begins there
        elsewhere = [place for place in free if place.before not in ("from", "to", "towards", "into")]
        return fits[-1] if fits else elsewhere[-1] if alone and elsewhere else None
    for ways in (("in", "near", "around"), ("at", "to", "towards", "into"), ("from",), ("for",)):
        fits = [place for place in free if place.before in ways]
        if fits:
            return fits[-1]
    return None


def _named(line: str) -> list[_Place]:
    """The places with a preposition in front, in the order of the line."""
    found = [_Place(m.start(), m[1].lower(), m[2]) for m in _WITH_PREPOSITION.finditer(line)]
    for pair in _PAIR.finditer(line):
        one, other = pair[1] or pair[3], pair[2] or pair[4]
        found += [_Place(pair.start(), "from", one), _Place(pair.end() - 1, "to", other)]
    found += [_Place(m.start(2), m[1].lower(), m[2]) for m in _PUT_RIGHT.finditer(line)]
    return sorted(
        (place for place in found if _is_meant(place, line) and _is_place(place.name)),
        key=lambda place: place.at,
    )


def _typed(line: str) -> Iterator[_Place]:
    """Places in small letters, as people type them."""
    for pattern in (_TYPED, _TYPED_TO):
        for found in pattern.finditer(line):
            place = _Place(found.start(1), found[1], found[2])
            if _is_meant(place, line) and _is_place(place.name):
                yield _Place(place.at, place.before, place.name.title())


def _known(line: str) -> Iterator[_Place]:
    for found in _KNOWN.finditer(line):
        place = _Place(found.start(1), found[1], found[2])
        if _is_meant(place, line) and _is_place(place.name.partition(" ")[2]):
            yield place


def _is_meant(place: _Place, line: str) -> bool:
    return not NEGATED.search(line[: place.at])


def _is_place(name: str) -> bool:
    """Whether words can be a place: "New York City" can, where small letters are none like "what city"."""
    small = name == name.lower()
    return name.lower() not in _NO_PLACE and not (small and _NO_PLACE & set(name.split()))


def _room(slot: Slot, line: str) -> str:
    """A place in the house, where a slot's example is one: "in the kitchen"."""
    if not slot.example or slot.example != slot.example.lower():
        return ""
    rooms = [found[1] for found in _ROOM.finditer(line) if _is_place(found[1])]
    return rooms[-1] if rooms else ""


def _bare(line: str) -> str:
    """The place that an answer begins with, whatever comes behind: "Berlin, on Monday"."""
    first = re.split(r" [,.?!]| (?=[%@#&])| (?:on|at|for|please|and|with)\b", line)[0]
    rest = re.sub(rf"(?i)^{FILLERS}+|^(?:from|in|near|around|into) ", "", first).strip()
    return rest if re.fullmatch(_CAPITAL, rest) and _is_place(rest) and rest != first.lower() else ""


def written(name: str, slot: Slot) -> str:
    """A place with the capitals that its slot's example has, or has not: "oslo" for "Paris" is "Oslo"."""
    name = name.replace("#", "")
    if slot.example and slot.example == slot.example.lower():
        return name.lower()
    typed = name == name.lower() and not re.search(r"\d|\b(?:the|my|our|a)\b", name)
    return name.title() if typed and slot.example[:1].isupper() else name


def which(slot: Slot) -> str:
    """The question for a place: "Where from?", "To which station?", "Which city?"."""
    way = role(slot)
    noun = [word for word in slot.words.split() if word not in _WAYS]
    if not way:
        return f"Which {slot.words}?"
    return f"{way.capitalize()} which {' '.join(noun)}?" if noun else f"Where {way}?"
