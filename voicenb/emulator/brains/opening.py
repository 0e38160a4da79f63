"""The caller while there is no errand under way: what they want, or what to say when that is not clear."""

from __future__ import annotations

import re

from voicenb.emulator.brain import Say
from voicenb.emulator.brains import beyond, doings, phrasing, questions, smalltalk
from voicenb.emulator.brains.context import Found
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.line import plain
from voicenb.emulator.brains.picks import Picks
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.state import Goal, Reply
from voicenb.emulator.brains.utterance import Utterance

_FIT = 2.0
_ONLY_FIT = 1.0
_UNDOING = re.compile(r"\b(cancel|delete|undo|reschedule|move)\b")
_INTRODUCTION = re.compile(r"\b(?:my (?:full |first |last )?name is|my name's|the name is|name's)\b")
_FOLLOW_UP = re.compile(
    r"^(?:and|what about|how about|actually|no|oh|wait|sorry|make (?:it|that)|change|can (?:you|"
    r"we|i) (?:make|change)|could (?:you|we) (?:make|change))\b"
)
_AND_WHAT = re.compile(
    r"(?i)(?:and|(?:and )?(?:what|how) about)(?: (?:with|for|of|on|in|about))? "
    r"((?!when|what|how|who|where)[^,.?]{2,40})[?.]?"
)
_LIKE_GOODBYE = re.compile(
    r"(?:(?:great|okay|ok|perfect|fine|lovely|wonderful|excellent|all right|alright|right|good|thanks|"
    r"thank you|well|yes|so|very) )+(?:(?:to|too|sea|seat|she|say|it's|c|let) )?(?:you|ya) "
    r"(?:then|there|later|soon|tomorrow|tonight)"
)
"""What is heard for "Great, see you then."; a goodbye only where all is done."""
_FREE = ("text", "place")
_REFUSING = re.compile(r"\b(?:don't|do not) (?:want|need)\b ?(.*)")
_IS_THIS = re.compile(
    r"(?:(?:hello|hi|hey|good \w+) )?(?:is (?:this|that)|am i (?:speaking|talking) (?:to|with)|"
    r"have i reached|do i have) (?:the )?(.+)"
)


def refuses(said: str, box: Toolbox, goal: str | None = None) -> bool:
    """Whether somebody does not want what the tools do (or the one of ``goal``); "no onions" is not that."""
    if re.search(r"\bnot interested\b|\bno (?:booking|reservation)\b", said):
        return True
    found = _REFUSING.search(said)
    if found is None:
        return False
    if found[1] in ("", "to", "it", "that", "this", "one", "anything", "it anymore", "it any more"):
        return True
    scores = box.scores(found[1])
    return any(score >= _ONLY_FIT for name, score in scores.items() if goal in (None, name))


class Opening:
    """Answers an utterance outside of an errand, and begins one.

    Args:
        scene: the conversation; changed in place.
        errands: carries the goal on.
    """

    def __init__(self, scene: Scene, errands: Errands) -> None:
        self.scene, self.errands = scene, errands
        self.box, self.state = scene.box, scene.state
        self.picks = Picks(scene)

    def hear(self, said: Utterance) -> Reply:
        """What to answer."""
        state, acts = self.state, said.acts
        follow = self.picks.hear(said) or self._follow_up(said)
        if follow is not None:
            return follow
        can = doings.abilities([self.box[goal] for goal in self._shown()])
        undoing = _UNDOING.search(said.plain)
        if undoing and "stop" not in acts and not self._can(undoing[1]):
            return [Say(f"I have no tool to {undoing[1]} anything, I'm afraid. I can {can}.")]
        name = (
            None
            if acts.names
            & {"help", "bye", "finished", "stop", "thanks", "how", "present", "rude", "summary", "restart"}
            else self._wanted(said)
        )
        if name is not None:
            state.lost = 0
            return self.errands.advance(self.start(name, said))
        done = state.asking == "more" and ("no" in acts or _LIKE_GOODBYE.fullmatch(said.plain))
        if "bye" in acts or "finished" in acts or done:
            state.ask("nothing")
            return [Say(smalltalk.goodbye(state.finished, thanked=said.thanked))]
        menu = questions.menu(
            said.plain, [slot for goal in self.box.goals() for slot in self.box.slots(goal)]
        )
        if menu:
            state.ask("tool")
            return [Say(f"{menu} What would you like?")]
        small = smalltalk.small(acts, state.heard)
        if self._is_reached(said):
            small = "Yes, it is."
        caller = self._meet(said)
        if caller and ("hello" in acts or not small):
            small = f"Hello {caller}."
        if "summary" in acts and state.last is not None and state.last.name in self.box:
            last = state.last
            told = phrasing.parts(self.box.slots(last.name), last.values, self.box[last.name].verb)
            return [Say(phrasing.sentence(f"that was {phrasing.listed(told)}"))]
        if "restart" in acts:
            return [Say("All right. How can I help?")]
        if "help" in acts:
            state.ask("tool")
            return [Say(f"I can {can}. Just say what you would like.")]
        if small:
            return [Say(small if "thanks" in acts else f"{small} How can I help?")]
        offered = self._offered(said) if state.asking == "tool" else None
        if offered is not None:
            return self.errands.advance(self.start(offered, said))
        if "yes" in acts and state.asking in ("more", "tool"):
            return [Say(f"What {'else ' if state.asking == 'more' else ''}would you like? I can {can}.")]
        if acts.names & {"no", "stop", "wait"}:
            return [Say("All right." if "wait" not in acts else "Of course, take your time.")]
        state.lost += 1
        state.ask("tool")
        only, strange = len(self.box.goals()) == 1, beyond.is_beyond(said, self.box)
        if state.introduced:
            return [Say(smalltalk.stuck_again(said.text, can, state.lost, beyond=strange))]
        return [Say(smalltalk.stuck(said.text, can, only=only, beyond=strange))]

    def start(self, name: str, said: Utterance) -> str:
        """Begin an errand with what an utterance says for it; what to say about it, if anything."""
        goal = self.errands.begin(name)
        errand = self.box[name]
        slots = self.box.slots(name)
        context = self.scene.context()
        found = self.scene.find(said, slots, context)
        for slot_name, value in found.items():
            goal.put(slot_name, value.value)
        day = next((slot for slot in slots if slot.kind == "day" and slot.name not in found), None)
        if day is not None and "weekend" in said.plain:
            goal.hints[day.name] = "Saturday or Sunday?"
        if context.refused:
            return questions.limits(context.refused[0])
        return (
            phrasing.varied(("With pleasure.", "Of course.", "Gladly."), self.state.finished)
            if errand.changes
            else ""
        )

    def _wanted(self, said: Utterance) -> str | None:
        """The tool that an utterance asks for, by its words and by the values that it names."""
        if refuses(said.plain, self.box):
            return None
        scores = self.box.scores(_INTRODUCTION.sub(" ", said.plain))
        strange = beyond.is_beyond(said, self.box)
        for goal in scores:
            slots = {slot.name: slot for slot in self.box.slots(goal)}
            found = self.scene.find(said, list(slots.values()), self.scene.context())
            if strange and all(slots[name].kind in beyond.VALUES for name in found):
                scores[goal] = 0.0
                continue
            personal = {slot.name for slot in self.box.slots(goal) if slot.kind in ("name", "phone", "email")}
            scores[goal] += min(
                2.0, sum(1.0 for name, value in found.items() if value.strong and name not in personal)
            )
        best = max(scores, key=lambda name: scores[name])
        return best if scores[best] >= (_ONLY_FIT if len(scores) == 1 else _FIT) else None

    def _follow_up(self, said: Utterance) -> Reply | None:
        """The last errand again with another value: "and tomorrow?", "actually, make it five"."""
        last = self.state.last
        if (
            last is None
            or last.name not in self.box
            or not _FOLLOW_UP.match(said.plain)
            or said.acts.names & {"bye", "finished", "thanks"}
        ):
            return None
        if beyond.is_beyond(said, self.box):
            return None
        found = self.scene.find(said, self.box.slots(last.name), self.scene.context(recent=last.recent))
        found = found or self._same_of(said, last)
        changed = last.news(found)
        rival, fit = self.scene.best(said.plain)
        if not changed or (rival != last.name and fit >= _FIT):
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

    def _same_of(self, said: Utterance, last: Goal) -> dict[str, Found]:
        """The free words of "and ibuprofen?", where the last errand was a look-up of just such a thing."""
        wanted, thing = self.box[last.name].required, _AND_WHAT.fullmatch(said.text.strip())
        if self.box[last.name].changes or len(wanted) != 1 or wanted[0].kind not in _FREE or thing is None:
            return {}
        return self.scene.find(Utterance.of(thing[1]), wanted, self.scene.context(wanted[0].name))

    def _can(self, verb: str) -> bool:
        return any(verb in (errand.verb, *errand.words) for errand in self.box.errands.values())

    def _offered(self, said: Utterance) -> str | None:
        """The tool that was chosen after the agent said what it can do."""
        goals, acts = self.box.goals(), said.acts
        ordinal = re.search(r"\b(first|second|third)\b", said.plain)
        if len(goals) == 1:
            return goals[0] if "yes" in acts and "no" not in acts else None
        place = ("first", "second", "third").index(ordinal[1]) if ordinal else len(goals)
        return goals[place] if place < len(goals) else None

    def _is_reached(self, said: Utterance) -> bool:
        """Whether the caller asks if this is the place that the greeting named."""
        asked = _IS_THIS.fullmatch(said.plain)
        return asked is not None and set(asked[1].split()) <= set(plain(self.state.greeting).split())

    def _meet(self, said: Utterance) -> str:
        """The name with which the caller introduces themselves before there is an errand; kept for later."""
        names = [slot for goal in self.box.goals() for slot in self.box.slots(goal) if slot.kind == "name"]
        found = self.scene.find(said, names, self.scene.context())
        self.state.about.update({name: value.value for name, value in found.items()})
        return str(next(iter(found.values())).value) if found else ""

    def _shown(self) -> list[str]:
        return [name for goal in self.box.goals() for name in self.box.group(goal)]
