"""What the rules remember of a conversation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from voicenb.emulator.brain import Call, Say
from voicenb.emulator.brains.context import Found
from voicenb.emulator.brains.results import Result
from voicenb.emulator.brains.slots import Slot

Reply = list[Say | Call]
"""What is said and called, in order; empty for silence."""
Asking = Literal["slot", "confirm", "change", "retry", "more", "tool", "nothing"]


def key_of(name: str, arguments: Mapping[str, Any]) -> str:
    """One string for a call and its arguments."""
    return f"{name}({json.dumps(arguments, sort_keys=True, ensure_ascii=False, default=str)})"


@dataclass
class Goal:
    """An errand under way.

    Attributes:
        name: the tool that the caller wants.
        values: what was heard, by slot name.
        results: what the tools answered so far, by call.
        agreed: the call that the caller said yes to.
        offered: the call whose options were already told.
        taken: the slots that were filled from options, with the look-up that offered them.
        recent: names of the slots filled, the latest last.
        asked: how often each slot was asked for since it was last filled.
        unfree: by slot, the look-up whose options a wish was not among, and the wish.
        hints: a better question for a slot, by what was said before.
    """

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    agreed: str = ""
    offered: str = ""
    taken: dict[str, str] = field(default_factory=dict)
    recent: list[str] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    unfree: dict[str, tuple[str, Any]] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: Any) -> None:
        """Fill a slot."""
        self.values[name] = value
        self.recent = [other for other in self.recent if other != name] + [name]
        self.asked.pop(name, None)
        self.taken.pop(name, None)

    def news(self, found: Mapping[str, Found]) -> dict[str, Any]:
        """Of the values that were found, those that are not known yet."""
        return {
            name: value.value for name, value in found.items() if self.values.get(name, ...) != value.value
        }

    def arguments(self, slots: Iterable[Slot]) -> dict[str, Any]:
        """The values of a tool's slots, as they now stand."""
        return {slot.name: self.values[slot.name] for slot in slots if slot.name in self.values}

    def drop(self, name: str) -> None:
        """Empty a slot."""
        self.values.pop(name, None)
        self.taken.pop(name, None)


@dataclass
class State:
    """A conversation so far.

    Attributes:
        goal: the errand under way, or None.
        aside: an errand that was put off for another.
        last: the errand that was finished last, for "and tomorrow?".
        found: what that one found, item by item; None where it changed something.
        asking: what kind of answer is waited for.
        slot: the slot that is asked for.
        said: the last reply.
        heard: how many times the caller spoke.
        lost: how often in a row nothing was understood.
        about: what the caller told of themselves, kept over errands.
        finished: how many errands were done.
        greeting: what the agent had said before the caller said anything.
        introduced: whether the agent has said at length what it is.
    """

    goal: Goal | None = None
    aside: Goal | None = None
    last: Goal | None = None
    found: list[Any] | None = None
    asking: Asking = "nothing"
    slot: str | None = None
    said: str = ""
    heard: int = 0
    lost: int = 0
    about: dict[str, Any] = field(default_factory=dict)
    finished: int = 0
    greeting: str = ""
    introduced: bool = False

    def ask(self, asking: Asking, slot: str | None = None) -> None:
        """Note what is asked for."""
        self.asking, self.slot = asking, slot
