"""The next step of an errand: a question, a look-up, a confirmation, the call, the telling of its result."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from voicenb.emulator.brain import Call, Say
from voicenb.emulator.brains import clock, phrasing
from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.instructions import quoted
from voicenb.emulator.brains.intent import Errand, Toolbox
from voicenb.emulator.brains.results import (
    Result,
    field_of,
    say_item,
    say_options,
    slot_for,
    tell,
    tell_error,
)
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.state import Goal, State, key_of

Reply = list[Say | Call]
_PERSONAL = ("name", "phone", "email")
_LOOKS = bag("get find search check list show look fetch query read free see lookup")
_LOOKING = ("One moment.", "Let me look.", "Just a second.")
_BUSY = ("I am still waiting for the answer. One moment.", "Still on it, one moment.")


class Errands:
    """Carries the goal of a conversation on, step by step.

    Args:
        box: the tools as they now stand.
        state: the conversation; changed in place.
        waiting: the calls that were made and not answered yet, as :func:`key_of` has them.
        fill: whether to say "One moment." in front of a call.
    """

    def __init__(self, box: Toolbox, state: State, waiting: Collection[str], *, fill: bool = True) -> None:
        self.box, self.state, self.waiting, self.fill = box, state, waiting, fill

    def begin(self, name: str) -> Goal:
        """A new goal, with what the caller already told of themselves."""
        known = {slot.name for slot in self.box.slots(name) if slot.kind in _PERSONAL}
        goal = Goal(name, {key: value for key, value in self.state.about.items() if key in known})
        self.state.goal = goal
        self.state.ask("nothing")
        return goal

    def advance(self, news: str = "") -> Reply:
        """The next step of the goal, behind ``news``."""
        goal = self.state.goal
        if goal is None:
            return [Say(news)] if news else []
        errand, look = self.box[goal.name], self.box.lookup(goal.name)
        if look is not None:
            missing = self._missing(look, goal)
            if missing:
                return self._ask(missing, news)
            arguments = _arguments(look, goal)
            if key_of(look.name, arguments) not in goal.results:
                return self._call(look, arguments, news)
            reply, news = self._offer(look, errand, goal, arguments, news)
            if reply:
                return reply
        missing = self._missing(errand, goal)
        if missing:
            return self._ask(missing, news)
        arguments = _arguments(errand, goal)
        key = key_of(errand.name, arguments)
        if errand.changes and goal.agreed != key and key not in goal.results:
            self.state.ask("confirm")
            return [Say(f"{news} Shall I {phrasing.doing(errand, goal.values)}?".strip())]
        return self._call(errand, arguments, news)

    def hear_result(self, name: str, arguments: dict[str, Any], result: Result) -> Reply:
        """Take a tool's answer in and say what comes of it."""
        goal, key = self.state.goal, key_of(name, arguments)
        if name not in self.box:
            return []
        errand = self.box[name]
        if goal is None or name not in self.box.group(goal.name) or _arguments(errand, goal) != arguments:
            # The caller has gone on to something else: a change must be told even so, a look-up need not.
            return (
                [Say(f"{self._told(errand, result)} {self._again()}".strip())]
                if errand.changes or goal is None
                else []
            )
        goal.results[key] = result
        if result.is_error:
            return self._failed(errand, goal, key, result)
        if name != goal.name:
            return self.advance()
        return self._finish(errand, goal, result)

    def again(self, news: str = "") -> Reply:
        """The open question once more, or the next step, behind ``news``."""
        if self.state.goal is None:
            return [Say(news)] if news else []
        if self.state.asking == "change":
            return [Say(f"{news} What should I change?".strip())]
        if self.state.asking == "retry":
            return [Say(f"{news} Shall I try again?".strip())]
        return self.advance(news)

    def key(self) -> str:
        """The call that the goal comes to as things stand."""
        goal = self.state.goal
        return key_of(goal.name, _arguments(self.box[goal.name], goal)) if goal else ""

    def options(self) -> tuple[Slot, list[Any], str] | None:
        """When there is something to choose: the slot it fills, the options, the look-up they came from."""
        goal = self.state.goal
        look = self.box.lookup(goal.name) if goal else None
        if goal is None or look is None or self._missing(look, goal):
            return None
        key = key_of(look.name, _arguments(look, goal))
        result = goal.results.get(key)
        if result is None or result.is_error or not result.items:
            return None
        slot = slot_for(result.items, self._choosable(look, self.box[goal.name]))
        return (slot, result.items, key) if slot else None

    def take(self, goal: Goal, slot: Slot, item: Any, key: str) -> None:
        """Fill a slot with an option of the look-up ``key``; from a record, every slot that has a field."""
        goal.put(slot.name, field_of(item, slot))
        goal.taken[slot.name] = key
        if isinstance(item, dict):
            for other in self.box[goal.name].slots:
                if other.name in item and other.name not in goal.values:
                    goal.put(other.name, item[other.name])

    def _choosable(self, look: Errand, errand: Errand) -> list[Slot]:
        given = {slot.name for slot in look.slots}
        return [slot for slot in errand.slots if slot.name not in given]

    def _missing(self, errand: Errand, goal: Goal) -> Slot | None:
        return next((slot for slot in errand.required if slot.name not in goal.values), None)

    def _ask(self, slot: Slot, news: str) -> Reply:
        goal = self.state.goal
        assert goal is not None
        changes = self.box[goal.name].changes
        times = goal.asked[slot.name] = goal.asked.get(slot.name, 0) + 1
        self.state.ask("slot", slot.name)
        if times == 1:
            return [
                Say(f"{news} {goal.hints.pop(slot.name, '') or phrasing.question(slot, changes)}".strip())
            ]
        if times == 2:
            return [Say(f"{news} {phrasing.with_example(slot, changes)}".strip())]
        sample = phrasing.sample_of(slot)
        what = phrasing.called(slot)
        say = f"Say just {sample}, for example" if sample else f"Say just the {what}"
        helps = (
            f"I am a simple stand-in and did not get the {what}. {say}, or say never mind to stop.",
            f"I still need the {what} before I can {phrasing.ability(self.box[goal.name])}. {say}. "
            f"Or say never mind.",
        )
        return [Say(f"{news} {helps[times % 2]}".strip())]

    def _call(self, errand: Errand, arguments: dict[str, Any], news: str) -> Reply:
        goal = self.state.goal
        assert goal is not None
        key = key_of(errand.name, arguments)
        if key in goal.results and goal.results[key].is_error:
            self.state.ask("retry")
            return [Say(f"{news} Shall I try again?".strip())]
        self.state.ask("nothing")
        if key in self.waiting:
            return [Say(f"{news} {_BUSY[self.state.heard % 2]}".strip())]
        looking = _LOOKING[self.state.heard % 3] if errand.verb in _LOOKS else "One moment."
        filler = f"{news} {looking}".strip() if self.fill else news
        return [*([Say(filler)] if filler else []), Call(errand.name, arguments)]

    def _offer(
        self, look: Errand, errand: Errand, goal: Goal, arguments: dict[str, Any], news: str
    ) -> tuple[Reply, str]:
        """What the look-up brought: nothing, a choice to make, or a choice that is already made."""
        key = key_of(look.name, arguments)
        result = goal.results[key]
        if result.is_error:
            self.state.ask("retry")
            return [Say(f"{news} Shall I try again?".strip())], ""
        known = self._where(look, goal)
        items = result.items
        if items is not None and not items:
            return self._nothing(look, goal, known), ""
        slot = slot_for(items, self._choosable(look, errand)) if items else None
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
        goal.drop(slot.name)
        goal.offered = key
        missing = phrasing.sentence(
            f"{phrasing.say_value(slot, wanted)} is not free{f' {known}' if known else ''}, I'm afraid"
        )
        return self._offering(
            slot, items, "", goal, f"{news if 'then' in news else ''} {missing}".strip()
        ), ""

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

    def _nothing(self, look: Errand, goal: Goal, known: str) -> Reply:
        slot = next((slot for slot in look.required if slot.kind in ("day", "date")), look.required[0])
        goal.drop(slot.name)
        self.state.ask("slot", slot.name)
        another = {"day": "Would another day do?", "date": "Would another date do?"}.get(
            slot.kind, f"Would another {slot.words} do?"
        )
        return [Say(f"I'm afraid there is nothing free{f' {known}' if known else ''}. {another}")]

    def _where(self, look: Errand, goal: Goal) -> str:
        parts = [
            phrasing.part(slot, goal.values[slot.name], look.verb)
            for slot in look.slots
            if slot.name in goal.values and (slot.kind in ("day", "date", "place", "time") or slot.of_people)
        ]
        return " ".join(parts)

    def _failed(self, errand: Errand, goal: Goal, key: str, result: Result) -> Reply:
        said = _scripted(errand, "error") or tell_error(result)
        named = next(
            (slot for slot in errand.slots if slot.name in goal.values and _names(result, slot)), None
        )
        if named is not None:
            goal.drop(named.name)
            goal.agreed = ""
            return self.advance(said)
        self.state.ask("retry")
        return [Say(f"{said} Shall I try again?")]

    def _finish(self, errand: Errand, goal: Goal, result: Result) -> Reply:
        state = self.state
        for slot in errand.slots:
            if slot.kind in _PERSONAL and slot.name in goal.values:
                state.about[slot.name] = goal.values[slot.name]
        state.last, state.goal, state.finished = goal, None, state.finished + 1
        goal.results.clear()
        goal.agreed = goal.offered = ""
        told = self._told(errand, result)
        if state.aside is not None:
            state.goal, state.aside = state.aside, None
            # The question was put off, not missed.
            state.goal.asked = {name: max(times - 1, 0) for name, times in state.goal.asked.items()}
            return self.advance(f"{told} Back to where we were.")
        if errand.changes:
            state.ask("more")
            return [Say(f"{told} Is there anything else?")]
        state.ask("nothing")
        return [Say(told)]

    def _told(self, errand: Errand, result: Result) -> str:
        if result.is_error:
            return _scripted(errand, "error") or tell_error(result)
        return _scripted(errand, "success") or tell(errand, result)

    def _again(self) -> str:
        """The open question in short, behind an answer that came late."""
        reply = (
            self.again() if self.state.goal is not None and self.state.asking in ("slot", "confirm") else []
        )
        return " ".join(part.text for part in reply if isinstance(part, Say))


def _arguments(errand: Errand, goal: Goal) -> dict[str, Any]:
    return {slot.name: goal.values[slot.name] for slot in errand.slots if slot.name in goal.values}


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


def _names(result: Result, slot: Slot) -> bool:
    text = str(result.value).lower()
    return slot.name.lower() in text or (len(slot.words) > 3 and slot.words in text)


def _scripted(errand: Errand, which: str) -> str:
    """What ``response_instructions`` puts in quotes: the one kind of instruction that rules can follow."""
    return quoted(str(errand.responses.get(which) or ""))
