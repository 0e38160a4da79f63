"""People in what was said: how many of them, and what they are called."""

from __future__ import annotations

import re

from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.line import words

_PEOPLE = r"(?:people|persons?|guests?|adults?|of us|diners|seats?|heads|ladies|gentlemen|participants)"
_N = r"#(\d{1,3})(?![\d.])"
_NOT_TIME = (
    r"(?! (?:o'?clock|nights?|days?|hours?|minutes?|weeks?|am|pm|thirty|fifteen|degrees|percent)\b)(?! #)"
)
_COUNTS: list[tuple[str, int]] = [
    (rf"{_N} {_PEOPLE}", 0),
    (
        rf"\b(?:table|party|group|dinner|lunch|brunch|space|room|places?|seats|reservation|booking) "
        rf"(?:for|of) (?:the )?{_N}{_NOT_TIME}",
        0,
    ),
    (
        rf"\b(?:we're|we are|we'll be|we will be|there's|there are|there'll be|there will be|there "
        rf"is) (?:only |just |about |going to be )?{_N}{_NOT_TIME}",
        0,
    ),
    (rf"\b(?:the|all) {_N} of us", 0),
    (rf"\b{_N} of us", 0),
    (rf"\bfor (?:the )?{_N}{_NOT_TIME}(?= |$)", 0),
    (rf"\b(?:with|and) (?:my )?{_N} (?:\w+ )?(?:friends|colleagues|others|kids|children)", 1),
    (rf"\bme (?:and|plus) {_N}\b", 1),
]
_NAME_WORD = r"[^\W\d_][\w'-]*"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'-]+"
_PARTICLE = r"(?:van|von|de|der|den|la|le|di|da|del|ter)\b"
_NO_NAME = bag(
    "i a an the and or not no yes yeah okay ok sure please thanks thank for on at in of to my "
    "your it is that this he she we "
    "you they what when where how why which good evening morning afternoon hello hi hey sorry "
    "well um uh just like want book "
    "table people booking reservation here there now then today tomorrow calling speaking "
    "looking interested afraid fine happy "
    "going dinner lunch breakfast time day later earlier actually maybe second first last one "
    "two three four five six seven "
    "eight nine ten half past quarter do does can could would will everyone everybody us me "
    "them our so but because "
    "change who whose are was were be been have has had there tell say said need maybe not all nothing any"
)


def counts(line: str) -> list[tuple[int, int, float]]:
    """Every number of people in a line, as ``(start, end, number)`` in the order of the line."""
    spans = [
        (found.start(), found.end(), float(int(found[1]) + add))
        for pattern, add in _COUNTS
        for found in re.finditer(pattern, line, re.IGNORECASE)
    ]
    both = re.search(
        rf"(?i){_N} adults? (?:and|plus|,) (?:{_N}|an?) (?:kids?|child(?:ren)?|bab(?:y|ies))", line
    )
    if both:
        spans = [span for span in spans if span[1] <= both.start() or span[0] >= both.end()]
        spans.append((both.start(), both.end(), float(int(both[1]) + int(both[2] or 1))))
    for pattern, number in (
        (
            r"\b(?:just|only|for) (?:me|myself|one person)\b(?! and)|\b(?:by|for) myself\b|\bit's "
            r"just me\b|\bon my own\b|\balone\b",
            1,
        ),
        (
            r"\b(?:me and my|my) \w+ and (?:i|me)\b|\bme and (?:my|a|an?other) \w+|\bboth of us\b|"
            r"\bthe two of us\b|\bus two\b",
            2,
        ),
        (
            r"\bwith (?:my|a) (?:wife|husband|friend|partner|girlfriend|boyfriend|mother|father|"
            r"sister|brother|date)\b",
            2,
        ),
    ):
        spans.extend(
            (found.start(), found.end(), float(number)) for found in re.finditer(pattern, line, re.IGNORECASE)
        )
    return sorted(spans, key=lambda span: (span[0], span[1]))


def counted(line: str) -> bool:
    """Whether a line counts people."""
    return bool(counts(line))


def introduced(line: str, asked: bool) -> str:
    """The name with which somebody introduces themselves or names the booking; empty if nobody does."""
    own = rf"({_NAME_WORD}(?: {_PARTICLE}){{0,2}}(?: {_CAPITAL}){{0,2}})"
    strong = re.search(
        rf"(?i:\b(?:my (?:full |first |last |sur)?name is|my name's|(?:the )?name'?s|the name is|name "
        rf"is|name of|under the name(?: of)?|under|"
        rf"call me|put (?:it|that) (?:under|down (?:for|to|under)|in)|i'm called|it's for|surname is|"
        rf"name) ){own}",
        line,
    )
    weak = re.search(
        rf"(?i:\b(?:i'm|i am|this is|for|it's|it is|on behalf of|in) )({_CAPITAL}(?: "
        rf"{_CAPITAL}){{0,2}})(?!'s\b)",
        line,
    )
    for found in (strong, weak):
        if found is None:
            continue
        if found is weak and not asked and re.search(r"(?i:it's|it is|in) $", line[: found.start(1)]):
            continue
        name = _name(found[1])
        if name:
            return name
    return ""


def named(line: str) -> str:
    """The name that an answer to "What name?" is; empty when it does not look like one."""
    said = words(line)
    said = re.sub(
        r"(?i)^(?:(?:um|uh|er|well|oh|okay|yes|sure|so|it's|it is|that's|that would be|that'll be|"
        r"please|put|just|on|under|for|the|a|name|is|no|sorry|"
        r"i'm|i am|this is|actually) )+",
        "",
        said,
    )
    said = re.sub(r"(?i) (?:please|thanks|thank you|will do|is fine)$", "", said)
    parts = said.split()
    if len(parts) > 1 and parts[0].lower() == parts[-1].lower():
        parts = parts[:1]  # "Anna, A-N-N-A"
    if not 1 <= len(parts) <= 4 or not all(re.fullmatch(_NAME_WORD, part) for part in parts):
        return ""
    return _name(" ".join(parts))


def _name(text: str) -> str:
    parts: list[str] = []
    for part in text.split():
        if part.lower() in _NO_NAME or part.startswith(("#", "%", "@", "&", "^")):
            break
        small = parts and re.fullmatch(_PARTICLE, part)
        parts.append(part if part[0].isupper() or small else part[0].upper() + part[1:])
    return " ".join(parts).removesuffix("'s")
