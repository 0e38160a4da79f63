"""Who spoke when, and whose turn it was, from the sound of both sides alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicenb.elsewhere.words import Role, Words
from voicenb.turn_taking.segmenter import Stretch

JOIN = 0.5
"""Seconds; a shorter silence does not part what one side says."""

PAUSE = 5.0
"""Seconds; after a longer silence the same side's speech is another turn (as in ``vn.turns``)."""

BACKCHANNEL = 1.0
"""Seconds; what is no longer, and said while the other goes on speaking, takes no turn."""

GOES_ON = 0.5
"""Seconds that the other must speak on behind it."""

NEAR = 1.0
"""Seconds that a line of a transcript may be off the sound that it tells of."""


@dataclass(frozen=True, slots=True)
class Said:
    """A turn of one side.

    Attributes:
        role: whose.
        start: its first sound, in seconds.
        end: its last.
        text: what was written down of it.
    """

    role: Role
    start: float
    end: float
    text: str = ""


def turns_of(caller: Sequence[Stretch], agent: Sequence[Stretch], words: Sequence[Words]) -> list[Said]:
    """The turns of both sides, by when they began.

    Stretches of one side are one turn until the other begins, or is silent for long. What is written down is
    put to the turn that it overlaps most, or that is nearest; a line without any sound near is a turn of its
    own.

    Args:
        caller: the caller's speech.
        agent: the agent's.
        words: what was said, in order.
    """
    heard = {"user": _joined(caller), "agent": _joined(agent)}
    sides: tuple[tuple[Role, Role], ...] = (("user", "agent"), ("agent", "user"))
    both = [
        Said(role, each.start, each.end)
        for role, other in sides
        for each in heard[role]
        if not _is_backchannel(each, heard[other])
    ]
    turns: list[Said] = []
    for said in sorted(both, key=lambda each: each.start):
        before = turns[-1] if turns else None
        if before is not None and before.role == said.role and said.start - before.end <= PAUSE:
            turns[-1] = replace(before, end=max(before.end, said.end))
        else:
            turns.append(said)
    for line in words:
        _put(line, turns)
    return sorted(turns, key=lambda each: each.start)


def _put(line: Words, turns: list[Said]) -> None:
    end = line.start if line.end is None else line.end
    own = [n for n, turn in enumerate(turns) if line.role in (None, turn.role)]
    # The nearest has the least between the two; where they overlap that is negative.
    apart = {n: max(turns[n].start - end, line.start - turns[n].end) for n in own}
    nearest = min(own, key=lambda n: apart[n], default=None)
    if nearest is not None and apart[nearest] <= NEAR:
        turn = turns[nearest]
        turns[nearest] = replace(turn, text=f"{turn.text} {line.text}".strip())
    elif line.role is not None:
        turns.append(Said(line.role, line.start, end, line.text))


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for each in stretches:
        if found and each.start - found[-1].end <= JOIN:
            found[-1] = Stretch(found[-1].start, each.end)
        else:
            found.append(each)
    return found


def _is_backchannel(said: Stretch, other: Sequence[Stretch]) -> bool:
    if said.end - said.start > BACKCHANNEL:
        return False
    return any(each.start < said.start and said.end + GOES_ON < each.end for each in other)
