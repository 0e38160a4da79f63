"""One utterance at a time: what the caller did with it, and what to do next."""

from __future__ import annotations

import datetime
import re
from typing import Any

from voicenb.emulator.brain import Say
from voicenb.emulator.brains import phrasing, smalltalk
from voicenb.emulator.brains.acts import Acts, acts_of
from voicenb.emulator.brains.errands import Errands, Reply
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.line import plain
from voicenb.emulator.brains.results import choose
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.state import Goal, State
from voicenb.emulator.brains.values import Context, Found, find

_FIT = 2.0
_ONLY_FIT = 1.0
_STRONG_FIT = 2.4
_FOLLOW_UP = re.compile(
    r"^(?:and|what about|how about|actually|no|oh|wait|sorry|make (?:it|that)|change|can (?:you|"
    r"we|i) (?:make|change)|could (?:you|we) (?:make|change))\b"
)
_NOT_AN_ANSWER = frozenset({"who", "how", "thanks", "hello", "present", "help", "wait", "summary", "any"})
_REFUSED = re.compile(r"\b(?:don't|do not) (?:want|need)\b|\bnot interested\b|\bno (?:booking|reservation)\b")
_ASIDE = re.compile(
    r"^(?:(?:um|uh|by the way|sorry|oh|and|wait|but|quick question|before that|first) )*(?:what|"
    r"what's|how|how's|is|are|do|does|can|could|will|when|where|who|which|tell)\b"
)
_WHAT_TIMES = re.compile(
    r"\b(?:what|which|when)\b.*\b(?:times?|free|available|options|tables?|slots?|have|there)\b|"
    r"\b(?:anything|something|nothing) (?:else|later|earlier)\b"
)


class Dialogue:
    """Answers one utterance, or one tool's result, in a given state of the conversation.

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

    def hear(self, text: str, *, unheard: bool = False, last_line: str = "") -> Reply:
        """What to answer to ``text``.

        Args:
            text: what the recogniser heard.
            unheard: whether the caller spoke over the last reply before most of it was heard.
            last_line: the last thing the agent said, the greeting included.
        """
        state, said = self.state, plain(text)
        state.heard += 1
        acts = acts_of(said)
        if "repeat" in acts:
            return [Say(state.said or last_line or "I have not said anything yet. How can I help?")]
        if not said:
            return self.errands.again("Sorry, I did not catch that.")
        if not self.box:
            if not acts.names:
                state.lost += 1
            return [Say(smalltalk.without_tools(text, acts, state.heard, state.lost))]
        return (
            self._in_goal(text, said, acts, unheard)
            if state.goal is not None
            else self._without_goal(text, said, acts)
        )

    # --- with a goal ---------------------------------------------------------------------------------------------

    def _in_goal(self, text: str, said: str, acts: Acts, unheard: bool) -> Reply:
        state, goal = self.state, self.state.goal
        assert goal is not None
        if goal.name not in self.box:  # the tools were changed in the middle of it
            state.goal = None
            return self._without_goal(text, said, acts)
        slots = self.box.slots(goal.name)
        asked = state.slot if state.asking == "slot" else None
        context = Context(asked, self.today, tuple(goal.recent))
        found = find(text, slots, context)
        if "stop" in acts or "bye" in acts or ("finished" in acts and not found) or _REFUSED.search(said):
            return self._drop(goal, acts)
        if asked is not None and _is_free(slots, asked) and self._is_aside(said, goal, asked, found):
            found = {name: value for name, value in found.items() if name != asked}
        if asked in found and acts.names & _NOT_AN_ANSWER and _is_free(slots, asked or ""):
            del found[asked or ""]
        other = self._aside(said, goal, found, asked)
        if other is not None:
            return other
        chosen = self._choose(text, said, acts, goal, asked, found)
        if chosen is not None:
            return chosen
        changed = {
            name: value.value for name, value in found.items() if goal.values.get(name, ...) != value.value
        }
        for name, value in changed.items():
            goal.put(name, value)
        if state.asking == "confirm":
            return self._confirm(text, acts, goal, changed, unheard)
        if changed:
            state.lost = 0
            return self.errands.advance(self._taken(goal, changed, text, asked))
        refused = [slot for slot in context.refused if slot.name not in found]
        if refused:
            return self.errands.again(phrasing.limits(refused[0]))
        if found:  # the same again: "yes, Friday"
            return self.errands.again()
        return self._nothing_new(text, said, acts, goal)

    def _choose(
        self, text: str, said: str, acts: Acts, goal: Goal, asked: str | None, found: dict[str, Found]
    ) -> Reply | None:
        """A choice among the options of the look-up, or a question about them."""
        options = self.errands.options()
        if options is None:
            return None
        slot, items, key = options
        open_choice = asked == slot.name
        if not open_choice and not (
            slot.name in found or re.search(r"\b(?:first|second|last|later|earlier|other) one\b", said)
        ):
            return None
        if "none" in acts and open_choice:
            return self._another_day(goal)
        if open_choice and "no" in acts and len(items) == 1 and not found:
            return self._another_day(goal)
        others = {name for name, value in found.items() if name != slot.name and value.strong}
        item = choose(text, items, slot, acts) if not (others and slot.name not in found) else None
        if item is not None:
            for name, value in found.items():
                if name != slot.name:
                    goal.put(name, value.value)
            self.errands.take(goal, slot, item, key)
            self.state.lost = 0
            return self.errands.advance(self._ack(text))
        if open_choice and not found and _WHAT_TIMES.search(said):
            goal.offered = ""
            goal.asked.pop(slot.name, None)
            return self.errands.advance(
                "That is all I have:" if re.search(r"\b(?:any|some)thing\b", said) else ""
            )
        return None

    def _another_day(self, goal: Goal) -> Reply:
        look = self.box.lookup(goal.name)
        assert look is not None
        slot = next((slot for slot in look.required if slot.kind in ("day", "date")), look.required[0])
        goal.drop(slot.name)
        return self.errands.advance(
            "All right, another day then." if slot.kind in ("day", "date") else "All right."
        )

    def _confirm(self, text: str, acts: Acts, goal: Goal, changed: dict[str, Any], unheard: bool) -> Reply:
        if changed:
            return self.errands.advance(self._taken(goal, changed, text, None))
        if "no" in acts:
            self.state.ask("change")
            return [Say("All right. What should I change?")]
        if "yes" in acts and unheard:
            return self.errands.advance("Just to be sure.")
        if "yes" in acts:
            goal.agreed = self.errands.key()
            return self.errands.advance()
        return self._nothing_new(text, plain(text), acts, goal)

    def _drop(self, goal: Goal, acts: Acts) -> Reply:
        state = self.state
        state.goal, state.aside = None, None
        undone = (
            f"I have not {_past(self.box[goal.name].verb)} anything." if self.box[goal.name].changes else ""
        )
        if "bye" in acts or "finished" in acts:
            state.ask("nothing")
            return [Say(f"All right. {undone} Goodbye!".replace("  ", " "))]
        state.ask("more")
        return [Say(f"All right, I leave it. {undone} Is there anything else?".replace("  ", " "))]

    def _is_aside(self, said: str, goal: Goal, asked: str, found: dict[str, Found]) -> bool:
        """Whether something that could be the answer to an open question is rather a question of the caller's own."""
        scores = self.box.scores(said)
        best = max(scores, key=lambda name: scores[name])
        return (
            best != goal.name and scores[best] >= _STRONG_FIT and bool(_ASIDE.match(said)) and asked in found
        )

    def _aside(self, said: str, goal: Goal, found: dict[str, Found], asked: str | None) -> Reply | None:
        """Another errand in the middle of this one: a look-up goes in between, anything else takes its place."""
        if asked in found or (self.state.asking == "confirm" and found):
            return None
        scores = self.box.scores(said)
        best = max(scores, key=lambda name: scores[name])
        if (
            best == goal.name
            or scores[best] < _STRONG_FIT
            or scores[best] <= scores.get(goal.name, 0.0) + 0.5
        ):
            return None
        look_up = not self.box[best].changes
        if look_up and self.state.aside is None:
            self.state.aside = goal
        started = self._start(best, said)
        return self.errands.advance("" if look_up else started)

    def _nothing_new(self, text: str, said: str, acts: Acts, goal: Goal) -> Reply:
        state = self.state
        state.lost += 1
        if state.asking == "change" and "no" in acts:
            return self._drop(goal, acts)
        if state.asking == "retry":
            return self._retry(acts, goal)
        if "wait" in acts:
            state.lost = 0
            return [Say("Of course, take your time.")]
        if "summary" in acts:
            return self.errands.again(self._so_far(goal))
        if "help" in acts:
            return self._patient(
                f"We were about to {phrasing.doing(self.box[goal.name], goal.values)}.", goal
            )
        small = smalltalk.small(acts, state.heard)
        if small:
            return self._patient(small, goal)
        if state.asking == "nothing":  # a tool is at work
            return self.errands.advance()
        return self.errands.again(
            ""
            if acts.names & {"yes", "no"} or state.asking == "slot"
            else smalltalk.not_understood(text, state.lost)
        )

    def _patient(self, news: str, goal: Goal) -> Reply:
        """The open question again after small talk, which is not the caller's failing to answer it."""
        if self.state.slot in goal.asked:
            goal.asked[self.state.slot or ""] -= 1
        return self.errands.again(news)

    def _retry(self, acts: Acts, goal: Goal) -> Reply:
        if "no" in acts:
            return self._drop(goal, acts)
        if "yes" in acts:
            agreed = goal.agreed
            goal.results = {key: result for key, result in goal.results.items() if not result.is_error}
            goal.agreed = agreed
            return self.errands.advance()
        return self.errands.again()

    # --- without a goal ------------------------------------------------------------------------------------------

    def _without_goal(self, text: str, said: str, acts: Acts) -> Reply:
        state = self.state
        follow = self._follow_up(text, said, acts)
        if follow is not None:
            return follow
        name = (
            None
            if acts.names & {"help", "bye", "finished", "stop", "thanks", "how", "present"}
            else self._wanted(text, said)
        )
        if name is not None:
            state.lost = 0
            return self.errands.advance(self._start(name, text))
        if "bye" in acts or "finished" in acts or (state.asking == "more" and "no" in acts):
            state.ask("nothing")
            return [Say(smalltalk.goodbye(said, state.finished))]
        small = smalltalk.small(acts, state.heard)
        caller = self._meet(text)
        if caller and ("hello" in acts or not small):
            small = f"Hello {caller}."
        can = phrasing.abilities([self.box[goal] for goal in self._shown()])
        if "help" in acts:
            state.ask("tool")
            return [Say(f"I can {can}. Just say what you would like.")]
        if small:
            return [Say(small if "thanks" in acts else f"{small} How can I help?")]
        offered = self._offered(text, acts) if state.asking == "tool" else None
        if offered is not None:
            return self.errands.advance(self._start(offered, text))
        if "yes" in acts and state.asking == "more":
            return [Say(f"What else would you like? I can {can}.")]
        if acts.names & {"no", "stop", "wait"}:
            return [Say("All right." if "wait" not in acts else "Of course, take your time.")]
        state.lost += 1
        state.ask("tool")
        return [Say(smalltalk.stuck(text, can, state.lost, only=len(self.box.goals()) == 1))]

    def _wanted(self, text: str, said: str) -> str | None:
        """The tool that an utterance asks for, by its words and by the values that it names."""
        if _REFUSED.search(said):
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

    def _start(self, name: str, text: str) -> str:
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
            _varied(("With pleasure.", "Of course.", "Gladly."), self.state.finished)
            if errand.changes
            else ""
        )

    def _follow_up(self, text: str, said: str, acts: Acts) -> Reply | None:
        """ "And tomorrow?", "actually, make it five": the last errand again with another value."""
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
                f"What I {_past(errand.verb)} before stays as it is, but I can {errand.verb} anew."
            )
        return self.errands.advance()

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

    # --- words about values --------------------------------------------------------------------------------------

    def _taken(self, goal: Goal, changed: dict[str, Any], text: str, asked: str | None) -> str:
        """A short word that shows what was understood: the new value of a correction, else a mere "All right"."""
        slots = {slot.name: slot for slot in self.box.slots(goal.name)}
        corrected = [name for name in changed if name != asked]
        if corrected and re.search(
            r"(?i)\b(?:no|not|actually|make|sorry|instead|wait|change|meant|rather)\b", text
        ):
            said = phrasing.listed([_brief(slots[name], changed[name]) for name in corrected])
            return phrasing.sentence(f"{said}, then")
        return self._ack(text)

    def _ack(self, text: str) -> str:
        del text
        return _varied(("All right.", "Good.", "Fine.", "Thank you."), self.state.heard)

    def _so_far(self, goal: Goal) -> str:
        known = [
            phrasing.part(slot, goal.values[slot.name], self.box[goal.name].verb)
            for slot in self.box.slots(goal.name)
            if slot.name in goal.values
        ]
        return f"So far I have: {phrasing.listed(known)}." if known else "I have nothing noted yet."


def _is_free(slots: tuple[Slot, ...], name: str) -> bool:
    return any(slot.name == name and slot.kind in ("text", "place", "list", "name") for slot in slots)


def _brief(slot: Slot, value: Any) -> str:
    said = phrasing.say_value(slot, value)
    counted = phrasing.noun(slot) if slot.kind == "number" else ""
    return f"{said} {counted}".strip()


def _varied(ways: tuple[str, ...], turn: int) -> str:
    return ways[turn % len(ways)]


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
}


def _past(verb: str) -> str:
    """The participle: what was "booked"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if re.search(r"[^aeiou]y$", verb) else f"{verb}ed"
