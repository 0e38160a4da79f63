"""What the caller did in a recorded call: parts of his speech, and what each of them waited for.

A part is what he would have said without a break, whoever listens. Stretches of speech belong to one part
where the silence between them is at most 5 s and

- nobody spoke in it, or
- the agent spoke in it and he went on within 1 s of its first audible sample (a candidate cut, as in
  `voicenb.tuning.truth`: the pause is taken for his own, so that a more patient agent hears him out; with
  ``candidate_cuts="over"`` it is taken for an interruption instead), or
- the agent was speaking already, and still was when he went on, or gave way to him.

What was set by ear in the panel (`voicenb.tuning.by_ear`) goes before that: he "went on", or "was done".

Every other silence was spent listening, and the part behind it has a *cue*:

- ``"after"``: the agent had been heard to its end; the wait is his reaction time, from its last audible
  sample to his onset;
- ``"over"``: the agent was heard; the wait is counted from the first audible sample of that reply;
- ``"alone"``: the agent was not heard since he spoke last; the wait is the silence itself.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.exchange import LONGEST_PAUSE
from voicenb.analysis.turns import Turns, turns
from voicenb.recording.recording import Recording
from voicenb.tuning.by_ear import labels_by_ear
from voicenb.tuning.labels import Label
from voicenb.tuning.truth import OVER_THE_ANSWER, Truth

Kind = Literal["after", "over", "alone"]
Doubtful = Literal["pause", "over"]

REACTION = 0.5
"""Seconds after the agent's last sound at which a caller speaks of whom no reaction is known."""

_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class Cue:
    """What somebody waits for before he speaks, or hangs up.

    Attributes:
        kind: as above.
        wait: seconds; an agent's trailing silence can make a reaction time negative.
        announced: of ``"over"``, whether what he spoke over was said before a tool's result.
    """

    kind: Kind
    wait: float
    announced: bool = False


@dataclass(frozen=True, slots=True)
class CallerPart:
    """Speech without a break. Times are the recorded engine's seconds (acoustic).

    Attributes:
        number: 1 for the first.
        turns: the numbers of the recorded turns (`vn.turns`) that it holds; empty where the service made none
            of it, as of a back-channel.
        text: what the service understood of it.
        start: the onset.
        end: where the speech is over.
        cue: what it waited for.
        answered: whether the agent was heard anew before the caller's next part.
        candidate_cuts: how many pauses in it are doubtful ones.
    """

    number: int
    turns: tuple[int, ...]
    text: str
    start: float
    end: float
    cue: Cue
    answered: bool
    candidate_cuts: int = 0


@dataclass(frozen=True, slots=True)
class CallerSide:
    """The caller's side of one call.

    Attributes:
        parts: in order.
        begin: where the caller's track begins, in the engine's seconds.
        end: where it ends.
        hanging_up: what its end waited for.
        greeted: whether the recorded agent had a greeting.
    """

    parts: tuple[CallerPart, ...]
    begin: float
    end: float
    hanging_up: Cue
    greeted: bool = False

    @property
    def reaction(self) -> float:
        """The median reaction time, in seconds; for a part of which none is known."""
        known = [max(0.0, part.cue.wait) for part in self.parts if part.cue.kind == "after"]
        return statistics.median(known) if known else REACTION


@dataclass(frozen=True, slots=True)
class _Heard:
    """A reply as it was heard, from its first audible sample to its last."""

    start: float
    end: float
    interrupted: bool
    calls: bool


def caller_side(recording: Recording, candidate_cuts: Doubtful = "pause") -> CallerSide:
    """Read what the caller did.

    Args:
        recording: of the call; finished.
        candidate_cuts: what they are taken for.
    """
    found = turns(recording)
    heard = _replies(recording, found)
    pieces = recording.said_pieces()
    begin = min((at for _, _, at in pieces), default=0) / recording.rate
    end = max((at + count for _, count, at in pieces), default=0) / recording.rate
    spoken = _joined(found.said, heard, candidate_cuts, labels_by_ear(recording))
    parts: list[CallerPart] = []
    for number, stretches in enumerate(spoken, 1):
        start, stop = stretches[0].start, stretches[-1].end
        before = parts[-1].end if parts else begin
        following = spoken[number][0].start if number < len(spoken) else float("inf")
        inside = [
            turn
            for turn in found.caller
            if turn.start is not None
            and turn.end is not None
            and start - _HAIR <= turn.start
            and turn.end <= stop + _HAIR
        ]
        parts.append(
            CallerPart(
                number,
                tuple(turn.number for turn in inside),
                " ".join(turn.text for turn in inside if turn.text),
                start,
                stop,
                _cue(heard, before, start, first=number == 1),
                any(start < reply.start < following and reply.end > stop for reply in heard),
                sum(
                    any(one.end <= reply.start < other.start for reply in heard)
                    for one, other in pairwise(stretches)
                ),
            )
        )
    last = parts[-1].end if parts else begin
    hanging_up = _cue(heard, last, max(last, end), first=not parts)
    greeted = bool(recording.conversation.config.get("greeting"))
    return CallerSide(tuple(parts), begin, end, hanging_up, greeted)


def _replies(recording: Recording, found: Turns) -> list[_Heard]:
    spans: dict[str, tuple[float, float]] = {}
    for run in found.heard:
        begin, end = spans.get(run.reply_id, (run.start, run.end))
        spans[run.reply_id] = min(begin, run.start), max(end, run.end)
    replies = recording.conversation.replies
    return sorted(
        (
            _Heard(begin, end, bool(replies[name].interrupted), bool(replies[name].calls))
            for name, (begin, end) in spans.items()
            if name in replies
        ),
        key=lambda reply: reply.start,
    )


def _joined(
    speech: Sequence[Speech], heard: Sequence[_Heard], candidate_cuts: Doubtful, labels: Sequence[Label]
) -> list[list[Speech]]:
    """Stretches of speech that belong together."""
    found: list[list[Speech]] = []
    for stretch in speech:
        if found and _paused(found[-1][-1].end, stretch.start, heard, candidate_cuts, labels):
            found[-1].append(stretch)
        else:
            found.append([stretch])
    return found


def _paused(
    end: float, start: float, heard: Sequence[_Heard], candidate_cuts: Doubtful, labels: Sequence[Label]
) -> bool:
    """Whether who was silent from the one to the other only paused; by ear where somebody said so."""
    by_ear = [label.truth for label in labels if label.start < start and label.end > end]
    if Truth.END in by_ear:
        return False
    if Truth.MID in by_ear and start - end <= LONGEST_PAUSE:
        return True
    return _goes_on(end, start, heard, candidate_cuts)


def _goes_on(end: float, start: float, heard: Sequence[_Heard], candidate_cuts: Doubtful) -> bool:
    """Whether who was silent from the one to the other only paused."""
    if start - end > LONGEST_PAUSE + _HAIR:
        return False
    during = [reply for reply in heard if reply.end > end and reply.start < start]
    began = [reply for reply in during if reply.start >= end]
    if began:
        return candidate_cuts == "pause" and start - began[0].start < OVER_THE_ANSWER - _HAIR
    return all(reply.end >= start or reply.interrupted for reply in during)


def _cue(heard: Sequence[_Heard], before: float, start: float, *, first: bool) -> Cue:
    """What was waited for between the end of the part before and this one's onset."""
    over = [reply for reply in heard if reply.start < start < reply.end]
    if over:
        return Cue("over", round(start - over[-1].start, 6), over[-1].calls)
    past = [reply for reply in heard if reply.end <= start and (first or reply.end > before)]
    if past:
        return Cue("after", round(start - max(reply.end for reply in past), 6))
    return Cue("alone", round(start - before, 6))
