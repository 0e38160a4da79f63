"""What of the agent's voice was played, and when; and what was received and never was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from voicenb.recording.layout import RATE, JSONObject

if TYPE_CHECKING:
    from voicenb.protocol.replies import Reply

SEAM = 0.005
"""Seconds that two notes may be apart and be one stretch: clocks are compared anew meanwhile."""

Why = Literal["flushed", "lost", "not yet", "unknown"]


@dataclass(frozen=True, slots=True)
class Played:
    """A stretch of a reply that was played without a pause, by the heard clock.

    Attributes:
        reply_id: the reply.
        first: its first sample, counted in the reply at 24 kHz.
        last: the one after its last sample.
        start: when ``first`` was heard, in the engine's seconds.
        uncertainty: seconds that this may be off; None where nobody tells.
        flushed: when the client fell silent in the middle of the reply (wire), where this is the last that
            was heard of it; None where it was not cut off.
    """

    reply_id: str
    first: int
    last: int
    start: float
    uncertainty: float | None = None
    flushed: float | None = None

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.last - self.first) / RATE

    @property
    def end(self) -> float:
        """When its last sample had been heard."""
        return self.start + self.seconds


@dataclass(frozen=True, slots=True)
class Unplayed:
    """A stretch of a reply that was received and never played.

    Attributes:
        reply_id: the reply.
        first: its first sample, counted in the reply at 24 kHz.
        last: the one after its last sample.
        why: ``"flushed"`` (the reply was cut off), ``"lost"`` (the page had gone, or the way to it was full),
            ``"not yet"`` (the call runs, or ended meanwhile), or ``"unknown"``.
    """

    reply_id: str
    first: int
    last: int
    why: Why

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.last - self.first) / RATE


def played(notes: Iterable[JSONObject], flushes: Mapping[str, float]) -> list[Played]:
    """Heard notes as stretches.

    Args:
        notes: the ``heard`` events; one that says nothing is left out.
        flushes: by reply, when it was cut off.

    Returns:
        By time.
    """
    found: list[Played] = []
    newest: dict[str, int] = {}  # where in that the last of a reply is
    for event in notes:
        note = _note(event)
        if note is None:
            continue
        number = newest.get(note.reply_id)
        before = None if number is None else found[number]
        if before is not None and before.last == note.first and abs(before.end - note.start) <= SEAM:
            found[number] = replace(before, last=note.last, uncertainty=_worse(before, note))  # type: ignore[index]
            continue
        newest[note.reply_id] = len(found)
        found.append(note)
    for reply_id, number in newest.items():
        if reply_id in flushes:
            found[number] = replace(found[number], flushed=flushes[reply_id])
    return sorted(found, key=lambda each: each.start)


def unplayed(replies: Iterable[Reply], stretches: Iterable[Played], *, over: bool) -> list[Unplayed]:
    """What was received of these replies and is in none of these stretches, in order.

    Args:
        replies: all.
        stretches: what was played.
        over: whether the call is.
    """
    heard: dict[str, list[Played]] = {}
    for stretch in stretches:
        heard.setdefault(stretch.reply_id, []).append(stretch)
    found: list[Unplayed] = []
    for reply in replies:
        reached = 0
        for stretch in sorted(heard.get(reply.reply_id, ()), key=lambda each: each.first):
            if stretch.first > reached:
                found.append(Unplayed(reply.reply_id, reached, stretch.first, _why(reply, reached, over)))
            reached = max(reached, stretch.last)
        if reached < reply.samples:
            found.append(Unplayed(reply.reply_id, reached, reply.samples, _why(reply, reached, over)))
    return found


def _why(reply: Reply, first: int, over: bool) -> Why:
    if first < reply.lost:
        return "lost"
    if reply.interrupted:
        return "flushed"
    return "not yet" if not over or reply.abandoned else "unknown"


def _note(event: JSONObject) -> Played | None:
    fields = event.get("msg") or event
    try:
        first, last = int(fields["from"]), int(fields["to"])
        start = float(fields["t"] if "t" in fields else event["t"])
    except (KeyError, TypeError, ValueError):
        return None
    doubt = fields.get("uncertainty")
    uncertainty = doubt if isinstance(doubt, int | float) else None
    return Played(str(fields.get("reply_id") or ""), first, last, start, uncertainty)


def _worse(one: Played, other: Played) -> float | None:
    if one.uncertainty is None or other.uncertainty is None:
        return None
    return max(one.uncertainty, other.uncertainty)
