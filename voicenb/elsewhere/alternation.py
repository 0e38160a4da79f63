"""Who spoke when, and whose turn it was, from the sound of both sides alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from voicenb.elsewhere.words import Role, Words
from voicenb.turn_taking.backchannel import is_backchannel
from voicenb.turn_taking.segmenter import Stretch

JOIN = 0.5
"""Seconds; a shorter silence does not part what one side says."""

PAUSE = 5.0
"""Seconds; after a longer silence the same side's speech is another turn (as in ``vn.turns``)."""

BACKCHANNEL = 1.0
"""Seconds; what is no longer, and said while the other goes on speaking, takes no turn."""

GOES_ON = 0.5
"""Seconds that the other must speak on behind it."""

AT_ONCE = 0.5
"""Seconds behind the caller's onset within which an agent that begins cannot have heard it in time: it spoke
into the silence before."""

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
        beside: whether the other spoke on all the while. Of the agent's, it answers nothing, and the
            caller's turn is one; of the caller's, it is a mere "mm-hm", which waits for no answer.
    """

    role: Role
    start: float
    end: float
    text: str = ""
    beside: bool = False


def turns_of(caller: Sequence[Stretch], agent: Sequence[Stretch], words: Sequence[Words]) -> list[Said]:
    """The turns of both sides, by when they took the floor.

    Stretches of one side are one turn until the other begins, or is silent for long. What is written down is
    put to the turn that it overlaps most, or that is nearest; a line without any sound near is a turn of its
    own, without sound.

    Whatever the agent says is told, however short. Where the caller speaks on over it, the sound in front
    tells what it was. An agent that begins in a silence of more than :data:`JOIN`, or within :data:`AT_ONCE`
    behind its end, took the caller for done: that parts the caller's turn, and the utterance belongs to the
    part before. One that begins later, into running speech, parts nothing: it stands :attr:`Said.beside` the
    caller's turn, as a "mm-hm" does. A short word of the caller's over the agent takes no turn; it stays in
    the sound, and is told beside where a line says what it was.

    Args:
        caller: the caller's speech.
        agent: the agent's.
        words: what was said, in order.
    """
    callers, agents = _joined(caller), _joined(agent)
    passing = [each for each in callers if _is_in_between(each, agents)]
    spoken = [Said("user", each.start, each.end) for each in callers if each not in passing]
    placed = [_placed(each, callers) for each in agents]
    floor = [at for at, said in placed if not said.beside]
    both = [(said.start, 1, said) for said in _of_caller(spoken, floor)]
    both += [(at, 0, said) for at, said in _of_agent(placed, spoken)]
    both += [(each.start, 1, Said("user", each.start, each.end, beside=True)) for each in passing]
    turns = [said for _, _, said in sorted(both, key=lambda each: each[:2])]
    for line in words:
        _put(line, turns)
    return [turn for turn in turns if turn.text or not _passes(turn)]


def _placed(utterance: Stretch, caller: Sequence[Stretch]) -> tuple[float, Said]:
    """An utterance of the agent's, and when it took the floor: before the speech that it did not hear."""
    said = Said("agent", utterance.start, utterance.end)
    over = next((each for each in caller if each.start < said.start and said.end + GOES_ON < each.end), None)
    if over is None:
        return said.start, said
    if said.start <= over.start + AT_ONCE:
        return over.start, said
    return said.start, replace(said, beside=True)


def _of_caller(spoken: Sequence[Said], floor: Sequence[float]) -> list[Said]:
    """The caller's turns, parted where the agent took the floor."""
    turns: list[Said] = []
    last = -inf  # where the stretch before begins
    for said in spoken:
        taken = any(last < at <= said.start for at in floor)
        if turns and not taken and said.start - turns[-1].end <= PAUSE:
            turns[-1] = replace(turns[-1], end=said.end)
        else:
            turns.append(said)
        last = said.start
    return turns


def _of_agent(placed: Sequence[tuple[float, Said]], spoken: Sequence[Said]) -> list[tuple[float, Said]]:
    """The agent's turns, parted where the caller began, or came to an end."""
    turns: list[tuple[float, Said]] = []
    last = -inf
    for at, said in placed:
        before = turns[-1][1] if turns else None
        if (
            before is None
            or before.beside
            or said.beside
            or said.start - before.end > PAUSE
            or any(last < each.start < at for each in spoken)
            or any(before.end + GOES_ON < each.end <= said.start for each in spoken)
        ):
            turns.append((at, said))
        else:
            turns[-1] = turns[-1][0], replace(before, end=said.end)
        last = at
    return turns


def _put(line: Words, turns: list[Said]) -> None:
    end = line.start if line.end is None else line.end
    # Over a word in between the agent speaks as well: the line must say whose it is.
    own = [n for n, turn in enumerate(turns) if line.role == turn.role or not (line.role or _passes(turn))]
    # The nearest has the least between the two; where they overlap that is negative.
    apart = {n: max(turns[n].start - end, line.start - turns[n].end) for n in own}
    nearest = min(own, key=lambda n: apart[n], default=None)
    if nearest is not None and apart[nearest] <= NEAR:
        turn = turns[nearest]
        text = f"{turn.text} {line.text}".strip()
        wants_floor = _passes(turn) and not is_backchannel(text)
        turns[nearest] = replace(turn, text=text, beside=turn.beside and not wants_floor)
    elif line.role is not None:
        place = next((n for n, turn in enumerate(turns) if turn.start > line.start), len(turns))
        turns.insert(place, Said(line.role, line.start, end, line.text))


def _passes(turn: Said) -> bool:
    """Whether it is the caller's, and takes no turn."""
    return turn.role == "user" and turn.beside


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for each in stretches:
        if found and each.start - found[-1].end <= JOIN:
            found[-1] = Stretch(found[-1].start, each.end)
        else:
            found.append(each)
    return found


def _is_in_between(said: Stretch, other: Sequence[Stretch]) -> bool:
    if said.end - said.start > BACKCHANNEL:
        return False
    return any(each.start < said.start and said.end + GOES_ON < each.end for each in other)
