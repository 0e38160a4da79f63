"""What is said in the middle of an errand and brings it no new value: questions, pleas, a wish said again."""

from __future__ import annotations

import re

from voicenb.emulator.brain import Say
from voicenb.emulator.brains import doings, phrasing, questions, smalltalk
from voicenb.emulator.brains.corrections import Corrections
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.state import Goal, Reply
from voicenb.emulator.brains.utterance import Utterance

STRONG_FIT = 2.4
"""How well words fit a tool for somebody to mean it in the middle of something else."""
_BARE_NO = frozenset({"no", "nope", "no thanks", "no thank you", "nothing"})
_WISHES = re.compile(
    r"(?:(?:and|so|okay|great|oh|then|well|please) )*"
    r"(?:(?:can|could|may) (?:i|we|you)|i'd|i would|i want|let me)\b"
)
_WHAT_CAN_YOU_DO = re.compile(r"what (?:else )?(?:can you|do you|are you able to) do")


class Lulls:
    """Answers an utterance that has nothing new for the errand under way.

    Args:
        scene: the conversation; changed in place.
        errands: carries the goal on.
        corrections: knows what may be put right.
    """

    def __init__(self, scene: Scene, errands: Errands, corrections: Corrections) -> None:
        self.scene, self.box, self.state = scene, scene.box, scene.state
        self.errands, self.corrections = errands, corrections

    def hear(self, said: Utterance, goal: Goal) -> Reply:
        """What to answer to an utterance that has nothing new for the goal."""
        state, acts = self.state, said.acts
        state.lost += 1
        if state.asking == "change":
            changed = self.corrections.change(said.text, goal)
            if changed or "no" not in acts:
                return changed or self.errands.again()
            return self.errands.drop(goal, said)
        if state.asking == "retry" and acts.names & {"yes", "no"}:
            return self._retry(said, goal)
        if "wait" in acts:
            state.lost = 0
            return [Say("Of course, take your time.")]
        if "summary" in acts:
            return self.errands.again(self._so_far(goal))
        if "help" in acts:
            about = doings.doing(self.box[goal.name], goal.values)
            can = doings.abilities([self.box[name] for name in self.box.group(goal.name)])
            able = f"I can {can}. " if _WHAT_CAN_YOU_DO.match(said.plain) else ""
            return self.errands.patient(f"{able}We were about to {about}.")
        if said.plain in _BARE_NO and goal.asked.get(state.slot or "", 0) > 1:
            return self.errands.drop(goal, said)
        small = smalltalk.small(acts, state.heard)
        if small:
            return self.errands.patient(small)
        if state.asking == "nothing":  # a tool is at work
            return self.errands.advance()
        reconsidered = self.corrections.reconsidered(said, goal)
        if reconsidered or acts.names & {"yes", "no"}:
            return reconsidered or self.errands.again()
        if _WISHES.match(said.plain) and self._is_wanted(goal, said):
            return self.errands.patient("Gladly.")  # what is under way is wished for once more
        menu = questions.menu(said.plain, self.box.slots(goal.name))
        if menu:
            return self.errands.patient(menu)
        if said.text.rstrip().endswith("?") and said.plain != "how many":
            return self.errands.patient("That I cannot answer, I'm afraid.")
        if state.asking == "slot" or self._is_wanted(goal, said):
            return self.errands.again()
        return self.errands.again(smalltalk.not_understood(said.text, state.lost))

    def _retry(self, said: Utterance, goal: Goal) -> Reply:
        if "no" in said.acts:
            return self.errands.drop(goal, said)
        if "yes" in said.acts:
            goal.results = {key: result for key, result in goal.results.items() if not result.is_error}
            return self.errands.advance()
        return self.errands.again()

    def _so_far(self, goal: Goal) -> str:
        known = phrasing.parts(self.box.slots(goal.name), goal.values, self.box[goal.name].verb)
        return f"So far I have: {phrasing.listed(known)}." if known else "I have nothing noted yet."

    def _is_wanted(self, goal: Goal, said: Utterance) -> bool:
        """Whether the words are those of the errand that is under way."""
        best, fit = self.scene.best(said.plain)
        return best == goal.name and fit >= STRONG_FIT
