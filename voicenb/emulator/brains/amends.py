"""Numbers that are put right further on in the same breath.

"A table for five on Monday. No, make that six." In a line the new number takes the
place of the old one, so that whatever is looked for in it afterwards finds only what is meant.
"""

from __future__ import annotations

import re

from voicenb.emulator.brains import clock
from voicenb.emulator.brains.context import NEGATED

_MARK = (
    r"(?:no|nope|sorry|wait|actually|correction|scratch that|strike that|on (?:second|\^2) thoughts?|"
    r"or rather|rather|better|i mean|i meant|(?:let's |better |please )?(?:make|change) (?:it|that)(?: to)?|"
    r"let's say|(?:can|could) (?:you|we|i) (?:please )?(?:make|change) (?:it|that)(?: to)?|"
    r"(?:it|that) should be)"
)
"""Takes back what was said before."""
_LINK = (
    r"(?:oh|well|um|it's|it is|that's|that is|it'll be|it will be|we are|we're|we'll be|we will be|there are|"
    r"there'll be|there will be|i said|i should have said|i need|we need|of|for|to|the|just|only|maybe|about|"
    r"then|please)"
)
_ENDS = (
    r"(?= ?(?:$|[.,?!;:&%@])| (?:please|instead|then|on|at|in|this|next|for|if|thanks|thank|and|altogether|"
    r"in total)\b)"
)
"""Behind a number that counts what the old one counted."""
_N = r"([#^])(\d{1,4}(?:\.\d+)?)(?![\d.]*\d)(?! ?,? [#^])"
_MARKED = re.compile(
    rf"(?i)(?<![\w'])(?:{_LINK}(?: [,.:])* )*{_MARK}(?: [,.:])*"
    rf"(?: (?:{_MARK}|{_LINK})(?: [,.:])*)* {_N}{_ENDS}"
)
_INSTEAD = re.compile(rf"(?i)(?<=[.,] ){_N} instead\b(?! of)")
_NOT_BUT = re.compile(rf"(?i)(?<![\w'])(?:{_MARK} ,? ?)*not #(\d+)(?: ,)?(?: but)?(?: for)? {_N}{_ENDS}")
_BUT_NOT = re.compile(rf"(?i)(?<=[.,] ){_N}(?: ,)? (?:and )?(?:not|instead of|rather than) #(\d+){_ENDS}")
_VALUE = re.compile(r"(?<![#^\d] )(?:#\d+(?:\.\d+)?|@\d\d:\d\d~?|&(?:\d{4}-)?\d\d-\d\d)(?! ?#)")
_MOST = 4
"""Corrections in one breath."""


def amended(line: str) -> str:
    """``line`` with every number that is corrected further back in the place of the one that it corrects."""
    for _ in range(_MOST):
        changed = _amend(line)
        if changed == line:
            break
        line = changed
    return line


def _amend(line: str) -> str:
    for found in _NOT_BUT.finditer(line):
        said = _replaced(line[: found.start()], found[2], found[3], wrong=found[1])
        if said:
            return _joined(said, line[found.end() :])
    for found in _BUT_NOT.finditer(line):
        said = _replaced(line[: found.start()], found[1], found[2], wrong=found[3])
        if said:
            return _joined(said, line[found.end() :])
    for pattern in (_MARKED, _INSTEAD):
        for found in pattern.finditer(line):
            said = _replaced(line[: found.start()], found[1], found[2])
            if said:
                return _joined(said, line[found.end() :])
    return line


def _joined(before: str, behind: str) -> str:
    return re.sub(r" +", " ", f"{before.rstrip()} {behind.lstrip()}").strip()


def _replaced(before: str, sort: str, number: str, wrong: str = "") -> str:
    """What was said before, with the number in the place of the last value that it can stand for, if any."""
    for old in reversed(list(_VALUE.finditer(before))):
        if NEGATED.search(before[: old.start()]):
            continue
        new = _instead_of(old[0], sort, number)
        if new and (not wrong or _instead_of(old[0], sort, wrong) == old[0]):
            return before[: old.start()] + new + before[old.end() :]
    return ""


def _instead_of(old: str, sort: str, number: str) -> str:
    """A number as a value of the same kind as the old one; empty where it cannot be one."""
    if old[0] == "&":
        return f"{old[:-2]}{int(number):02d}" if sort == "^" and 1 <= float(number) <= 31 else ""
    if sort == "^":
        return ""
    if old[0] == "#":
        return f"#{number}"
    if "." in number or int(number) > 23:
        return ""
    hour, loose = int(number), old.endswith("~")
    if not loose and 1 <= hour <= 12:  # the same half of the day
        return clock.Time(hour % 12 * 60 + (720 if int(old[1:3]) >= 12 else 0), loose=False).token()
    return clock.Time(hour * 60, loose=loose and 1 <= hour <= 12).token()
