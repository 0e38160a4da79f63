"""What an errand does, in words: what the agent can do, and what it is about to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.intent import Errand
from voicenb.emulator.brains.nouns import one_of
from voicenb.emulator.brains.phrasing import listed, noun, parts, say_value
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.verbs import is_told, without_lead

_ADJECTIVES = bag("size colour color type kind flavour flavor style variety")
_PREPOSITIONS = bag("to on in at for from with by of")
_RUNS_ON = re.compile(
    r"(?:on|at|for|with|without|called|today|tomorrow|from|to)\b|in (?!the name)|the day after"
)
"""How a part begins that needs no comma."""


def doing(errand: Errand, values: Mapping[str, Any]) -> str:
    """An errand with its values: "book a table on Friday for four people, in the name of Anna"."""
    adjectives = [
        say_value(slot, values[slot.name])
        for slot in errand.slots
        if slot.name in values and _is_adjective(slot)
    ]
    counted = next((slot for slot in errand.slots if slot.name in values and _is_counted(slot, errand)), None)
    others = [slot for slot in errand.slots if not _is_adjective(slot) and slot != counted]
    told = parts(others, values, errand.verb)
    what = errand.words[1:] if errand.words[:1] == [errand.verb] else []
    what = [word for word in what if word not in ("a", "an", "the", "new")]
    if not what or what[0] in _PREPOSITIONS:
        can, rest = _filled(ability(errand), others, values)
        told = parts(rest, values, errand.verb)
        return can + _tail(told)
    if not errand.slots and errand.description:
        return ability(errand)  # its author knows which door it is
    named = " ".join([*adjectives, *what])
    verb = errand.verb
    plural = what[-1].endswith("s") and not what[-1].endswith("ss")
    if counted is not None:
        article = f"{say_value(counted, values[counted.name])} "
        named = one_of(named) if values[counted.name] in (1, "1") else named if plural else f"{named}s"
    elif plural:
        article = "the " if verb in ("cancel", "delete", "remove", "update", "change", "move") else ""
    elif verb in ("cancel", "delete", "remove", "update", "change", "move", "confirm", "reschedule", "place"):
        article = "the "
    else:
        article = "an " if named[0] in "aeiou" else "a "
    return f"{verb} {article}{named}{_tail(told)}"


def _tail(told: Sequence[str]) -> str:
    """Parts of a sentence: first what runs on ("on Friday for four people"), then what is set off."""
    on = [part for part in told if _RUNS_ON.match(part)]
    return "".join([*(f" {part}" for part in on), *(f", {part}" for part in told if part not in on)])


def _filled(can: str, slots: Sequence[Slot], values: Mapping[str, Any]) -> tuple[str, list[Slot]]:
    """An ability with what is known in the place of "items" or "some minutes"; and the other slots."""
    rest: list[Slot] = []
    for slot in slots:
        named = noun(slot) if slot.kind == "number" else slot.words if slot.kind == "list" else ""
        place = (
            re.search(rf" (?:(?:some|several|a few|the|a number of) )?{re.escape(named)}\b", can)
            if named
            else None
        )
        if place is None or not values.get(slot.name):
            rest.append(slot)
            continue
        said = say_value(slot, values[slot.name])
        can = (
            f"{can[: place.start()]} {said}{f' {named}' if slot.kind == 'number' else ''}{can[place.end() :]}"
        )
    return can, rest


def _is_counted(slot: Slot, errand: Errand) -> bool:
    """Whether a slot says how many of what the errand is about: "buy three tickets"."""
    last = errand.words[-1] if errand.words else ""
    return slot.kind == "number" and not slot.of_people and noun(slot) in (last, f"{last}s")


def _is_adjective(slot: Slot) -> bool:
    return slot.kind in ("enum", "text") and slot.words in _ADJECTIVES


def ability(errand: Errand) -> str:
    """What a tool does, as it goes after "I can": its description's first sentence."""
    first = re.split(r"[.;\n](?:\s|$)", without_lead(errand.description))[0].strip()
    if not first:
        return " ".join(errand.words)
    first = first[0].lower() + first[1:] if not first[:2].isupper() else first
    if is_told(errand.description) and not errand.changes:
        the = "" if re.match(r"(?:the|a|an|all|\w+'s|wh\w+|how|information|details)\b", first) else "the "
        return f"tell you {the}{first}"
    word, _, rest = first.partition(" ")
    if word.endswith("s") and not word.endswith(("ss", "'s")) and len(word) > 3:
        base = f"{word[:-3]}y" if word.endswith("ies") else re.sub(r"((?:ch|sh|ss|x))es$|s$", r"\1", word)
        first = f"{base} {rest}".strip()
    return first


def abilities(errands: Sequence[Errand]) -> str:
    """What an agent can do, as it goes after "I can"."""
    named = [ability(errand) for errand in errands[:4]]
    return listed(named, "or") + (", among other things" if len(errands) > 4 else "")
