"""Which part of a call is meant: seconds, or a turn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from voicenb.errors import InvalidConfiguration
from voicenb.recording.layout import RATE

if TYPE_CHECKING:
    from voicenb.recording.excerpt import Excerpt
    from voicenb.recording.recording import Recording

AROUND = 0.5
"""Seconds to either side of a turn that are shown with it."""


@runtime_checkable
class TurnLike(Protocol):
    """A row of ``vn.turns``."""

    @property
    def start(self) -> float | None:
        """When it began, in the engine's seconds."""
        ...

    @property
    def end(self) -> float | None:
        """When it was over."""
        ...

    @property
    def decided(self) -> float | None:
        """When the service said that it was over."""
        ...

    @property
    def transcription_delay(self) -> float | None:
        """Seconds from its end until its words came."""
        ...

    @property
    def replies(self) -> Sequence[str]:
        """Ids of the replies to it."""
        ...


def part_of(call: Recording, part: slice | TurnLike) -> Excerpt:
    """That part of a call; see :meth:`voicenb.Recording.__getitem__`.

    Raises:
        InvalidConfiguration: it is none.
    """
    from voicenb.recording.excerpt import Excerpt

    if isinstance(part, slice):
        begin, end = _seconds(call, part)
    elif isinstance(part, TurnLike):
        begin, end = _around(call, part)
    else:
        raise InvalidConfiguration(
            f"call[{part!r}] is no part of the call.",
            remedy="Give seconds, as in call[10:25], a row of vn.turns(call), or a number to call.turn(3).",
            param="part",
        )
    return Excerpt(call, begin, end)


def _seconds(call: Recording, part: slice) -> tuple[float, float]:
    length = call.duration
    given = (part.start, part.stop, part.step)
    if part.step is not None or not all(_is_number(each) for each in given if each is not None):
        raise InvalidConfiguration(
            f"call[{':'.join('' if each is None else str(each) for each in given)}] is no part of the call.",
            remedy="Give seconds, as in call[10:25].",
            param="part",
        )
    begin, end = (
        default if each is None else min(length, max(0.0, each + length if each < 0 else each))
        for each, default in ((part.start, 0.0), (part.stop, length))
    )
    if begin >= end:
        raise InvalidConfiguration(
            f"There is nothing between {begin:g} s and {end:g} s; the call lasts {length:.1f} s.",
            remedy="Give seconds inside it, the first before the second.",
            param="part",
        )
    return float(begin), float(end)


def _around(call: Recording, turn: TurnLike) -> tuple[float, float]:
    start = turn.decided if turn.start is None else turn.start
    end = turn.decided if turn.end is None else turn.end
    if start is None or end is None:
        raise InvalidConfiguration(
            "Of this turn there is no sound: nothing tells when it was.",
            remedy="Give seconds, as in call[10:25].",
            param="part",
        )
    words = end if turn.end is None else turn.end + (turn.transcription_delay or 0.0)
    end = max(end, turn.decided or end, words)
    for reply in turn.replies:
        end = max(end, _heard_until(call, reply))
    return max(0.0, start - AROUND), min(call.duration, end + AROUND)


def _heard_until(call: Recording, reply_id: str) -> float:
    """When the last sample of a reply had been heard; 0 where none was."""
    runs = call.sound(reply_id)
    ends = [
        (on_clock + count) / RATE
        for first, count, on_clock in call.heard_pieces()
        if any(place <= first < place + length for _, place, length in runs)
    ]
    return max(ends, default=0.0)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
