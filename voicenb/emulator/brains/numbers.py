"""Number words, as people say them and as a recogniser writes them.

In a *line* (see :mod:`voicenb.emulator.brains.line`) a number is a token of its own: ``#4``, ``#21.5``,
``#-5``; an ordinal is ``^3``.
"""

from __future__ import annotations

import math
import re

from voicenb.emulator.brains.bag import bag


def _in_order(words: str, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(words.split())}


UNITS = _in_order(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    0,
)
TENS = _in_order("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
ORDINALS = _in_order(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    1,
) | {"thirtieth": 30}
HOMOPHONES = {
    "for": 4, "fore": 4, "to": 2, "too": 2, "tree": 3, "free": 3, "won": 1, "ate": 8, "hate": 8,
    "aid": 8, "ade": 8, "sex": 6, "sicks": 6, "fife": 5, "nein": 9, "tin": 10,
}  # fmt: skip
"""What a small recogniser writes for a number that stands alone."""

INSTEAD = (
    r"(?:(?: ?[,.])*(?: (?:no|sorry|wait|actually|or|rather|better|make (?:it|that)|i mean)(?: ?[,.])*)+)"
)
"""What stands between a number and the one that is put in its place: "eight, no, wait, seven"."""

_PRONOUN_BEFORE = bag(
    "that this the which what no any other another next last same only every each some good "
    "nice small large big"
)
_WANTING = bag("have get need want like book reserve make take")
_ALSO = bag("also too")
_WHEN = bag(
    "on for at in this next tomorrow tonight today monday tuesday wednesday thursday friday saturday sunday"
)
_NO_COMPARATIVE = bag("number after over under december september october november chapter order")
_ORDINAL_BEFORE = bag(
    "the on of january february march april may june july august september october november "
    "december twenty thirty"
)
_ORDINAL_AFTER = bag("one option slot please of . , ?")


def fold(tokens: list[str]) -> list[str]:
    """``tokens`` with every number and ordinal, in digits or words, as one token each."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        folded, used = _number_at(tokens, at)
        out.extend(folded or [tokens[at]])
        at += max(used, 1)
    return out


def _number_at(tokens: list[str], at: int) -> tuple[list[str], int]:
    word = tokens[at].lower()
    before = tokens[at - 1].lower() if at else ""
    after = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
    if re.fullmatch(r"\d+(st|nd|rd|th)", word):
        return [f"^{int(word[:-2])}"], 1
    if re.fullmatch(r"\d[\d,]*(\.\d+)?", word):
        return [f"#{word.replace(',', '')}"], 1
    if word in ("minus", "negative") and after:
        folded, used = _number_at(tokens, at + 1)
        if len(folded) == 1 and folded[0].startswith("#"):
            return [f"#-{folded[0][1:]}"], used + 1
    if word in TENS and after in ORDINALS and ORDINALS[after] < 10:
        return [f"^{TENS[word] + ORDINALS[after]}"], 2
    if word in ORDINALS and _is_ordinal(word, before, after):
        return [f"^{ORDINALS[word]}"], 1
    if word in ("double", "triple") and after in UNITS:
        return [f"#{UNITS[after]}"] * (2 if word == "double" else 3), 2
    if word == "dozen":
        return ["#12"], 1
    if word == "half" and [token.lower() for token in tokens[at + 1 : at + 3]] == ["a", "dozen"]:
        return ["#6"], 3
    if word.endswith("ish") and word[:-3] in UNITS:
        return [f"#{UNITS[word[:-3]]}", "ish"], 1
    if word == "couple" and before == "a":
        return ["#2"], 2 if after == "of" else 1
    if word == "one" and (
        before in _PRONOUN_BEFORE
        or before in ORDINALS
        or (re.search(r"(er|est)$", before) and before not in _NO_COMPARATIVE)
        or (at > 1 and tokens[at - 2].lower() == "the" and before not in ("past", "to", "of", "number"))
        or (
            before in _WANTING
            and (after in _WHEN | _ALSO or (at > 2 and _ALSO & _words(tokens[at - 3 : at])))
        )
        or after in ("moment", "second", "sec", "minute", "more", "thing", "of")
    ):
        return [], 1
    return _cardinal_at(tokens, at)


def _words(tokens: list[str]) -> set[str]:
    return {token.lower() for token in tokens}


def _is_ordinal(word: str, before: str, after: str) -> bool:
    if word not in ("first", "second"):
        return True
    if after in ("name", "time", "of") and not (word == "first" and after == "of" and before == "the"):
        return before in _ORDINAL_BEFORE and after == "of"
    return (
        before in _ORDINAL_BEFORE
        or (after in _ORDINAL_AFTER and before not in ("one", "a"))
        or not (before or after)
    )


def _cardinal_at(tokens: list[str], at: int) -> tuple[list[str], int]:
    """A cardinal in words, ``three hundred and twenty five``; ``seven thirty`` is two of them."""
    total = current = 0
    used = 0
    seen: str = ""  # what the last word was: "unit", "teen", "ten", "hundred" or "thousand"
    while at + used < len(tokens):
        word = tokens[at + used].lower()
        following = tokens[at + used + 1].lower() if at + used + 1 < len(tokens) else ""
        if word in UNITS:
            value = UNITS[word]
            if seen in ("unit", "teen") or (seen == "ten" and not 0 < value < 10):
                break
            current += value
            seen = "unit" if value < 10 else "teen"
        elif word in TENS:
            if seen in ("unit", "teen", "ten"):
                break
            current += TENS[word]
            seen = "ten"
        elif word == "hundred" and seen in ("unit", "teen", "ten"):
            current *= 100
            seen = "hundred"
        elif word in ("hundred", "thousand") and not seen and at and tokens[at - 1].lower() == "a":
            current = 100 if word == "hundred" else 1000
            seen = word
        elif word == "thousand" and seen:
            total += current * 1000
            current = 0
            seen = "thousand"
        elif word == "and" and seen in ("hundred", "thousand") and (following in UNITS or following in TENS):
            pass
        else:
            break
        used += 1
    if not used:
        return [], 0
    number = str(total + current)
    if at + used + 1 < len(tokens) and tokens[at + used].lower() == "point":
        digits: list[str] = []
        while at + used + 1 + len(digits) < len(tokens):
            digit = UNITS.get(tokens[at + used + 1 + len(digits)].lower(), 10)
            if digit > 9:
                break
            digits.append(str(digit))
        if digits:
            return [f"#{number}.{''.join(digits)}"], used + 1 + len(digits)
    if [word.lower() for word in tokens[at + used : at + used + 3]] == ["and", "a", "half"]:
        return [f"#{number}.5"], used + 3
    return [f"#{number}"], used


def spoken(number: float) -> str:
    """A number for the ear: words up to twenty and full tens, digits else."""
    if not math.isfinite(number) or number != int(number):
        return f"{number:g}"
    whole = int(number)
    words = {value: word for word, value in (UNITS | TENS).items()}
    if whole < 0:
        return f"minus {spoken(-whole)}"
    return words.get(whole, str(whole))
