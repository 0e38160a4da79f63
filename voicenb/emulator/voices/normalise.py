"""What eSpeak's reading rules get wrong in English, written out: times, money, digits, titles, marks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from voicenb.errors import UnspeakableText


@dataclass(frozen=True, slots=True)
class Spoken:
    """One written word and what a voice says for it, empty when nothing."""

    word: str
    said: str


_ABBREVIATIONS = {
    "mr.": "mister", "mrs.": "missis", "ms.": "miz", "dr.": "doctor", "prof.": "professor", "jr.": "junior",
    "sr.": "senior", "vs.": "versus", "no.": "number", "approx.": "approximately", "e.g.": "for example",
    "i.e.": "that is", "etc.": "et cetera", "a.m.": "am", "p.m.": "pm", "&": "and",
    "=": "equals",
}  # fmt: skip

_MONEY = {"$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "penny")}

_OPENING = "\"'“‘([{*_`<>~"  # noqa: RUF001 (typographic quotes are meant)
_CLOSING = "\"'”’)]}*_`<>~"  # noqa: RUF001
_PAUSES = ".,;:!?"

_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_AMOUNT = re.compile(r"([$€£])(\d[\d,]*)(?:\.(\d{2}))?|(\d[\d,]*)(?:\.(\d{2}))?([€£])")
_GROUPS = re.compile(r"\+?\d{1,4}(?:-\d{3,4})+")
_RANGE = re.compile(r"(\d+)[-–](\d+)")  # noqa: RUF001
_YEAR = re.compile(r"1[1-9]\d\d")
_TWO_HUMS, _ONE_HUM = re.compile(r"m+-?h+(?:m+|u+h+)", re.IGNORECASE), re.compile(r"h+m+|mm+", re.IGNORECASE)
"""Hums however they are written; read as they stand they would be spelled, letter by letter."""


def normalise(text: str, *, english: bool = True) -> list[Spoken]:
    """The words of ``text``, each with what is said for it.

    Args:
        text: a clause.
        english: read by an English voice, which has words for numbers and no sounds for other scripts;
            another voice is given all letters as they are.

    Raises:
        UnspeakableText: there is not one word to say.
    """
    words = text.split()
    spoken: list[Spoken] = []
    for at, word in enumerate(words):
        if english:
            said = _say(word, words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else "")
        else:
            said = "".join(character for character in word if not _is_ornament(character))
        if not said and spoken and word.strip(_OPENING + _CLOSING) in ("-", "–", "—") and spoken[-1].said:  # noqa: RUF001
            # A dash between words is a pause after the one before.
            before = spoken[-1]
            if before.said[-1] not in _PAUSES:
                spoken[-1] = Spoken(before.word, before.said + ",")
        spoken.append(Spoken(word, said))
    if not any(character.isalnum() for piece in spoken for character in piece.said):
        raise UnspeakableText(
            f"There is nothing to say in {text[:80]!r}.",
            remedy="An English voice reads Latin letters and digits.",
            text=text,
        )
    return spoken


def _say(word: str, before: str, after: str) -> str:
    inner = "".join(character for character in unicodedata.normalize("NFC", word) if _is_read(character))
    inner = inner.replace("…", "...").replace("’", "'").replace("—", ", ").lstrip(_OPENING)  # noqa: RUF001
    inner = inner.rstrip(_CLOSING)
    core = inner.rstrip(_PAUSES + _CLOSING)
    tail = inner[len(core) :]
    mark = next((character for character in reversed(tail) if character in _PAUSES), "")
    lowered = inner.rstrip(",;:!?" + _CLOSING).lower()
    ending = "" if mark == "." and after else mark
    if lowered in _ABBREVIATIONS and not (lowered == "no." and not after[:1].isdigit()):
        # Their full stop is not a sentence's, but at the end.
        return _ABBREVIATIONS[lowered] + ending
    if lowered == "st.":
        return ("saint" if after[:1].isupper() and not before[:1].isupper() else "street") + ending
    if _TWO_HUMS.fullmatch(core):
        return "um-hmm" + mark
    if _ONE_HUM.fullmatch(core) and not before[-1:].isdigit():  # "5 mm" is a length
        return "hmm" + mark
    if core.startswith("#") and core[1:].isdigit():
        core = "number " + core[1:]
    return _number(core, after) + mark if any(map(str.isalnum, core)) else ""


def _is_ornament(character: str) -> bool:
    return (
        unicodedata.category(character) in ("So", "Sk", "Cs", "Co", "Cn", "Cf") or character in "*_`#~<>[]{}|"
    )


def _is_read(character: str) -> bool:
    if character.isascii():
        return character.isprintable()
    if character.isalpha():
        return "LATIN" in unicodedata.name(character, "")
    # Emoji, arrows and ornaments are not read out; what belongs to numbers and prose is.
    return character in "–—…’“”‘€£°²³½¼¾×±" or unicodedata.category(character) == "Mn"  # noqa: RUF001


def _number(core: str, after: str) -> str:
    if match := _TIME.fullmatch(core):
        return _time(int(match[1]), int(match[2]), after)
    if match := _AMOUNT.fullmatch(core):
        return _amount(match)
    if _GROUPS.fullmatch(core) or (core.isdigit() and len(core) > 4):
        return ", ".join(" ".join(group) for group in core.lstrip("+").split("-"))
    if match := _RANGE.fullmatch(core):
        return f"{match[1]} to {match[2]}"
    if _YEAR.fullmatch(core):
        century, rest = core[:2], int(core[2:])
        return (
            f"{century} hundred" if not rest else f"{century} oh {rest}" if rest < 10 else f"{century} {rest}"
        )
    return core


def _time(hour: int, minute: int, after: str) -> str:
    if hour > 24 or minute > 59:
        return f"{hour} {minute}"
    halved = bool(re.match(r"[ap]\.?m\b", after.lower()))
    half = "" if halved or 1 <= hour <= 12 else " am" if hour in (0, 24) else " pm"
    shown = (hour - 1) % 12 + 1
    if minute:
        return f"{shown} oh {minute}{half}" if minute < 10 else f"{shown} {minute}{half}"
    return f"{shown}{half}" if half or halved else f"{shown} o'clock"


def _amount(match: re.Match[str]) -> str:
    sign = match[1] or match[6]
    whole = int((match[2] or match[4]).replace(",", ""))
    parts = int(match[3] or match[5] or 0)
    unit, part = _MONEY[sign]
    units = f"{whole} {unit}{'' if whole == 1 else 's'}"
    pieces = "1 " + part if parts == 1 else f"{parts} {'pence' if part == 'penny' else part + 's'}"
    if not parts:
        return units
    return f"{units} and {pieces}" if whole else pieces
