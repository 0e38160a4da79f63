"""The default brain: rules, without any model, and honest about it.

What it knows of a conversation is folded from the history each time it is asked, so that an interrupted
reply or a turn that was reopened cannot leave it in a state that the history does not have.
"""

from __future__ import annotations

import copy
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from voicenb.emulator.brain import Call, Line, Moment, Say
from voicenb.emulator.brains import days, doings, smalltalk
from voicenb.emulator.brains.dialogue import Dialogue
from voicenb.emulator.brains.errands import Errands
from voicenb.emulator.brains.instructions import followed
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.results import Result, tell
from voicenb.emulator.brains.retold import retold
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.state import Reply, State, key_of

_log = logging.getLogger(__name__)
_MOSTLY_HEARD = 0.6
"""A reply of which this share was heard counts as heard."""


@dataclass(frozen=True, slots=True)
class _Stimulus:
    """One line of the history that the rules react to."""

    line: Line
    last_line: str
    cut: bool


@dataclass
class _Step:
    stimulus: _Stimulus
    state: State
    reply: Reply


class RuleBrain:
    """Picks a tool by the words of its description, asks for what it needs, calls it, says the result.

    Args:
        fill: whether to say "One moment." in front of a tool call.
    """

    name = "rules"

    def __init__(self, *, fill: bool = True) -> None:
        self._fill = fill
        self._steps: list[_Step] = []
        self._tools: object = None
        self._made: Counter[str] = Counter()

    async def answer(self, moment: Moment) -> AsyncIterator[Say | Call]:
        """The reply; see :class:`voicenb.emulator.brain.Brain`."""
        try:
            reply = self._reply(moment)
        except Exception:  # a mistake in the rules must not end somebody's conversation
            _log.exception("the rule-based brain failed")
            reply = [Say("I'm sorry, I lost my thread. Could you say that another way?")]
        for part in reply:
            if isinstance(part, Call):
                self._made[key_of(part.name, part.arguments)] += 1
            yield part

    def _reply(self, moment: Moment) -> Reply:
        box = Toolbox(moment.tools)
        before = retold(moment.system_prompt)
        if before:  # in a session that this one goes on with
            moment = replace(moment, history=[*before, *moment.history])
        if moment.trigger == "reply_create":
            reply = self._fold(moment, box) if before else []
            owed = before and not moment.instructions and _is_owed(moment.history)
            return reply if reply and owed else self._unasked(moment, box)
        reply = self._fold(moment, box)
        if moment.instructions:  # a requested reply that fell together with this one
            said = followed(moment.instructions)
            reply = [*([Say(said)] if said else []), *reply]
        if not reply and moment.trigger == "user_speech":
            return [Say("Sorry, I did not catch that.")]
        return reply

    def _fold(self, moment: Moment, box: Toolbox) -> Reply:
        """Go through the history from where it differs from the last time; the reply to its last line."""
        stimuli = _stimuli(moment.history)
        if list(moment.tools) != self._tools:
            self._tools = [copy.deepcopy(dict(tool)) for tool in moment.tools]
            # What was understood under the old tools stays; only the latest line is heard anew.
        kept = 0
        while kept < min(len(self._steps), len(stimuli) - 1) and self._steps[kept].stimulus == stimuli[kept]:
            kept += 1
        del self._steps[kept:]
        waiting = self._made - Counter(
            key_of(line.name, line.arguments) for line in moment.history if line.role == "tool"
        )
        for stimulus in stimuli[kept:]:
            state = copy.deepcopy(self._steps[-1].state) if self._steps else State()
            reply = self._react(stimulus, state, box, waiting, moment)
            spoken = _spoken(reply)
            if spoken:
                state.said = spoken
                state.introduced = state.introduced or smalltalk.WHAT_I_AM in spoken
            self._steps.append(_Step(stimulus, state, reply))
        if not self._steps:
            return []
        return [*self._untold(kept, box), *self._steps[-1].reply]

    def _untold(self, kept: int, box: Toolbox) -> Reply:
        """What tools have changed and nobody was told, because the caller spoke before it could be said."""
        return [
            Say(tell(box[step.stimulus.line.name], _result(step.stimulus.line, box)))
            for step in self._steps[kept:-1]
            if step.stimulus.line.name in box
            and box[step.stimulus.line.name].changes
            and not step.stimulus.line.is_error
        ]

    def _react(
        self, stimulus: _Stimulus, state: State, box: Toolbox, waiting: Counter[str], moment: Moment
    ) -> Reply:
        scene = Scene(box, state, waiting, self._fill, days.today_of(moment.system_prompt))
        line = stimulus.line
        if line.role == "tool":
            return Errands(scene).hear_result(line.name, dict(line.arguments), _result(line, box))
        unheard = stimulus.cut and len(stimulus.last_line) < _MOSTLY_HEARD * len(state.said)
        return Dialogue(scene).hear(line.text, unheard=unheard, last_line=stimulus.last_line)

    def _unasked(self, moment: Moment, box: Toolbox) -> Reply:
        """A reply that the client asked for."""
        if moment.instructions:
            said = followed(moment.instructions)
            if said:
                return [Say(said)]
            can = doings.abilities(list(box.errands.values()))
            more = f" I can {can}." if can else ""
            return [Say(f"I was given an instruction that I cannot follow. {smalltalk.WHAT_I_AM}.{more}")]
        said = self._steps[-1].state.said if self._steps else ""
        return [Say(f"Are you still there? {said}".strip() if said else "Hello! How can I help?")]


def _is_owed(history: Sequence[Line]) -> bool:
    """Whether the caller spoke last, and waits."""
    spoken = [line.role for line in history if line.role in ("user", "agent")]
    return bool(spoken) and spoken[-1] == "user"


def _result(line: Line, box: Toolbox) -> Result:
    """A tool's answer, without the ``response_instructions`` that come behind it."""
    responses = box[line.name].responses if line.name in box else {}
    hint = responses.get("error" if line.is_error else "success")
    text = line.text.removesuffix(f"\n{hint}") if hint else line.text
    if line.is_error:  # a host says which tool it was: that is for a model, and no use to a caller
        text = re.sub(rf"^{re.escape(line.name)} failed: ", "", text)
    return Result.of(text, line.is_error)


def _spoken(reply: Reply) -> str:
    return " ".join(part.text for part in reply if isinstance(part, Say))


def _stimuli(history: Sequence[Line]) -> list[_Stimulus]:
    found: list[_Stimulus] = []
    last, cut = "", False
    for line in history:
        if line.role == "agent":
            last, cut = line.text, line.interrupted
        elif line.role in ("user", "tool"):
            found.append(_Stimulus(line, last, cut))
    return found
