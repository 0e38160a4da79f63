"""What a caller puts right: in one breath with the answer, or when asked whether all is well."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicenb.emulator.brain import Say
from voicenb.emulator.brains import days, names, phrasing
from voicenb.emulator.brains.acts import acts_of
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.line import line_of, plain
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.state import Goal, Reply
from voicenb.emulator.brains.utterance import Utterance

_PUTTING_RIGHT = re.compile(r"(?i)\b(?:no|not|actually|make|sorry|instead|wait|change|meant|rather)\b")
_RECONSIDERING = re.compile(
    r"\b(?:change|wrong|different|another|other|incorrect|not right|instead|correct|"
    r"actually|i mean|i meant|rather|sorry)\b"
)
_REFUSAL = re.compile(
    r"(?i)^\W*(?:(?:no|nope|not that|wrong|sorry|wait|actually|rather|i mean|i meant|"
    r"that's wrong|that's not right)\b\W*)+"
)
_FREE = ("text", "place", "list", "boolean")
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'.-]*\w"
_LONE_NAME = re.compile(
    r"(?i:(?:yes|yeah|no|nope|okay|sorry|actually|rather|oh|well|i mean|i meant|please|but|not \w+|for|under|"
    r"(?:it|that|this|the name|my name|name)(?:'s| is| should be)|i'm|i am|make (?:it|that))[ ,.]+)*"
    rf"({_CAPITAL}(?: (?:(?:van|von|de|der|den|la|le|di|da|del|ter) )*{_CAPITAL}){{0,2}})"
    r"(?i:[ ,]+(?:please|instead|rather|then|thanks|thank you))*[ .!]*"
)
"""A name and nothing beside it but what goes with putting something right."""
_TAKEN = ("All right.", "Good.", "Fine.", "Thank you.")


class Corrections:
    """Takes values in, says which were put right, and asks what is wrong.

    Args:
        scene: the conversation; changed in place.
        errands: carries the goal on.
    """

    def __init__(self, scene: Scene, errands: Errands) -> None:
        self.scene, self.errands = scene, errands

    def taken(self, goal: Goal, changed: Mapping[str, Any], said: Utterance, asked: str | None) -> str:
        """A short word for what was understood: the new value of a correction, else "All right"."""
        slots = {slot.name: slot for slot in self.scene.box.slots(goal.name)}
        corrected = [name for name in changed if name != asked]
        all_known = self.scene.state.asking == "confirm"
        if corrected and (all_known or said.paused or _PUTTING_RIGHT.search(said.text)):
            told = phrasing.listed([_brief(slots[name], changed[name]) for name in corrected])
            return phrasing.sentence(f"{told}, then")
        return phrasing.varied(_TAKEN, self.scene.state.heard)

    def take(
        self, said: Utterance, goal: Goal, changed: dict[str, Any], asked: Slot | None, news: str = ""
    ) -> Reply:
        """Go on with new values, behind ``news`` or a short word for what was understood."""
        if asked is not None and asked.name in goal.asked:  # something else was put right first
            goal.asked[asked.name] -= 1
        return self.errands.advance(news or self.taken(goal, changed, said, asked.name if asked else None))

    def lone(self, said: Utterance, goal: Goal) -> Reply:
        """A name or a day by itself ("Anna.", "It is Anna.", "Sat.") in the place of another; else empty.

        Only for where all is known: there it can be nothing but a correction.
        """
        slots = {slot.name: slot for slot in self.scene.box.slots(goal.name) if slot.name in goal.values}
        slot = next((slots[name] for name in reversed(goal.recent) if _is_name(slots.get(name))), None)
        text = said.text if said.text != said.text.lower() else said.text.capitalize()
        found = _LONE_NAME.fullmatch(text)
        if found is None or said.acts.names - {"yes", "no", "doubt"}:
            return []
        day = next((slot for slot in slots.values() if slot.kind in ("day", "date")), None)
        if day is not None and days.short(found[1]):
            return self._put(day, found[1], goal)
        known = {plain(str(value)) for value in goal.values.values()}
        if slot is None or plain(found[1]) in known or acts_of(plain(found[1])).names:
            return []
        whole = plain(names.named(line_of(found[1]))) == plain(found[1])
        return self._put(slot, found[1], goal) if whole else []

    def _put(self, slot: Slot, text: str, goal: Goal) -> Reply:
        """Put right what is known for a slot; empty if ``text`` says nothing new for it."""
        slots = self.scene.box.slots(goal.name)
        found = self.scene.find(Utterance.of(text), slots, self.scene.context(slot.name)).get(slot.name)
        if found is None or found.value == goal.values.get(slot.name):
            return []
        goal.put(slot.name, found.value)
        return self.errands.advance(phrasing.sentence(f"{_brief(slot, found.value)}, then"))

    def reconsidered(self, said: Utterance, goal: Goal) -> Reply:
        """Ask again for what is doubted ("Can I change the day?"); empty if nothing is."""
        return self.change(said.text, goal) if _RECONSIDERING.search(said.plain) else []

    def ask(self) -> Reply:
        """Ask what is wrong."""
        self.scene.state.ask("change")
        return [Say("All right. What should I change?")]

    def change(self, text: str, goal: Goal) -> Reply:
        """A correction in few words ("no, Smythe", "the name"); empty if it is none."""
        rest = _REFUSAL.sub("", text)
        said = plain(rest)
        slots = self.scene.box.slots(goal.name)
        named = next((slot for slot in slots if _is_named(slot, said) and slot.name in goal.values), None)
        if not said or acts_of(said).names:
            return []
        if named is not None:
            rest = re.sub(
                rf"(?i)^.*?\b{re.escape(named.words)}\b\W*(?:(?:is|to|should be)\b )?"
                r"(?:(?:wrong|not right|please)\W*)?",
                "",
                rest,
            )
        by_name = {slot.name: slot for slot in slots}
        for slot in (
            [named] if named else [by_name[name] for name in reversed(goal.recent) if name in by_name]
        ):
            if slot.kind in _FREE and named is None and slot.name != goal.recent[-1]:
                continue  # it would take any words
            reply = self._put(slot, rest, goal)
            if reply:
                return reply
        if named is None:
            return []
        goal.drop(named.name)
        return self.errands.advance("All right.")


def _is_name(slot: Slot | None) -> bool:
    return slot is not None and slot.kind == "name"


def _is_named(slot: Slot, said: str) -> bool:
    return bool(re.search(rf"\b{re.escape(slot.words)}\b", said)) or phrasing.noun(slot) in said.split()


def _brief(slot: Slot, value: Any) -> str:
    said = phrasing.say_value(slot, value)
    counted = phrasing.noun(slot) if slot.kind == "number" else ""
    return f"{said} {counted}".strip()
