"""The caller's choice among the options of a look-up."""

from __future__ import annotations

import re

from voicenb.emulator.brains import phrasing
from voicenb.emulator.brains.context import Found
from voicenb.emulator.brains.corrections import Corrections
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.options import choose, is_named
from voicenb.emulator.brains.people import counted
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.sounding import sounding_like
from voicenb.emulator.brains.state import Goal, Reply
from voicenb.emulator.brains.utterance import Utterance

_ABOUT_OPTIONS = re.compile(
    r"\b(?:what|which|when)\b.*\b(?:times?|free|available|options|tables?|slots?|have|there)\b|"
    r"\b(?:anything|something|nothing) (?:else|later|earlier)\b|"
    r"\b(?:another|other|different) (?:times?|ones?|options?)\b|\bis that (?:all|it|everything)\b"
)


class Choices:
    """Hears which option is taken, that none will do, or what is asked about them.

    Args:
        scene: the conversation; changed in place.
        errands: carries the goal on, and knows what is offered.
        corrections: takes what was chosen in.
    """

    def __init__(self, scene: Scene, errands: Errands, corrections: Corrections) -> None:
        self.scene, self.errands, self.corrections = scene, errands, corrections

    def is_asked(self, said: Utterance, asked: Slot) -> bool:
        """Whether the caller asks what there is to choose from."""
        options = self.errands.offers.open()
        return options is not None and options[0] == asked and bool(_ABOUT_OPTIONS.search(said.plain))

    def hear(self, said: Utterance, goal: Goal, asked: Slot | None, found: dict[str, Found]) -> Reply | None:
        """What to answer to a choice among the options, or to a question about them; None if it is neither.

        Args:
            said: what the caller said.
            goal: the errand under way.
            asked: the slot that was asked for, if one was.
            found: the values in what was said.
        """
        options = self.errands.offers.open()
        if options is None:
            return None
        slot, items, key = options
        open_choice = asked == slot
        named = re.search(r"\b(?:first|second|last|later|earlier|other) one\b", said.plain)
        slots = self.scene.box.slots(goal.name)
        late = not open_choice and slot.kind == "time" and _is_bare_hour(said, slots, goal)
        if late:
            found = {name: value for name, value in found.items() if value.value not in range(1, 13)}
        if not open_choice and slot.name not in found and not named and not late:
            return None
        if open_choice and ("none" in said.acts or ("no" in said.acts and len(items) == 1 and not found)):
            day = self.errands.offers.put_off(goal).kind in ("day", "date")
            return self.errands.advance("All right, another day then." if day else "All right.")
        others = {name for name, value in found.items() if name != slot.name and value.strong}
        item = choose(said.text, items, slot, said.acts) if not others or slot.name in found else None
        if item is None and open_choice and slot.kind == "time" and not found and not said.acts.names:
            item = sounding_like(said.plain, items, slot)
        if item is not None:
            for name, value in found.items():
                if name != slot.name:
                    goal.put(name, value.value)
            self.errands.offers.take(goal, slot, item, key)
            self.scene.state.lost = 0
            by_itself = isinstance(item, dict) or is_named(said.text, item, slot)
            chosen = f"{phrasing.say_value(slot, goal.values[slot.name])}, then"
            return self.corrections.take(
                said, goal, goal.arguments([slot]), asked, "" if by_itself else phrasing.sentence(chosen)
            )
        if open_choice and not found and _ABOUT_OPTIONS.search(said.plain):
            goal.offered = ""
            goal.asked.pop(slot.name, None)
            more = re.search(
                r"\b(?:anything|something|nothing|another|other|different|is that)\b", said.plain
            )
            return self.errands.advance("That is all I have:" if more else "")
        return None


def _is_bare_hour(said: Utterance, slots: tuple[Slot, ...], goal: Goal) -> bool:
    """Whether a lone number comes where the time is what was settled last: "seven, then" behind a time."""
    line = line_of(said.text)
    if line.count("#") != 1 or "@" in line or counted(line):
        return False
    kinds = {slot.name: slot.kind for slot in slots}
    latest = next((name for name in reversed(goal.recent) if kinds.get(name) in ("time", "number")), "")
    return kinds.get(latest) == "time"
