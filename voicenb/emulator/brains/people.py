"""How many people, in what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PEOPLE = r"(?:people|persons?|guests?|adults?|of us|diners|seats?|heads|ladies|gentlemen|participants)"
_N = r"#(\d{1,3})(?![\d.])"
_NOT_TIME = (
    r"(?! (?:o'?clock|nights?|days?|hours?|minutes?|weeks?|am|pm|thirty|fifteen|degrees|percent)\b)(?! #)"
)
_COUNTS: list[tuple[str, int]] = [
    (rf"{_N} {_PEOPLE}", 0),
    (
        rf"\b(?:table|party|group|family|dinner|lunch|brunch|space|room|places?|seats|reservation|booking) "
        rf"(?:for|of) (?:the )?{_N}{_NOT_TIME}",
        0,
    ),
    (
        rf"\b(?:we're|we are|we'll be|we will be|there's|there are|there'll be|there will be|there "
        rf"is) (?:only |just |about |going to be )?{_N}{_NOT_TIME}",
        0,
    ),
    (rf"\b(?:the|all) {_N} of us", 0),
    (rf"\b(?:fit|squeeze) (?:us )?in {_N}{_NOT_TIME}", 0),
    (rf"\bfor (?:the )?{_N}{_NOT_TIME}(?= |$)", 0),
    (rf"\b(?:with|and) (?:my )?{_N} (?:\w+ )?others", 1),
    (rf"\bme (?:and|plus) {_N}(?! \w*(?:kids|child|friends|colleagues))", 1),
]
_FIXED = (
    (
        r"\b(?:just|only) (?:for )?(?:me|myself)\b(?! and| ,)|\b(?:by|for) myself\b|"
        r"\bit's just me\b(?! and| ,)|"
        r"\bon my own\b|\balone\b|\bsolo\b",
        1,
    ),
    (r"\bboth of us\b|\bthe two of us\b|\bus two\b", 2),
)
_FOR_ME = r"\bfor me\b(?! and)(?! , (?!please\b|thank))(?! (?:it|that|this|is|was|to|if)\b)"
_ON_BEHALF = re.compile(
    r"(?i)\b(?:(?:can|could|would|will|do|are|have) you|book|reserve|do|check|look|find|get|see|tell|repeat|"
    r"change|make|cancel|order|put|send|works?|okay|ok|fine|good|late|early|best|better)\b.* for me\b"
)
"""Here "for me" says who it is done for, and not who comes."""
_ONE = (
    r"(?:wife|husband|spouse|partner|girlfriend|boyfriend|fianc[eé]e?|friend|date|mother|father|mum|mom|dad|sister|"
    r"brother|son|daughter|kid|child|baby|aunt|uncle|cousin|grandmother|grandfather|grandma|grandpa|boss|colleague|"
    r"neighbou?r)(?!\w|')"
)
_MANY = (
    r"(?:kids|children|friends|colleagues|sons|daughters|brothers|sisters|cousins|babies|neighbou?rs|others|"
    r"adults|people)\b"
)
_YOUNG = r"(?:kids?|child(?:ren)?|bab(?:y|ies)|infants?|toddlers?|teenagers?)\b"
_WITH_YOUNG = (
    rf"{_N}(?: (?:adults?|grown ups?|people|of us))?(?: and| plus| ,| with) (?:{_N}|an?) (?:\w+ )?{_YOUNG}"
)
_MEMBER = (
    rf"(?:(?:mommy|mummy|daddy|mum|mom|dad|grandma|grandpa)\b|"
    rf"(?:my|our|a|an|the|his|her|another) (?:\w+ )?{_ONE}|"
    rf"(?:(?:my|our|the|his|her|a|other) )?#\d+ (?:\w+ )?{_MANY}|(?:my|our|her|his) (?:grand)?parents\b)"
)
_AND = r"(?: , (?:and |plus |with )?| and | plus | with )"
_MEMBERS = rf"{_MEMBER}(?:{_AND}{_MEMBER})*"
_COMPANY: tuple[tuple[str, int], ...] = (
    (rf"\b(?:me|myself|i){_AND}{_MEMBERS}", 1),
    (rf"\b{_MEMBERS}(?: ,)? (?:and|plus) (?:me|myself|i)\b", 1),
    (rf"\bwith {_MEMBERS}", 1),
    (rf"(?:^|\b(?:table|party|dinner|lunch|place|room|booking|reservation|just|it's) )for {_MEMBERS}", 0),
)


def counts(line: str) -> list[tuple[int, int, float]]:
    """Every number of people in a line, as ``(start, end, number)`` in the order of the line."""
    whole = list(_companies(line))
    parts = [
        (found.start(), found.end(), float(int(found[1]) + add))
        for pattern, add in _COUNTS
        for found in re.finditer(pattern, line, re.IGNORECASE)
    ]
    parts += [
        (found.start(), found.end(), float(number))
        for pattern, number in _FIXED
        for found in re.finditer(pattern, line, re.IGNORECASE)
    ]
    if not _ON_BEHALF.search(line):
        parts += [(found.start(), found.end(), 1.0) for found in re.finditer(_FOR_ME, line, re.IGNORECASE)]
    spans = [*whole, *(part for part in parts if not _inside(part, whole))]
    return sorted(spans, key=lambda span: (span[0], span[1]))


def counted(line: str) -> bool:
    """Whether a line counts people."""
    return bool(counts(line))


def _companies(line: str) -> Iterator[tuple[int, int, float]]:
    """The parties that are told member by member: "me, my wife and our two kids"."""
    done = [
        (found.start(), found.end(), float(int(found[1]) + int(found[2] or 1)))
        for found in re.finditer(_WITH_YOUNG, line, re.IGNORECASE)
    ]
    done += [
        (found.start(), found.end(), 2.0 * int(found[1]))
        for found in re.finditer(rf"{_N} couples\b", line, re.IGNORECASE)
    ]
    for pattern, speaker in _COMPANY:
        for found in re.finditer(pattern, line, re.IGNORECASE):
            span = (found.start(), found.end(), float(speaker + _size(found[0])))
            if not _inside(span, done):
                done.append(span)
    yield from done


def _size(members: str) -> int:
    size = 0
    for member in re.finditer(_MEMBER, members, re.IGNORECASE):
        number = re.search(r"#(\d+)", member[0])
        size += int(number[1]) if number else 2 if member[0].endswith("parents") else 1
    return size


def _inside(span: tuple[int, int, float], others: list[tuple[int, int, float]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end, _ in others)
