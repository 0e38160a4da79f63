"""One utterance at a time: what the caller did with it, and what to do next."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from voicenb.emulator.brain import Say
from voicenb.emulator.brains import beyond, questions, smalltalk
from voicenb.emulator.brains.acts import Acts
from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.choices import Choices
from voicenb.emulator.brains.context import Context, Found
from voicenb.emulator.brains.corrections import Corrections
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.line import plain
from voicenb.emulator.brains.lulls import STRONG_FIT, Lulls
from voicenb.emulator.brains.opening import Opening, refuses
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.state import Goal, Reply
from voicenb.emulator.brains.utterance import Utterance

_NOT_AN_ANSWER = frozenset(
    {"who", "how", "thanks", "hello", "present", "help", "wait", "summary", "any", "rude"}
)
_ABOUT_ME = frozenset({"who", "how", "help", "present"})
"""Asked of the agent itself: no value is in it."""
_ASKS_AND_AGREES = re.compile(r"\b(?:what|what's|when|where|where's|who|how|which|why(?! not\b))\b")
_OWN_WORDS = bag("query question topic subject search message text note content body")
_ASIDE = re.compile(
    r"^(?:(?:by the way|sorry|oh|and|wait|but|quick question|before that|first) )*(?:what|"
    r"what's|how|how's|is|are|do|does|can|could|will|when|where|who|which|tell)\b"
)
_AGREED = re.compile(
    r"(?:oh |well |okay |perfect |great )*(?:yes|yeah|yep|yup|sure|correct|please do|go ahead|of course|"
    r"that's (?:right|correct|it|all|everything)|(?:book|order|take|send|do) it)\b"
)


def _no_yes(said: Utterance) -> Utterance:
    """What was said, without the yes when it is a question: "okay, what does it cost?"."""
    if not said.text.rstrip().endswith("?") or not _ASKS_AND_AGREES.search(said.plain):
        return said
    return replace(said, acts=Acts(said.acts.names - {"yes"}))


def _agrees_and_leaves(said: Utterance) -> bool:
    """Whether somebody says yes and goodbye in one breath."""
    leaves, doubts = {"bye", "finished"}, {"no", "stop", "wait"}
    return bool(said.acts.names & leaves and not said.acts.names & doubts and _AGREED.match(said.plain))


class Dialogue:
    """Answers one utterance in a given state of the conversation.

    Args:
        scene: the conversation; changed in place.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene, self.box, self.state = scene, scene.box, scene.state
        self.errands = Errands(scene)
        self.corrections = Corrections(scene, self.errands)
        self.choices = Choices(scene, self.errands, self.corrections)
        self.opening = Opening(scene, self.errands)
        self.lulls = Lulls(scene, self.errands, self.corrections)

    def hear(self, heard: str, *, unheard: bool = False, last_line: str = "") -> Reply:
        """What to answer.

        Args:
            heard: what the recogniser heard.
            unheard: whether the caller spoke over the last reply before most of it was heard.
            last_line: the last thing the agent said, the greeting included.
        """
        state, said = self.state, Utterance.of(heard)
        state.heard += 1
        if state.heard == 1:
            state.greeting = last_line
        if "repeat" in said.acts:
            return [Say(state.said or last_line or "I have not said anything yet. How can I help?")]
        if not said.plain:
            return self.errands.patient("Sorry, I did not catch that.")
        if not self.box:
            if not said.acts.names:
                state.lost += 1
            return [
                Say(smalltalk.without_tools(said.text, said.acts, state.heard, state.lost, state.introduced))
            ]
        if state.goal is not None and state.goal.name not in self.box:
            state.goal = None  # the tools were changed in the middle of it
        return self.opening.hear(said) if state.goal is None else self._in_goal(said, state.goal, unheard)

    def _in_goal(self, said: Utterance, goal: Goal, unheard: bool) -> Reply:
        said = _no_yes(said)
        state, acts = self.state, said.acts
        slots = self.box.slots(goal.name)
        asked = next((slot for slot in slots if state.asking == "slot" and slot.name == state.slot), None)
        context = self.scene.context(asked.name if asked else None, goal.recent)
        found = self._found(said, goal, slots, asked, context)
        if state.asking == "confirm" and _agrees_and_leaves(said) and not unheard:
            goal.agreed = self.errands.key()
            return self.errands.advance()
        if "stop" in acts or "bye" in acts or ("finished" in acts and not found):
            return self.errands.drop(goal, said)
        if refuses(said.plain, self.box, goal.name):
            return self.errands.drop(goal, said)
        if "restart" in acts:
            self.errands.begin(goal.name)
            return self.errands.advance("All right, from the beginning.")
        other = self._aside(said, goal, found, asked)
        if other is not None:
            return other
        chosen = self.choices.hear(said, goal, asked, found)
        if chosen is not None:
            return chosen
        changed = goal.news(found)
        for name, value in changed.items():
            goal.put(name, value)
        if state.asking == "confirm":
            return self._confirm(said, goal, changed, found, unheard)
        if changed:
            state.lost = 0
            return self.corrections.take(said, goal, changed, asked)
        refused = [slot for slot in context.refused if slot.name not in found]
        if refused:
            return self.errands.again(questions.limits(refused[0]))
        if found:  # the same again: "yes, Friday"
            return self.errands.again()
        return self.lulls.hear(said, goal)

    def _found(
        self, said: Utterance, goal: Goal, slots: tuple[Slot, ...], asked: Slot | None, context: Context
    ) -> dict[str, Found]:
        """The values in an utterance, but for an answer in free words that is something else."""
        found = self.scene.find(said, slots, context)
        own = asked is not None and asked.words in _OWN_WORDS
        if said.acts.names & _ABOUT_ME or (not own and beyond.is_beyond(said, self.box)):
            context.refused.clear()
            return {}
        if asked is None or asked.name not in found or asked.kind not in ("text", "place", "list", "name"):
            return found
        best, fit = self.scene.best(said.plain)
        asks = bool(_ASIDE.match(said.plain))
        aside = asks and best != goal.name and fit >= STRONG_FIT
        # Where no words of the caller's own are wanted, a question is one.
        aside = aside or (asks and said.text.rstrip().endswith("?") and asked.words not in _OWN_WORDS)
        # "Yes." is no reason for a visit.
        bare = asked.kind in ("text", "place") and len(said.plain.split()) < 3
        bare = bare and bool(said.acts.names & {"yes", "no"})
        if aside or bare or self.choices.is_asked(said, asked) or said.acts.names & _NOT_AN_ANSWER:
            del found[asked.name]
        return found

    def _confirm(
        self, said: Utterance, goal: Goal, changed: dict[str, Any], found: dict[str, Found], unheard: bool
    ) -> Reply:
        if changed:
            return self.corrections.take(said, goal, changed, None)
        renamed = self.corrections.lone(said, goal)
        if renamed:
            return renamed
        if "no" in said.acts:
            return self.corrections.change(said.text, goal) or self.corrections.ask()
        if "yes" in said.acts and unheard:
            return self.errands.advance("Just to be sure.")
        if "doubt" in said.acts:
            but = "but" in said.plain.split()
            return self.errands.again("That I cannot note, I'm afraid." if but else "Take your time.")
        if "yes" in said.acts:
            goal.agreed = self.errands.key()
            return self.errands.advance()
        known = {plain(str(value)) for value in goal.values.values()}
        if found or said.plain in known:
            return self.errands.again()
        return self.lulls.hear(said, goal)

    def _aside(
        self, said: Utterance, goal: Goal, found: dict[str, Found], asked: Slot | None
    ) -> Reply | None:
        """Another errand in the middle of this one: a look-up goes in between, others take its place."""
        if (asked is not None and asked.name in found) or (self.state.asking == "confirm" and found):
            return None
        scores = self.box.scores(said.plain)
        best, fit = self.scene.best(said.plain)
        if best == goal.name or fit < STRONG_FIT or fit <= scores.get(goal.name, 0.0) + 0.5:
            return None
        look_up = not self.box[best].changes
        if look_up and self.state.aside is None:
            self.state.aside = goal
        started = self.opening.start(best, said)
        return self.errands.advance("" if look_up else started)
