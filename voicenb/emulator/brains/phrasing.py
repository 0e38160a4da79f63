"""How the rules say things: values, and sentences made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voicenb.emulator.brains import clock, days
from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.numbers import spoken
from voicenb.emulator.brains.places import role
from voicenb.emulator.brains.slots import PEOPLE, Slot

_MASS = bag("temperature amount volume weight price budget brightness speed height length age")
_IDENTIFIERS = ("_id", "uuid", "token")
_UNIT = re.compile(
    r"\bin (euros|dollars|pounds|francs|degrees|percent|minutes|hours|kilos|grams|litres|metres|miles)\b"
)
_SPANS = bag("nights days weeks hours minutes months years")


def sentence(text: str) -> str:
    """``text`` with a capital in front and a full stop behind."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…" else text + "."


def listed(items: Sequence[str], word: str = "and") -> str:
    """``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}" if items else ""


def speakable(text: str) -> str:
    """``text`` from a tool, made fit for a voice: clock times and dates in words, no markup."""
    text = re.sub(r"https?://\S+", "a link", text)
    text = re.sub(r"[*`#|]|_(?=\w)|(?<=\w)_", " ", text)
    text = re.sub(r"\b\d{4}-(?:0[1-9]|1[0-2])-\d\d\b", lambda m: days.say(m[0]), text)
    text = re.sub(
        r"\b([01]?\d|2[0-3]):([0-5]\d)(?::\d\d)?\b(?! ?[ap]\.?m)",
        lambda m: clock.say(clock.Time(int(m[1]) * 60 + int(m[2]), loose=False)),
        text,
    )
    text = re.sub(r"(\d) ?°(?:\s?[CF]\b)?", r"\1 degrees", text)
    text = re.sub(r"(?i)\bon (today|tomorrow|the day after tomorrow|in \w+ days)\b", r"\1", text)
    return re.sub(r"\s+", " ", text).strip()


def say_value(slot: Slot, value: Any) -> str:
    """A value for the ear."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return spoken(value)
    if isinstance(value, list):
        return listed([str(item) for item in value]) or "nothing"
    if slot.kind in ("day", "date"):
        return days.say(str(value))
    if slot.kind == "phone":
        return " ".join(str(value))
    time = clock.parse(value) if slot.kind == "time" else None
    return clock.say(time) if time else str(value).replace("_", " ")


def noun(slot: Slot) -> str:
    """What a number slot counts: ``people``, ``nights``; empty when it is a measure, or names something."""
    if slot.identifies:
        return ""
    if slot.of_people:
        return "adults" if "adult" in slot.words else "people"
    counted = re.match(
        r"(?:the )?(?:number|count|amount) of (?:the )?(\w+(?: \w+)?)", slot.description.lower()
    )
    if counted:
        return counted[1]
    counted = re.match(r"how many (\w+)", slot.description.lower())
    if counted:
        return counted[1]
    last = slot.words.split()[-1]
    return last if last.endswith("s") and not last.endswith("ss") and last not in _MASS else ""


def called(slot: Slot) -> str:
    """What a slot is called in a sentence: "number of people", "day"."""
    counted = noun(slot) if slot.kind == "number" else ""
    return f"number of {counted}" if counted else slot.words


def part(slot: Slot, value: Any, verb: str) -> str:
    """A value as part of a sentence about its errand: ``on Friday``, ``for four people``."""
    said = say_value(slot, value)
    match slot.kind:
        case "day" | "date":
            return said if days.is_relative(said) else f"on {said}"
        case "time":
            return f"at {said}"
        case "name":
            return f"in the name of {said}" if verb not in ("send", "register", "transfer") else f"for {said}"
        case "place":
            named = f"the {said}" if re.fullmatch(r"(?!the |my |our )[^\dA-Z]+", said) else said
            named = re.sub("^my ", "your ", named)
            return f"{role(slot) or 'in'} {named}"
        case "list":
            return f"with {said}" if value else f"without {slot.words}"
        case "boolean":
            if re.match(
                r"(?:whether|if) (?:it|this|that|he|she|they|to|the \w+ is)\b", slot.description.lower()
            ):
                return f"{slot.words}: {said}"
            return f"{'with' if value else 'without'} {slot.words}"
        case "enum":
            if role(slot):
                return f"{role(slot)} {said}"
            return (
                f"with {said} {slot.words}"
                if slot.words in ("crust", "sauce", "milk")
                else f"for {said}"
                if slot.words in ("service", "doctor")
                else f"{slot.words} {said}"
            )
        case "number":
            unit = _UNIT.search(slot.description.lower())
            if unit:
                return f"{said} {unit[1]}"
            counted = noun(slot)
            singular = counted.removesuffix("s") if value in (1, "1") and counted.endswith("s") else counted
            singular = "person" if value in (1, "1") and counted == "people" else singular
            if counted in _SPANS or counted in PEOPLE:
                return f"for {said} {singular}"
            return f"{said} {singular}" if counted else f"{slot.words} {said}"
        case "phone" | "email":
            return f"{slot.words} {said}"
        case "text" if slot.words.split()[-1] in ("title", "name"):
            return f"called {said}"
        case "text" if slot.words in ("person", "recipient", "receiver", "to"):
            return f"to {re.sub('(?i)^my ', 'your ', said)}"
        case "text" if slot.words in ("text", "message", "content", "body"):
            return f"saying: {said}"
    return f"{slot.words}: {said}"


def parts(slots: Iterable[Slot], values: Mapping[str, Any], verb: str) -> list[str]:
    """What is known for an errand, part by part; no identifiers."""
    return [
        part(slot, values[slot.name], verb)
        for slot in slots
        if slot.name in values and not slot.name.lower().endswith(_IDENTIFIERS)
    ]


_IRREGULAR = {
    "buy": "bought",
    "pay": "paid",
    "send": "sent",
    "make": "made",
    "put": "put",
    "set": "set",
    "cancel": "cancelled",
    "submit": "submitted",
    "transfer": "transferred",
    "write": "written",
    "withdraw": "withdrawn",
    "lend": "lent",
    "leave": "left",
    "reset": "reset",
    "refer": "referred",
}


def past(verb: str) -> str:
    """The participle: what was "booked"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if re.search(r"[^aeiou]y$", verb) else f"{verb}ed"


def varied(ways: tuple[str, ...], turn: int) -> str:
    """One of several ways to say it, by the turn."""
    return ways[turn % len(ways)]
