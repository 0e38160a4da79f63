"""What a caller says of something that was just found, where no tool takes it."""

from __future__ import annotations

import re
from typing import Any

from voicenb.emulator.brain import Say
from voicenb.emulator.brains import beyond, clock, phrasing
from voicenb.emulator.brains.intent import Errand
from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.options import choose
from voicenb.emulator.brains.results import say_item, say_options
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.slots import PEOPLE, Slot
from voicenb.emulator.brains.sounding import sounding_like
from voicenb.emulator.brains.state import Reply
from voicenb.emulator.brains.utterance import Utterance

_FIT = 2.0
_TAKES = r"book|reserve|order|buy|purchase|schedule"
_TAKE_IT = re.compile(
    rf"\b({_TAKES})(?: me| us)? (?:it|that|this|them|one|(?:a|the) \w+)(?: one)?\b|"
    r"\b(?:take|have) (?:it|that)\b"
)
_IS_FOR = re.compile(rf"(?i)\b(?:wants?|asks?|likes?|wish(?:es)?|able|how) to ({_TAKES})\b")
"""In a look-up's description: what it is a look-up for."""
_ELSE = re.compile(
    r"\b(?:anything|something|nothing) (?:else|later|earlier)\b|\bis that (?:all|it|everything)\b|"
    r"\b(?:another|other|different) (?:times?|ones?|options?)\b"
)
_WHAT_IS_THERE = re.compile(r"\b(?:what|which)\b.*\b(?:times?|options?|ones?|have|there)\b")
_OF_PEOPLE = re.compile(
    rf"#\d+ (?:of us|{'|'.join(sorted(PEOPLE))})\b|"
    r"\b(?:table|party|group|dinner|lunch|seats?|places?) (?:for|of) #|"
    r"\b(?:we're|we are|we'll be|we will be|there are|there will be) #|^(?:and|what about|how about)\b"
)
_MORE = "Is there anything else?"


class Picks:
    """Answers the choice of something that a finished look-up found.

    Args:
        scene: the conversation; changed in place.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene, self.box, self.state = scene, scene.box, scene.state

    def hear(self, said: Utterance) -> Reply | None:
        """What to answer; None where it is about something else."""
        look = self._look()
        if look is None:
            return None
        items = self.state.found or []
        slot = _slot_of(items)
        if self._asks_anew(said, look, choose(said.text, items, slot, said.acts) if items else None):
            return None
        answer = self._of(said, look, slot, items)
        if answer is None:
            return None
        self.state.lost = 0
        self.state.ask("more")
        return [Say(f"{answer} {_MORE}")]

    def _look(self) -> Errand | None:
        """The look-up that was finished last, if nothing has come since."""
        last = self.state.last
        if self.state.found is None or last is None or last.name not in self.box:
            return None
        return self.box[last.name]

    def _asks_anew(self, said: Utterance, look: Errand, item: Any) -> bool:
        """Whether another tool is meant, or this one with other values than before; ``item`` was named."""
        last = self.state.last
        rival, fit = self.scene.best(said.plain)
        if last is None or (rival != last.name and fit >= _FIT):
            return True
        found = self.scene.find(said, look.slots, self.scene.context())
        if (
            item is None
            and look.required
            and all(slot.name in found and found[slot.name].strong for slot in look.required)
        ):
            return True  # the whole request, once more
        news = last.news(found)
        if item is not None and _is_bare_hour(said):  # "for seven": a time, where one is offered
            news = {name: value for name, value in news.items() if value not in range(1, 13)}
        return any(found[name].strong for name in news)

    def _of(self, said: Utterance, look: Errand, slot: Slot, items: list[Any]) -> str | None:
        acts, wanted = said.acts, _TAKE_IT.search(said.plain)
        if items and "none" in acts:
            return "All right."
        if items and _ELSE.search(said.plain):
            return "That is all I found."
        item = choose(said.text, items, slot, acts)
        if item is None and slot.kind == "time" and not acts.names and not _is_time(said):
            item = sounding_like(said.plain, items, slot)
        verb = wanted[1] if wanted and wanted[1] else self._is_for(look)
        if item is not None:
            cannot = f"I have no tool to {verb} it." if verb else "I can only tell what there is."
            return f"{phrasing.sentence(say_item(item))} {cannot}"
        if wanted:
            return f"I have no tool to {verb or 'take'} it, I'm afraid."
        if not items:
            return None
        there = f"There is {say_options(items)}."
        if slot.kind == "time" and _is_time(said):
            return f"That I did not find. {there}"
        if _WHAT_IS_THERE.search(said.plain) and not beyond.is_beyond(said, self.box):
            return there
        return "Good." if "yes" in acts and not acts.names & {"no", "doubt"} else None

    def _is_for(self, look: Errand) -> str:
        """What a look-up says that it is for: "Use when the caller wants to book"."""
        told = _IS_FOR.search(look.description)
        return told[1].lower() if told else ""


def _slot_of(items: list[Any]) -> Slot:
    """What a choice among ``items`` would fill."""
    times = [
        any(clock.parse(value) for value in item.values()) if isinstance(item, dict) else clock.parse(item)
        for item in items
    ]
    return Slot("choice", "time" if times and all(times) else "text")


def _is_time(said: Utterance) -> bool:
    return bool(clock.times(line_of(said.text)))


def _is_bare_hour(said: Utterance) -> bool:
    line = line_of(said.text)
    return line.count("#") == 1 and "@" not in line and not _OF_PEOPLE.search(line.lower())
