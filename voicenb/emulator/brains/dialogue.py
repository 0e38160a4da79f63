"""One utterance at a time: what the caller did with it, and what to do next."""

from __future__ import annotations

import datetime
import re
from typing import Any

from voicenb.emulator.brain import Say
from voicenb.emulator.brains import phrasing, smalltalk
from voicenb.emulator.brains.acts import Acts, acts_of
from voicenb.emulator.brains.context import Context, Found
from voicenb.emulator.brains.errands import Errands, Reply
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.line import plain
from voicenb.emulator.brains.opening import REFUSED, Opening
from voicenb.emulator.brains.results import choose
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.state import Goal, State
from voicenb.emulator.brains.values import find

_STRONG_FIT = 2.4
_BARE_NO = frozenset({"no", "nope", "no thanks", "no thank you", "nothing"})
_NOT_AN_ANSWER = frozenset({"who", "how", "thanks", "hello", "present", "help", "wait", "summary", "any"})
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
        self.opening = Opening(box, state, errands, today)

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
            else self.opening.hear(text, said, acts)
        )

    def _in_goal(self, text: str, said: str, acts: Acts, unheard: bool) -> Reply:
        state, goal = self.state, self.state.goal
        assert goal is not None
        if goal.name not in self.box:  # the tools were changed in the middle of it
            state.goal = None
            return self.opening.hear(text, said, acts)
        slots = self.box.slots(goal.name)
        asked = state.slot if state.asking == "slot" else None
        context = Context(asked, self.today, tuple(goal.recent))
        found = find(text, slots, context)
        if "stop" in acts or "bye" in acts or ("finished" in acts and not found) or REFUSED.search(said):
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
            if asked in goal.asked:  # something else was put right first: the question was not missed
                goal.asked[asked] -= 1
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
            return self._change(text, goal) or self._what_to_change()
        if "yes" in acts and unheard:
            return self.errands.advance("Just to be sure.")
        if "yes" in acts:
            goal.agreed = self.errands.key()
            return self.errands.advance()
        return self._nothing_new(text, plain(text), acts, goal)

    def _what_to_change(self) -> Reply:
        self.state.ask("change")
        return [Say("All right. What should I change?")]

    def _change(self, text: str, goal: Goal) -> Reply:
        """A correction in few words ("no, Smythe", "the name"); empty if it is none."""
        rest = re.sub(
            r"(?i)^\W*(?:(?:no|nope|not that|wrong|sorry|wait|that's wrong|that's not right)\b\W*)+", "", text
        )
        said = plain(rest)
        slots = self.box.slots(goal.name)
        named = next(
            (slot for slot in slots if slot.words in said or phrasing.noun(slot) in said.split()), None
        )
        slot = named or next((slot for slot in slots if goal.recent and slot.name == goal.recent[-1]), None)
        if not said or slot is None or acts_of(said).names:
            return []
        if named is not None:
            rest = re.sub(
                rf"(?i)^\W*(?:the|my|change)? ?(?:the )?{re.escape(named.words)}\W*(?:is |to )?", "", rest
            )
        found = find(rest, slots, Context(slot.name, self.today)).get(slot.name) if rest else None
        if found is not None and found.value != goal.values.get(slot.name):
            goal.put(slot.name, found.value)
            return self.errands.advance(phrasing.sentence(f"{_brief(slot, found.value)}, then"))
        if named is None:
            return []
        goal.drop(named.name)
        return self.errands.advance("All right.")

    def _drop(self, goal: Goal, acts: Acts) -> Reply:
        state = self.state
        state.goal, state.aside = None, None
        undone = (
            f"I have not {phrasing.past(self.box[goal.name].verb)} anything."
            if self.box[goal.name].changes
            else ""
        )
        if "bye" in acts or "finished" in acts:
            state.ask("nothing")
            return [Say(f"All right. {undone} Goodbye!".replace("  ", " "))]
        state.ask("more")
        return [Say(f"All right, I leave it. {undone} Is there anything else?".replace("  ", " "))]

    def _is_aside(self, said: str, goal: Goal, asked: str, found: dict[str, Found]) -> bool:
        """Whether what could be the answer to an open question is a question of the caller's own."""
        scores = self.box.scores(said)
        best = max(scores, key=lambda name: scores[name])
        return (
            best != goal.name and scores[best] >= _STRONG_FIT and bool(_ASIDE.match(said)) and asked in found
        )

    def _aside(self, said: str, goal: Goal, found: dict[str, Found], asked: str | None) -> Reply | None:
        """Another errand in the middle of this one: a look-up goes in between, others take its place."""
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
        started = self.opening.start(best, said)
        return self.errands.advance("" if look_up else started)

    def _nothing_new(self, text: str, said: str, acts: Acts, goal: Goal) -> Reply:
        state = self.state
        state.lost += 1
        if state.asking == "change":
            changed = self._change(text, goal)
            if changed or "no" not in acts:
                return changed or self.errands.again()
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
        if said in _BARE_NO and state.slot in goal.asked and goal.asked[state.slot or ""] > 1:
            return self._drop(goal, acts)
        small = smalltalk.small(acts, state.heard)
        if small:
            return self._patient(small, goal)
        if state.asking == "nothing":  # a tool is at work
            return self.errands.advance()
        if acts.names & {"yes", "no"}:
            return self.errands.again()
        if text.rstrip().endswith("?") and said != "how many":
            return self.errands.again("That I cannot answer, I'm afraid.")
        return self.errands.again(
            "" if state.asking == "slot" else smalltalk.not_understood(text, state.lost)
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

    def _taken(self, goal: Goal, changed: dict[str, Any], text: str, asked: str | None) -> str:
        """A short word for what was understood: the new value of a correction, else "All right"."""
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
        return phrasing.varied(("All right.", "Good.", "Fine.", "Thank you."), self.state.heard)

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
