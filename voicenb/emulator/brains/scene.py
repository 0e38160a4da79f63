"""What an utterance or a tool's answer is met with: the tools as they stand, the conversation so far."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from voicenb.emulator.brains import phrasing
from voicenb.emulator.brains.context import Context, Found
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.state import State
from voicenb.emulator.brains.utterance import Utterance
from voicenb.emulator.brains.values import find


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of a conversation.

    Attributes:
        box: the tools as they now stand.
        state: the conversation so far; changed in place.
        waiting: the calls that were made and not answered yet, as
            :func:`voicenb.emulator.brains.state.key_of` has them.
        fill: whether to say "One moment." in front of a call.
        today: the date of today, when the prompt says it.
    """

    box: Toolbox
    state: State
    waiting: Collection[str] = ()
    fill: bool = True
    today: datetime.date | None = None

    def context(self, asked: str | None = None, recent: Sequence[str] = ()) -> Context:
        """What is known while values are looked for."""
        return Context(asked, self.today, tuple(recent))

    def find(self, said: Utterance, slots: Sequence[Slot], context: Context) -> dict[str, Found]:
        """The values in an utterance, those included that are to be as the last time ("same time")."""
        found = find(said.text, slots, context)
        last = self.state.last
        if last is not None and "same" in said.plain.split():
            open_slots = [slot for slot in slots if slot.name in last.values and slot.name not in found]
            named = [
                slot for slot in open_slots if {slot.words, phrasing.noun(slot)} & set(said.plain.split())
            ]
            for slot in named or [slot for slot in open_slots if slot.name == context.asked]:
                found[slot.name] = Found(last.values[slot.name])
        return found

    def best(self, said: str) -> tuple[str, float]:
        """The goal that fits the words of an utterance best, and how well; 2 and more is a fit."""
        scores = self.box.scores(said)
        name = max(scores, key=lambda goal: scores[goal])
        return name, scores[name]
