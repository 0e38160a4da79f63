"""The truth about each silence of a caller's: a pause within a turn, or the turn's end.

Where a scripted caller called, the script says it. Where neither that nor labels do, a stated rule derives it
from what followed:

- the caller went on before anyone spoke → a mid-turn pause;
- the agent spoke, and the caller did not go on within 1 s of its first audible sample → the turn's end;
- the agent spoke, and the caller went on over its first second → a *candidate cut*: perhaps the caller was
  cut off, perhaps that was an interruption. It is doubtful, told by itself, and never dropped.

A silence that begins while the agent is heard is no question of turn taking (``OVER``). One after which
nobody speaks for more than 5 s, or in which the call ends, shows nothing (``UNCLEAR``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from voicenb.tuning.evidence import Evidence, Recorded, Reply
from voicenb.tuning.scripted import NEAR, Scripted

PAUSE, LONGEST = 0.2, 5.0
"""Seconds: a silence from the one to the other is a pause (design: words and clocks)."""

OVER_THE_ANSWER = 1.0
"""Seconds into the agent's answer within which a caller who goes on may have been cut off."""

_HAIR = 1e-6


class Truth(IntEnum):
    """What a silence was."""

    MID = 0
    END = 1
    DOUBTFUL = 2
    OVER = 3
    UNCLEAR = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence between two stretches of the caller's speech, from the sound. Seconds of the track.

    Attributes:
        start: where the speech before it ended.
        end: where the speech after it began; ``inf`` where there is none.
        truth: what it was.
        labelled: whether somebody set that, or the caller's script, else it was derived.
        answered: the agent's first audible sample in it; None where nobody spoke.
        decision: the service's last decision in it, if there was one.
        by_script: whether the caller's script set it, and nobody by ear or in a file.
    """

    start: float
    end: float
    truth: Truth
    labelled: bool = False
    answered: float | None = None
    decision: Recorded | None = None
    by_script: bool = False

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.start

    @property
    def observed(self) -> float:
        """Seconds of it that nobody had decided on: what came later was made by that decision."""
        decided = None if self.decision is None else self.decision.at
        known = [at for at in (decided, self.answered) if at is not None]
        return min([self.end, *known]) - self.start


@dataclass(frozen=True, slots=True)
class CallerTurn:
    """Speech that belongs together, by the truth.

    Attributes:
        start: its onset.
        end: where its speech ended.
        pauses: the silences within it, also those too short for a pause.
        last: the silence behind it.
    """

    start: float
    end: float
    pauses: tuple[Gap, ...]
    last: Gap


def derive(start: float, end: float, replies: Sequence[Reply], duration: float) -> tuple[Truth, float | None]:
    """What a silence was, by the rule.

    Args:
        start: where the speech before it ended.
        end: where the speech after it began; ``inf`` where there is none.
        replies: as they were heard, by time.
        duration: up to where the call is known.

    Returns:
        The truth, and when the agent was heard first in it.
    """
    if any(each.start < start - _HAIR and start < each.end and not each.interrupted for each in replies):
        return Truth.OVER, None
    first = next((each.start for each in replies if start - _HAIR <= each.start < end), None)
    if first is None:
        return (Truth.MID if end - start <= LONGEST + _HAIR else Truth.UNCLEAR), None
    if end - first < OVER_THE_ANSWER - _HAIR:
        return Truth.DOUBTFUL, first
    if end == float("inf") and duration - first < OVER_THE_ANSWER - _HAIR:
        return Truth.UNCLEAR, first
    return Truth.END, first


def gaps(evidence: Evidence) -> list[Gap]:
    """All silences of a call, by the caller's script, and where there is none by the rule."""
    found: list[Gap] = []
    speech = evidence.speech
    for number, each in enumerate(speech):
        end = speech[number + 1].start if number + 1 < len(speech) else float("inf")
        truth, answered = derive(each.end, end, evidence.replies, evidence.duration)
        inside = [made for made in evidence.decisions if each.end <= made.at < end]
        decision = inside[-1] if inside else None
        told = None if truth is Truth.OVER else by_script(each.end, end, evidence.scripted)
        truth, scripted = (truth, False) if told is None else (told, True)
        found.append(Gap(each.end, end, truth, scripted, answered, decision, scripted))
    return found


def by_script(start: float, end: float, script: Sequence[Scripted]) -> Truth | None:
    """What a silence was, by the caller's script; None where it does not say.

    Args:
        start: where the speech before it ended.
        end: where the speech after it began; ``inf`` where there is none.
        script: what it says, in the same seconds.
    """
    for each in script:
        if each.what == "pause":
            if each.start < end and each.end > start:
                return Truth.MID
        elif each.start < start and end < each.end:
            return Truth.MID  # among the words: a hole that the line has made, a breath
        elif each.what == "last words" and start - NEAR <= each.end < min(end, start + NEAR):
            return Truth.END
    return None


def turns(evidence: Evidence, silences: Sequence[Gap]) -> list[CallerTurn]:
    """The caller's turns: speech between which there are only pauses.

    Args:
        evidence: of the call.
        silences: all of its gaps, one behind each stretch of speech.
    """
    found: list[CallerTurn] = []
    begin = 0
    for number, gap in enumerate(silences):
        if gap.truth is Truth.MID and number + 1 < len(silences):
            continue
        speech = evidence.speech[begin : number + 1]
        found.append(CallerTurn(speech[0].start, speech[-1].end, tuple(silences[begin:number]), gap))
        begin = number + 1
    return found
