"""The values of an enum that are named in what was said."""

from __future__ import annotations

import re
from typing import Any

from voicenb.emulator.brains.context import NEGATED, Found
from voicenb.emulator.brains.places import role
from voicenb.emulator.brains.slots import Slot

_BEFORE = {
    "from": re.compile(r"\b(?:from|out of) (?:the |my |our )?$"),
    "to": re.compile(r"\b(?:to|into|onto|in) (?:the |my |our )?$"),
}


def all_of(slot: Slot, line: str) -> list[Any]:
    """The choices that are named in a line, in its order."""
    return [choice for _, choice in _named(slot, line)]


def one_of(slot: Slot, line: str) -> Found | None:
    """The choice that is meant: the last one named; of two, "from savings to checking", the slot's own."""
    named, way = _named(slot, line), role(slot)
    said = _said(line)
    if way:
        own = [pair for pair in named if _BEFORE[way].search(said[: pair[0] + 1])]
        other = _BEFORE["from" if way == "to" else "to"]
        if not own and any(other.search(said[: at + 1]) for at, _ in named):
            return None
        named = own or named
    return Found(named[-1][1]) if named else None


def _said(line: str) -> str:
    return f" {line.lower()} ".replace("#", "")


def _named(slot: Slot, line: str) -> list[tuple[int, Any]]:
    said = _said(line)
    places: list[tuple[int, Any]] = []
    for choice in slot.choices:
        name = re.sub(r"[_-]", " ", str(choice)).lower()
        for form in {name, name.removesuffix("s"), f"{name}s", name + "es"}:
            place = said.rfind(f" {form} ")
            before = said[: place + 1]
            if place >= 0 and not NEGATED.search(before) and not before.endswith(" no "):
                places.append((place, choice))
    return sorted(places, key=lambda pair: pair[0])
