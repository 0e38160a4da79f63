"""The next step of an errand: a question, a look-up, a confirmation, the call, the telling of its result."""

from __future__ import annotations

import re
from typing import Any

from voicenb.emulator.brain import Call, Say
from voicenb.emulator.brains import doings, phrasing, questions
from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.instructions import quoted
from voicenb.emulator.brains.intent import Errand
from voicenb.emulator.brains.offers import Offers
from voicenb.emulator.brains.results import Result, tell, tell_error
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.state import Goal, Reply, key_of
from voicenb.emulator.brains.utterance import Utterance

_PERSONAL = ("name", "phone", "email")
_LOOKS = bag("get find search check list show look fetch query read free see lookup")
_LOOKING = ("One moment.", "Let me look.", "Just a second.")
_BUSY = ("I am still waiting for the answer. One moment.", "Still on it, one moment.")


class Errands:
    """Carries the goal of a conversation on, step by step.

    Args:
        scene: the conversation; changed in place.
    """

    def __init__(self, scene: Scene) -> None:
        self.box, self.state, self.waiting, self.fill = scene.box, scene.state, scene.waiting, scene.fill
        self.offers = Offers(scene)

    def begin(self, name: str) -> Goal:
        """A new goal, with what the caller already told of themselves."""
        known = {slot.name for slot in self.box.slots(name) if slot.kind in _PERSONAL}
        goal = Goal(name, {key: value for key, value in self.state.about.items() if key in known})
        self.state.goal, self.state.found = goal, None
        self.state.ask("nothing")
        return goal

    def advance(self, news: str = "") -> Reply:
        """The next step of the goal, behind ``news``."""
        goal = self.state.goal
        if goal is None:
            return [Say(news)] if news else []
        errand, look = self.box[goal.name], self.box.lookup(goal.name)
        if look is not None:
            missing = _missing(look, goal)
            if missing:
                return self._ask(missing, news)
            arguments = goal.arguments(look.slots)
            if key_of(look.name, arguments) not in goal.results:
                return self._call(look, arguments, news)
            reply, news = self.offers.tell(look, errand, goal, news)
            if reply:
                return reply
        missing = _missing(errand, goal)
        if missing:
            return self._ask(missing, news)
        arguments = goal.arguments(errand.slots)
        key = key_of(errand.name, arguments)
        if errand.changes and goal.agreed != key and key not in goal.results:
            self.state.ask("confirm")
            return [Say(f"{news} Shall I {doings.doing(errand, goal.values)}?".strip())]
        return self._call(errand, arguments, news)

    def hear_result(self, name: str, arguments: dict[str, Any], result: Result) -> Reply:
        """Take a tool's answer in and say what comes of it."""
        goal, key = self.state.goal, key_of(name, arguments)
        if name not in self.box:
            return []
        errand = self.box[name]
        if goal is None or name not in self.box.group(goal.name) or goal.arguments(errand.slots) != arguments:
            # The caller has gone on to something else: a change must be told even so, a look-up need not.
            return (
                [Say(f"{_told(errand, result)} {self._again()}".strip())]
                if errand.changes or goal is None
                else []
            )
        goal.results[key] = result
        if result.is_error:
            return self._failed(errand, goal, result)
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

    def patient(self, news: str) -> Reply:
        """The open question once more, where it is not the caller's failing that it has no answer."""
        state = self.state
        if state.goal is not None and state.slot in state.goal.asked:
            state.goal.asked[state.slot or ""] -= 1
        return self.again(news)

    def drop(self, goal: Goal, said: Utterance) -> Reply:
        """Leave an errand undone."""
        state, errand = self.state, self.box[goal.name]
        state.goal, state.aside = None, None
        undone = f"I have not {phrasing.past(errand.verb)} anything." if errand.changes else ""
        if "bye" in said.acts or "finished" in said.acts:
            state.ask("nothing")
            return [Say(f"All right. {undone} Goodbye!".replace("  ", " "))]
        state.ask("more")
        return [Say(f"All right, I leave it. {undone} Is there anything else?".replace("  ", " "))]

    def key(self) -> str:
        """The call that the goal comes to as things stand."""
        goal = self.state.goal
        return key_of(goal.name, goal.arguments(self.box[goal.name].slots)) if goal else ""

    def _ask(self, slot: Slot, news: str) -> Reply:
        goal = self.state.goal
        assert goal is not None
        errand = self.box[goal.name]
        times = goal.asked[slot.name] = goal.asked.get(slot.name, 0) + 1
        self.state.ask("slot", slot.name)
        if times == 1:
            asked = goal.hints.pop(slot.name, "") or questions.question(slot, errand.changes)
        elif times == 2:
            asked = questions.with_example(slot, errand.changes)
        else:
            asked = questions.with_help(slot, errand, times)
        if news.startswith(("Sorry", "I'm sorry")):  # once is enough
            asked = re.sub(r"^Sorry[,.] (\w)", lambda m: m[1].upper(), asked)
        return [Say(f"{news} {asked}".strip())]

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

    def _failed(self, errand: Errand, goal: Goal, result: Result) -> Reply:
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
        state.found = None
        goal.results.clear()
        goal.agreed = goal.offered = ""
        told = _told(errand, result)
        if state.aside is not None:
            state.goal, state.aside = state.aside, None
            # The question was put off, not missed.
            state.goal.asked = {name: max(times - 1, 0) for name, times in state.goal.asked.items()}
            return self.advance(f"{told} Back to where we were.")
        if errand.changes:
            state.ask("more")
            return [Say(f"{told} Is there anything else?")]
        state.found = list(result.items or [])
        state.ask("nothing")
        return [Say(told)]

    def _again(self) -> str:
        """The open question in short, behind an answer that came late."""
        open_question = self.state.goal is not None and self.state.asking in ("slot", "confirm")
        reply = self.patient("") if open_question else []
        return " ".join(part.text for part in reply if isinstance(part, Say))


def _missing(errand: Errand, goal: Goal) -> Slot | None:
    return next((slot for slot in errand.required if slot.name not in goal.values), None)


def _told(errand: Errand, result: Result) -> str:
    if result.is_error:
        return _scripted(errand, "error") or tell_error(result)
    return _scripted(errand, "success") or tell(errand, result)


def _names(result: Result, slot: Slot) -> bool:
    """Whether a tool's error names a field."""
    text = str(result.value).lower()
    return slot.name.lower() in text or (len(slot.words) > 3 and slot.words in text)


def _scripted(errand: Errand, which: str) -> str:
    """What ``response_instructions`` puts in quotes: the one kind of instruction that rules can follow."""
    return quoted(str(errand.responses.get(which) or ""))
