"""Answers in the caller's own words: free text, places, lists, yes and no."""

from __future__ import annotations

import re

from voicenb.emulator.brains import codes, mentions, names, places, thinking
from voicenb.emulator.brains.context import FILLERS, Found
from voicenb.emulator.brains.line import words
from voicenb.emulator.brains.slots import Slot

_NOTHING = re.compile(r"(?i)(?:no|none|nothing|just plain|plain)\b(?! (?:just|only|but|wait|sorry)\b)")
_COURTESY = re.compile(
    r"(?i)(?:(?:yes|yeah|yep|sure|okay|ok|of course|please|thanks|thank you|i do|i would|i think|so|do)\b ?)+"
)
_POLITE = re.compile(r"(?i)[, ]+(?:please|thanks|thank you)$")


def answer(slot: Slot, line: str, text: str, others: bool) -> Found | None:
    """What was said as a bare answer to the question for ``slot``."""
    said = words(line)
    if slot.kind in ("text", "place", "list"):
        text = thinking.out_of(text)
    if slot.kind == "boolean":
        if re.match(
            r"(?i)(?:\w+ )?(?:yes|yeah|yep|sure|please|of course|ok|okay|definitely|i do|i would|go ahead)\b",
            said,
        ):
            return Found(value=True)
        if re.search(r"(?i)\b(?:yes|yeah|yep)(?: please)?$", said):
            return Found(value=True)
        return (
            Found(value=False)
            if re.match(r"(?i)(?:\w+ )?(?:no|nope|nah|not|don't|without)\b", said)
            else None
        )
    if slot.kind == "list":
        if _NOTHING.match(said) and not re.match(r"(?i)no ?, (?!thank|please|nothing|none)\w", line):
            return Found([])
        parts = None if slot.choices or others or _COURTESY.fullmatch(said) else _listed(text)
        return None if parts is None else Found(parts)
    if slot.kind == "name":
        name = names.named(line)
        return Found(name) if name and not others else None
    if slot.kind in ("text", "place") and not others:
        rest = (
            _POLITE.sub(
                "", re.sub(rf"(?i)^(?:{FILLERS}|(?:from|in|at|near) )+", "", text.strip()).strip(" .,!?")
            )
            if slot.kind == "place"
            else _unwrapped(text, slot.example)
        )
        if not rest or (slot.kind == "place" and len(rest.split()) > 5):
            return None
        if codes.is_code(slot) and slot.example and not re.search(r"\d", line):
            return None  # "with a neighbour, yes" is no number of a parcel
        return Found(places.written(rest, slot) if slot.kind == "place" else rest)
    if slot.kind == "phone":
        digits = "".join(re.findall(r"\d+", line))
        return Found(digits) if len(digits) >= 3 else None
    return None


def _unwrapped(text: str, example: str) -> str:
    text = re.sub(r"(?i),\s*(?:please|thanks|thank you)\W*$", "", text)
    text = re.sub(
        r"(?i)^(?:(?:well|oh|okay|yes|so|please|it's|it is|that would be|i think it's)[, ]+)+",
        "",
        text.strip(),
    ).strip(" .,!?")
    if example and example == example.lower() and len(text.split()) <= 3:  # "a cat", where "dog" would do
        return re.sub(r"(?i)^(?:an?|the) (?=\w)", "", text)
    return text


def _listed(text: str) -> list[str] | None:
    """The parts of a list; empty where nothing is wanted, and None where nothing was said."""
    rest = re.sub(rf"(?i)^{FILLERS}+", "", text.strip()).strip(" .!?")
    rest = _POLITE.sub("", rest)
    if not rest:
        return None
    return [] if _NOTHING.fullmatch(rest) else mentions.split(rest)
