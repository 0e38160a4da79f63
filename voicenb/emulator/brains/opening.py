"""The caller while there is no errand under way: what they want, or what to say when that is not clear."""

from __future__ import annotations

import datetime
import re

from voicenb.emulator.brain import Say
from voicenb.emulator.brains import phrasing, smalltalk
from voicenb.emulator.brains.acts import Acts
from voicenb.emulator.brains.context import Context
from voicenb.emulator.brains.errands import Errands, Reply
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.state import State
from voicenb.emulator.brains.values import find

_FIT = 2.0
_ONLY_FIT = 1.0
_UNDOING = re.compile(r"\b(cancel|delete|undo|reschedule|move)\b")
_FOLLOW_UP = re.compile(
    r"^(?:and|what about|how about|actually|no|oh|wait|sorry|make (?:it|that)|change|can (?:you|"
    r"we|i) (?:make|change)|could (?:you|we) (?:make|change))\b"
)
REFUSED = re.compile(r"\b(?:don't|do not) (?:want|need)\b|\bnot interested\b|\bno (?:booking|reservation)\b")


class Opening:
    """Answers an utterance outside of an errand, and begins one.

    Args:
        box: the tools as they now stand.
        state: the conversation so far; changed in place.
        errands: carries the goal on.
        today: the date of today, when the prompt says it.
    """

    def __init__(
        self, box: Toolbox, state: State, errands: Errands, today: datetime.date | None = None
    ) -> None:
        self.box, self.state, self.errands, self.today = box, state, errands, today

    def hear(self, text: str, said: str, acts: Acts) -> Reply:
        """What to answer to ``text``; ``said`` is the same in plain words."""
        state = self.state
        follow = self._follow_up(text, said, acts)
        if follow is not None:
            return follow
        can = phrasing.abilities([self.box[goal] for goal in self._shown()])
        undoing = _UNDOING.search(said)
        if undoing and "stop" not in acts and not self._can(undoing[1]):
            return [Say(f"I have no tool to {undoing[1]} anything, I'm afraid. I can {can}.")]
        name = (
            None
            if acts.names & {"help", "bye", "finished", "stop", "thanks", "how", "present"}
            else self._wanted(text, said)
        )
        if name is not None:
            state.lost = 0
            return self.errands.advance(self.start(name, text))
        if "bye" in acts or "finished" in acts or (state.asking == "more" and "no" in acts):
            state.ask("nothing")
            return [Say(smalltalk.goodbye(said, state.finished))]
        small = smalltalk.small(acts, state.heard)
        caller = self._meet(text)
        if caller and ("hello" in acts or not small):
            small = f"Hello {caller}."
        if "help" in acts:
            state.ask("tool")
            return [Say(f"I can {can}. Just say what you would like.")]
        if small:
            return [Say(small if "thanks" in acts else f"{small} How can I help?")]
        offered = self._offered(text, acts) if state.asking == "tool" else None
        if offered is not None:
            return self.errands.advance(self.start(offered, text))
        if "yes" in acts and state.asking in ("more", "tool"):
            return [Say(f"What {'else ' if state.asking == 'more' else ''}would you like? I can {can}.")]
        if acts.names & {"no", "stop", "wait"}:
            return [Say("All right." if "wait" not in acts else "Of course, take your time.")]
        state.lost += 1
        state.ask("tool")
        return [Say(smalltalk.stuck(text, can, state.lost, only=len(self.box.goals()) == 1))]

    def start(self, name: str, text: str) -> str:
        """Begin an errand with what ``text`` says for it; what to say about it, if anything."""
        goal = self.errands.begin(name)
        errand = self.box[name]
        slots = self.box.slots(name)
        context = Context(None, self.today)
        found = find(text, slots, context)
        for slot_name, value in found.items():
            goal.put(slot_name, value.value)
        day = next((slot for slot in slots if slot.kind == "day" and slot.name not in found), None)
        if day is not None and "weekend" in text.lower():
            goal.hints[day.name] = "Saturday or Sunday?"
        if context.refused:
            return phrasing.limits(context.refused[0])
        return (
            phrasing.varied(("With pleasure.", "Of course.", "Gladly."), self.state.finished)
            if errand.changes
            else ""
        )

    def _wanted(self, text: str, said: str) -> str | None:
        """The tool that an utterance asks for, by its words and by the values that it names."""
        if REFUSED.search(said):
            return None
        scores = self.box.scores(said)
        for goal in scores:
            found = find(text, self.box.slots(goal), Context(None, self.today))
            personal = {slot.name for slot in self.box.slots(goal) if slot.kind in ("name", "phone", "email")}
            scores[goal] += min(
                2.0, sum(1.0 for name, value in found.items() if value.strong and name not in personal)
            )
        best = sorted(scores, key=lambda name: -scores[name])
        if not best or scores[best[0]] < (_ONLY_FIT if len(best) == 1 else _FIT):
            return None
        return best[0]

    def _follow_up(self, text: str, said: str, acts: Acts) -> Reply | None:
        """The last errand again with another value: "and tomorrow?", "actually, make it five"."""
        last = self.state.last
        if (
            last is None
            or last.name not in self.box
            or not _FOLLOW_UP.match(said)
            or acts.names & {"bye", "finished", "thanks"}
        ):
            return None
        slots = self.box.slots(last.name)
        found = find(text, slots, Context(None, self.today, tuple(last.recent)))
        changed = {name: value.value for name, value in found.items() if last.values.get(name) != value.value}
        scores = self.box.scores(said)
        rival = max(scores, key=lambda name: scores[name])
        if not changed or (rival != last.name and scores[rival] >= _FIT):
            return None
        goal = self.errands.begin(last.name)
        for name, value in {**last.values, **changed}.items():
            goal.put(name, value)
        errand = self.box[last.name]
        if errand.changes:
            return self.errands.advance(
                f"What I {phrasing.past(errand.verb)} before stays as it is, but I can {errand.verb} anew."
            )
        return self.errands.advance()

    def _can(self, verb: str) -> bool:
        return any(verb in (errand.verb, *errand.words) for errand in self.box.errands.values())

    def _offered(self, text: str, acts: Acts) -> str | None:
        """The tool that was chosen after the agent said what it can do."""
        goals = self.box.goals()
        ordinal = re.search(r"\b(first|second|third)\b", text.lower())
        if len(goals) == 1:
            return goals[0] if "yes" in acts and "no" not in acts else None
        place = ("first", "second", "third").index(ordinal[1]) if ordinal else len(goals)
        return goals[place] if place < len(goals) else None

    def _meet(self, text: str) -> str:
        """The name with which the caller introduces themselves before there is an errand; kept for later."""
        names = [slot for goal in self.box.goals() for slot in self.box.slots(goal) if slot.kind == "name"]
        found = find(text, names, Context())
        self.state.about.update({name: value.value for name, value in found.items()})
        return str(next(iter(found.values())).value) if found else ""

    def _shown(self) -> list[str]:
        return [name for goal in self.box.goals() for name in self.box.group(goal)]
