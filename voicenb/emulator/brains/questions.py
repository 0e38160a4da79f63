"""How the rules ask for a value, and for what goes into it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from voicenb.emulator.brains import doings
from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.intent import Errand
from voicenb.emulator.brains.nouns import is_many
from voicenb.emulator.brains.numbers import spoken
from voicenb.emulator.brains.phrasing import called, listed, noun, say_value
from voicenb.emulator.brains.places import which
from voicenb.emulator.brains.slots import Slot

_MOMENTS = bag("day date time weekday hour when moment")


def question(slot: Slot, changes: bool) -> str:
    """The question for a slot, made from its description and name."""
    described = slot.description
    match slot.kind:
        case "day" | "date" | "time":
            return _when(slot, changes)
        case "name":
            if "last" in slot.words or "surname" in slot.words:
                return "What is your last name?"
            first = "first" in slot.words
            return (
                "What is your first name?"
                if first
                else "What name shall I put it under?"
                if changes
                else "What is the name?"
            )
        case "phone":
            return "What is your phone number?"
        case "email":
            return "What is your email address?"
        case "number":
            counted = noun(slot)
            if counted:
                return f"How many {counted}?"
            if slot.identifies:
                return f"What is the {slot.words}?"
            return f"What {slot.words} would you like?"
        case "enum":
            offered = [str(choice).replace("_", " ") for choice in slot.choices]
            if len(offered) <= 4:
                return (
                    f"What {slot.words} would you like: {listed(offered, 'or')}?"
                    if changes
                    else f"Which {slot.words}: {listed(offered, 'or')}?"
                )
            return f"Which {slot.words}{' would you like' if changes else ''}?"
        case "list":
            return f"Which {slot.words} would you like?"
        case "boolean":
            whether = re.match(
                r"(?i)(?:whether|if|true if)(?: or not)? (?:(to)|the \w+ (?:wants|would like|needs)|"
                r"you want|you would like) (.+)",
                described,
            )
            if whether:
                return f"Shall I {whether[2]}?" if whether[1] else f"Would you like {whether[2]}?"
            return f"{slot.words.capitalize()}, yes or no?"
        case "place":
            return which(slot)
    if re.match(r"(?i)(?:what|which|who|where|how|why|whether)\b", described):
        return f"Please tell me {described[0].lower()}{described[1:]}."
    if 1 < len(described.split()) <= 8:
        the = "" if re.match(r"(?i)(?:the|your|a|an) ", described) else "the "
        are = "are" if is_many(described.lower().partition(" of ")[0]) else "is"
        return f"What {are} {the}{described[0].lower()}{described[1:]}?"
    return f"What is the {slot.words}?"


def _when(slot: Slot, changes: bool) -> str:
    named = slot.words.split()
    if named[-1] not in _MOMENTS:
        return f"What {slot.kind} for the {slot.words}?"
    if len(named) > 1:
        return f"What {slot.words} would you like?"
    if changes:
        return f"What {slot.kind} would you like?"
    return "At what time?" if slot.kind == "time" else f"For which {slot.kind}?"


def with_example(slot: Slot, changes: bool) -> str:
    """The same question, asked a second time."""
    sample = sample_of(slot)
    asked = question(slot, changes)
    what = {
        "day": "a day",
        "date": "a date",
        "time": "a time",
        "number": "a number",
        "name": "a name",
        "phone": "the digits",
        "boolean": "a yes or a no",
    }.get(slot.kind, f"the {called(slot)}")
    if slot.choices and sample:
        return f"Sorry. {_choices(slot)} {'Which' if slot.kind == 'list' else 'Which one'} would you like?"
    if sample:
        return f"Sorry, I need {what}, {sample} for instance. {asked}"
    return f"Sorry, I need {what}. {asked}"


def with_help(slot: Slot, errand: Errand, times: int) -> str:
    """The same question, asked more often than twice: what to say, and how to get out of it."""
    sample = sample_of(slot)
    what = called(slot)
    say = f"Say just {sample}, for example" if sample else f"Say just the {what}"
    if times % 2:
        return f"I still need the {what} before I can {doings.ability(errand)}. {say}. Or say never mind."
    return f"I am a simple stand-in and did not get the {what}. {say}, or say never mind to stop."


def menu(said: str, slots: Iterable[Slot]) -> str:
    """What there is to choose from, to somebody who asks ("what sizes do you have"); empty else.

    Args:
        said: the question in plain words.
        slots: whose choices there may be.
    """
    for slot in slots:
        if slot.choices and re.search(rf"\b(?:what|which)\b.*\b{re.escape(slot.words)}s?\b", said):
            return _choices(slot)
    return ""


def _choices(slot: Slot) -> str:
    others = ", among others" if len(slot.choices) > 4 else ""
    return f"{slot.words.capitalize()} can be {sample_of(slot)}{others}."


def sample_of(slot: Slot) -> str:
    """What one could say for a slot."""
    if slot.choices:
        return listed([str(choice).replace("_", " ") for choice in slot.choices[:4]], "or")
    if slot.example:
        if slot.kind == "number" and slot.example.lstrip("-").isdigit():
            return spoken(int(slot.example))
        return say_value(slot, slot.example)
    return {"day": "Friday", "date": "March fourteenth", "time": "half past seven", "number": "four"}.get(
        slot.kind, ""
    )


def limits(slot: Slot) -> str:
    """Which numbers a slot takes, as a sentence."""
    if slot.kind == "date":
        return "I have no calendar here, so please say the date itself, March fourteenth for instance."
    named = noun(slot) or slot.words
    low, high = slot.low, slot.high
    if low is not None and high is not None:
        return f"The {called(slot)} has to be between {spoken(low)} and {spoken(high)}."
    if low is not None or high is not None:
        return (
            f"The {called(slot)} has to be {spoken(low or high or 0)} or "
            f"{'more' if low is not None else 'less'}."
        )
    return f"That has to be a whole number of {named}." if slot.whole else ""
