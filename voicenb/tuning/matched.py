"""Calls of the same callers beside each other, part by part of what they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicenb.analysis.report import CallFacts, report
from voicenb.analysis.turn import Turn
from voicenb.errors import InvalidConfiguration
from voicenb.recording.layout import RATE
from voicenb.recording.recording import Recording
from voicenb.tuning.evidence import TrackClock
from voicenb.tuning.replay_ledger import sound_of
from voicenb.tuning.replay_parts import Doubtful, caller_side

INSIDE = 0.02
"""Seconds before the end of a part up to which a decision cut it."""


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part of what a caller said, in one call. Figures are seconds; what was not captured is None.

    Attributes:
        turns: what the service made of it, in order.
        cut: whether the service took it for ended before it was (acoustic end, wire decision).
    """

    turns: tuple[Turn, ...]
    cut: bool | None

    @property
    def last(self) -> Turn | None:
        """The turn that it ended with."""
        return self.turns[-1] if self.turns else None

    @property
    def unanswered(self) -> bool | None:
        """Whether no audible reply came to it before the caller spoke again, or within 10 s."""
        return None if self.last is None else self.last.unanswered

    def figure(self, name: str, kind: str = "") -> float | None:
        """A figure of the turn that it ended with; None where that was unanswered.

        Args:
            name: of an attribute of a turn's.
            kind: ``"plain"`` or ``"tool"``, where only such turns have it.
        """
        last = self.last
        if last is None or last.unanswered or (kind and last.kind != kind):
            return None
        value: float | None = getattr(last, name)
        return value


@dataclass(frozen=True, slots=True)
class MatchedCall:
    """One call of an arm.

    Attributes:
        facts: of the call.
        parts: by number.
    """

    facts: CallFacts
    parts: Mapping[int, PartFacts]


def matched(arms: Mapping[str, Sequence[Recording]]) -> list[dict[str, MatchedCall]]:
    """The callers that called in every arm; for each of them his call in each arm.

    A recording and its replays have the same caller, and so have replays of the same recording.

    Args:
        arms: recordings by the arm's name.

    Raises:
        InvalidConfiguration: no caller called in every arm, or one twice in the same.
    """
    by_caller = {name: _by_caller(name, calls) for name, calls in arms.items()}
    first = next(iter(by_caller.values()))
    found: list[tuple[dict[str, Recording], str]] = []
    seen: set[int] = set()
    for caller, call in first.items():
        if id(call) in seen or not all(caller in calls for calls in by_caller.values()):
            continue
        seen.add(id(call))
        found.append(({name: calls[caller] for name, calls in by_caller.items()}, caller))
    if not found:
        raise InvalidConfiguration(
            "These calls have no caller in common, so nothing can be compared call by call.",
            remedy="Let the same callers call again: vn.replay(calls, agent); reports of different callers "
            "are compared with before.compare(after).",
            param="recordings",
        )
    every = {name: report([of[name] for of, _ in found]).calls for name in arms}
    out = []
    for number, (of, caller) in enumerate(found):
        over = any(_told(call).get("taken_for") == "over" for call in of.values())
        out.append(
            {
                name: MatchedCall(
                    every[name][number],
                    _parts(call, every[name][number], caller, "over" if over else "pause"),
                )
                for name, call in of.items()
            }
        )
    return out


def _told(call: Recording) -> dict[str, Any]:
    told = call.session.get("replay")
    return told if isinstance(told, dict) else {}


def _by_caller(arm: str, calls: Sequence[Recording]) -> dict[str, Recording]:
    """Recordings by the sound of the caller whom they replay, and by their own."""
    found: dict[str, Recording] = {}
    for call in calls:
        told = _told(call)
        if told and told.get("ended") in ("", "budget"):
            continue  # it was not held to its end
        for caller in dict.fromkeys((str(told.get("caller") or ""), sound_of(call))):
            if not caller:
                continue
            if caller in found and found[caller].folder != call.folder:
                raise InvalidConfiguration(
                    f"{call.name} and {found[caller].name} of {arm!r} are calls of the same caller.",
                    remedy="An arm has each caller once.",
                    param="recordings",
                )
            found[caller] = call
    return found


def _parts(call: Recording, facts: CallFacts, caller: str, taken_for: Doubtful) -> dict[int, PartFacts]:
    told = _told(call)
    if told.get("caller") == caller:
        clock = TrackClock(call.said_pieces())
        spans = {
            int(each["part"]): (clock.back(each["start"] / RATE), clock.back(each["stop"] / RATE))
            for each in call.session.get("truth") or ()
        }
    else:
        spans = {part.number: (part.start, part.end) for part in caller_side(call, taken_for).parts}
    decides = "decisions" not in facts.absent
    turns = [turn for turn in facts.turns if turn.role == "user" and turn.start is not None]
    found = {}
    for number, (start, end) in spans.items():
        inside = tuple(turn for turn in turns if _overlap(turn, start, end))
        moments = [at for turn in inside for at in (*turn.taken_back, turn.decided) if at is not None]
        cut = any(start < at < end - INSIDE for at in moments) if decides and inside else None
        found[number] = PartFacts(inside, cut)
    return found


def _overlap(turn: Turn, start: float, end: float) -> bool:
    return turn.start is not None and turn.end is not None and turn.start < end and turn.end > start
