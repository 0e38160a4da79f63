"""What a scripted caller really said, and what came behind it by the script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicenb.session.microphone import RATE
from voicenb.testing.clips import Clip
from voicenb.testing.moves import BackChannel, Cough, HangUp, Move, Pause, Say

Kind = Literal["words", "back-channel", "cough"]

Then = Literal["goes on", "waits", "hangs up"]

LONGEST_PAUSE = 5.0
"""Seconds that a pause within a turn may last: who is silent for longer waits for the agent."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that the caller really said, and where it stands in the caller's track.

    Attributes:
        move: which move of the script it belongs to, counted from 0.
        text: the words, or the file's name.
        start: its first audible sample (24 kHz).
        stop: one past its last audible sample.
        over_agent: whether the agent was audible when it began.
        kind: ``"words"``; or ``"back-channel"`` or ``"cough"``, which are no turn.
        then: ``"goes on"`` (the caller says more in the same turn, whatever the agent does), ``"waits"`` (the
            turn is over) or ``"hangs up"``.
    """

    move: int
    text: str
    start: int
    stop: int
    over_agent: bool = False
    kind: Kind = "words"
    then: Then = "waits"


def kind_of(move: Move) -> Kind:
    """What is said in a move."""
    match move:
        case BackChannel():
            return "back-channel"
        case Cough():
            return "cough"
        case _:
            return "words"


def what_follows(script: Sequence[Move], sounds: Sequence[Sequence[Clip]], move: int, clip: int) -> Then:
    """What the caller does behind a clip.

    The caller goes on where the next words come after a known silence of 5 s at most.

    Args:
        script: the moves.
        sounds: the clips of each.
        move: number of the move.
        clip: number of the clip in it.
    """
    silence = sounds[move][clip].samples - sounds[move][clip].stop
    for number in range(move, len(script)):
        here = script[number]
        match here:
            case HangUp():
                return "hangs up"
            case Pause(seconds=seconds):
                silence += round(seconds * RATE)
            case _ if number > move and (not isinstance(here, Say | Cough) or _waits(here)):
                return "waits"
            case _:
                for each in sounds[number][clip + 1 if number == move else 0 :]:
                    if each.voiced and not isinstance(here, Cough):
                        return "goes on" if silence + each.onset <= LONGEST_PAUSE * RATE else "waits"
                    silence += each.samples
    return "hangs up"


def _waits(move: Move) -> bool:
    return isinstance(move, Cough) and move.over
