"""What a look-up brought for an errand: nothing, a choice to make, or a choice that is already made."""

from __future__ import annotations

from typing import Any

from voicenb.emulator.brain import Say
from voicenb.emulator.brains import clock, phrasing
from voicenb.emulator.brains.intent import Errand
from voicenb.emulator.brains.options import field_of, slot_for
from voicenb.emulator.brains.results import say_item, say_options, tell
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.state import Goal, Reply, key_of

_INSISTED = ("day", "date", "time")
"""Kinds of which a caller who says the same again wants just that."""


class Offers:
    """Tells what look-ups found, and takes of it what was chosen.

    Args:
        scene: the conversation; changed in place.
    """

    def __init__(self, scene: Scene) -> None:
        self.box, self.state = scene.box, scene.state

    def open(self) -> tuple[Slot, list[Any], str] | None:
        """When there is something to choose: the slot it fills, the options, the look-up they came from."""
        goal = self.state.goal
        look = self.box.lookup(goal.name) if goal else None
        if goal is None or look is None or any(slot.name not in goal.values for slot in look.required):
            return None
        key = key_of(look.name, goal.arguments(look.slots))
        result = goal.results.get(key)
        if result is None or result.is_error or not result.items:
            return None
        slot = slot_for(result.items, _choosable(look, self.box[goal.name]))
        return (slot, result.items, key) if slot else None

    def take(self, goal: Goal, slot: Slot, item: Any, key: str) -> None:
        """Fill a slot with an option of the look-up ``key``; from a record, every slot that has a field."""
        goal.put(slot.name, field_of(item, slot))
        goal.taken[slot.name] = key
        if isinstance(item, dict):
            for other in self.box[goal.name].slots:
                if other.name in item and other.name not in goal.values:
                    goal.put(other.name, item[other.name])

    def put_off(self, goal: Goal) -> Slot:
        """None of the options will do: forget the day (or what else was looked up); returns its slot."""
        look = self.box.lookup(goal.name)
        assert look is not None
        slot = next((slot for slot in look.required if slot.kind in ("day", "date")), look.required[0])
        goal.drop(slot.name)
        return slot

    def tell(self, look: Errand, errand: Errand, goal: Goal, news: str) -> tuple[Reply, str]:
        """What to say of a look-up that has been answered.

        Args:
            look: the look-up.
            errand: what it was looked up for.
            goal: with the answer in its results.
            news: what is to be said first.

        Returns:
            A reply that ends with a question, and nothing more; or no reply, and the news with what was
            found added to it.
        """
        key = key_of(look.name, goal.arguments(look.slots))
        result = goal.results[key]
        if result.is_error:
            self.state.ask("retry")
            return [Say(f"{news} Shall I try again?".strip())], ""
        known = _where(look, goal)
        items = result.items
        if items is not None and not items:
            return self._nothing(goal, known), ""
        slot = slot_for(items, _choosable(look, errand)) if items else None
        if items is None or slot is None:
            if goal.offered == key:
                return [], news
            goal.offered = key
            _learn(result.value, errand, goal)
            return [], f"{news} {tell(look, result)}".strip()
        if goal.taken.get(slot.name) == key:
            return [], news
        if slot.name in goal.values:
            return self._check(slot, items, goal, known, key, news)
        first = goal.offered != key
        goal.offered = key
        if first:
            goal.asked.pop(slot.name, None)
        return self._offering(slot, items, known if first else "", goal, news), ""

    def _check(
        self, slot: Slot, items: list[Any], goal: Goal, known: str, key: str, news: str
    ) -> tuple[Reply, str]:
        """Whether what the caller wanted is among the options."""
        wanted = goal.values[slot.name]
        item = next((item for item in items if _same(slot, wanted, field_of(item, slot))), None)
        if item is not None:
            self.take(goal, slot, item, key)
            free = (
                f"{say_item(field_of(item, slot))} is free"
                if slot.kind == "time"
                else f"{say_item(item)} is there"
            )
            return [], f"{news} {phrasing.sentence(free)}".strip()
        said = phrasing.say_value(slot, wanted)
        if slot.kind in _INSISTED and not slot.choices and goal.unfree.get(slot.name) == (key, wanted):
            goal.taken[slot.name] = (
                key  # said twice: the caller means it, and the tool will say whether it may
            )
            return [], f"{phrasing.sentence(f'{said} was not among them, but I note it')}"
        goal.unfree[slot.name] = key, wanted
        goal.drop(slot.name)
        goal.offered = key
        missing = phrasing.sentence(f"{said} is not free{f' {known}' if known else ''}, I'm afraid")
        corrected = "then" in news and not news.lower().startswith(said.lower())
        told = f"{news if corrected else ''} {missing}".strip()
        return self._offering(slot, items, "", goal, told), ""

    def _offering(self, slot: Slot, items: list[Any], known: str, goal: Goal, news: str) -> Reply:
        self.state.ask("slot", slot.name)
        times = goal.asked[slot.name] = goal.asked.get(slot.name, 0) + 1
        offered = f"there is {'only ' if len(items) == 1 else ''}{say_options(items)}"
        if not isinstance(items[0], dict) and len(items) > 1 and clock.parse(items[0]) is None:
            offered = f"there is {say_options(items).replace(' or ', ' and ')}" if times == 1 else offered
        choice = "Shall I take that?" if len(items) == 1 else "Which would you like?"
        if times > 2:
            choice = (
                f"Say {say_item(field_of(items[0], slot))}, for instance, or the first one, or never mind."
            )
        return [Say(f"{news} {phrasing.sentence(f'{known} {offered}'.strip())} {choice}".strip())]

    def _nothing(self, goal: Goal, known: str) -> Reply:
        slot = self.put_off(goal)
        self.state.ask("slot", slot.name)
        another = {"day": "Would another day do?", "date": "Would another date do?"}.get(
            slot.kind, f"Would another {slot.words} do?"
        )
        return [Say(f"I'm afraid there is nothing free{f' {known}' if known else ''}. {another}")]


def _choosable(look: Errand, errand: Errand) -> list[Slot]:
    given = {slot.name for slot in look.slots}
    return [slot for slot in errand.slots if slot.name not in given]


def _where(look: Errand, goal: Goal) -> str:
    parts = [
        phrasing.part(slot, goal.values[slot.name], look.verb)
        for slot in look.slots
        if slot.name in goal.values and (slot.kind in ("day", "date", "place", "time") or slot.of_people)
    ]
    return " ".join(parts)


def _same(slot: Slot, wanted: Any, offered: Any) -> bool:
    if slot.kind == "time":
        one, other = clock.parse(wanted), clock.parse(offered)
        if one and other:
            return one.minutes % 720 == other.minutes % 720
    return str(wanted).strip().lower() == str(offered).strip().lower()


def _learn(value: Any, errand: Errand, goal: Goal) -> None:
    """Take from a record what the tool needs and nobody can be asked for, an id for instance."""
    record = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(record, dict):
        for slot in errand.slots:
            found = field_of(record, slot)
            if slot.name not in goal.values and found is not None and not isinstance(found, list | dict):
                goal.put(slot.name, found)
