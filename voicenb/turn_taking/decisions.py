"""What `TurnTaker` may say at the end of a frame. Times in seconds of the caller's track."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voicenb.turn_taking.completeness import Said


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The caller begins a turn (a new item).

    Attributes:
        at: the end of the frame on which it was decided.
        onset: where the speech began; earlier by two frames, or by more where it began over the agent.
        over_agent: the agent is audible and goes on (``interrupt_response`` is off).
    """

    at: float
    onset: float
    over_agent: bool = False


@dataclass(frozen=True, slots=True)
class Overlap:
    """Speech over the agent has begun. Nothing for the wire yet; the ears should listen from ``onset``."""

    at: float
    onset: float


@dataclass(frozen=True, slots=True)
class Passed:
    """Speech over the agent is over and was no interruption: forget what was heard of it."""

    at: float
    onset: float
    speech_end: float
    text: str


@dataclass(frozen=True, slots=True)
class Interrupt:
    """The caller takes the floor from the agent: silence the voice; ``input.speech.started`` goes out now.

    Attributes:
        at: the end of the frame on which it was decided.
        onset: where the speech that interrupts began; the words may have begun before, at `TurnTaker.onset`.
        in_turn: the caller's turn was already open when the agent became audible; it needs no second start.
    """

    at: float
    onset: float
    in_turn: bool = False


@dataclass(frozen=True, slots=True)
class BeginFinal:
    """The silence is running: begin to recognise everything up to ``speech_end`` for good. Once per pause."""

    at: float
    onset: float
    speech_end: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """The caller goes on within the turn; a final that was begun is out of date."""

    at: float
    onset: float
    pause: float


@dataclass(frozen=True, slots=True)
class CheckComplete:
    """Asks a judge of the sound whether the utterance looks complete. Once per silence.

    Attributes:
        at: the end of the frame on which it is asked.
        onset: where the turn began.
        speech_end: where its speech ended: by it `TurnTaker.complete` knows which silence an answer is for.
        said: the words so far, as `Utterance.said` has them.
    """

    at: float
    onset: float
    speech_end: float
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn is over and wants an answer.

    Attributes:
        at: the end of the frame on which it was decided.
        onset: where the turn began.
        speech_end: where its speech ended.
        by: the limit that ended it.
        text: the words so far; the final may know more. Empty when the ears were still at work on them:
            whether there are any, the final says.
    """

    at: float
    onset: float
    speech_end: float
    by: Literal["min_silence", "max_silence"]
    text: str

    @property
    def silence(self) -> float:
        """How long the silence was when it was decided."""
        return self.at - self.speech_end


@dataclass(frozen=True, slots=True)
class LoneStop:
    """No words at ``max_silence``, and no ears at work on any: a lone ``input.speech.stopped``, no reply."""

    at: float
    onset: float
    speech_end: float


@dataclass(frozen=True, slots=True)
class Reopened:
    """The caller goes on after the decision, before the answer was audible: cancel it, reopen the same item.

    On the wire ``input.speech.started``, as for any other beginning of speech.

    Attributes:
        at: the end of the frame on which it was decided.
        onset: where the speech goes on.
        began: where the turn began.
        pause: how long the pause was that was taken for the end.
    """

    at: float
    onset: float
    began: float
    pause: float


Decision = (
    SpeechStarted
    | Overlap
    | Passed
    | Interrupt
    | BeginFinal
    | Resumed
    | CheckComplete
    | TurnEnded
    | LoneStop
    | Reopened
)
