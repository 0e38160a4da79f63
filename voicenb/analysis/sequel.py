"""Which turn of the caller's followed when the agent gave way: what it stopped for, if for anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.measure import YIELDED

NO_TURN = 2.0
"""Seconds of silence after the agent has stopped in which no words came: it stopped for nothing."""


class Candidate(Protocol):
    """A turn of the caller's."""

    @property
    def decided(self) -> float | None:
        """When it was decided, in the engine's seconds (wire)."""
        ...

    @property
    def replies(self) -> Sequence[str]:
        """The replies to it."""
        ...


T = TypeVar("T", bound=Candidate)


def sequel(
    reply_id: str, began: float, silent: float, turns: Iterable[tuple[T, float]], said: Sequence[Speech]
) -> tuple[T | None, float]:
    """The turn that followed, and until when one could have begun.

    The turn which the reply answers, and whatever was decided before any of the reply was heard, is not it.

    Args:
        reply_id: the reply that gave way.
        began: when its first audible sample was heard, in the engine's seconds.
        silent: when its last sample was heard.
        turns: the caller's turns in order, each with its beginning.
        said: all of the caller's speech.

    Returns:
        The turn, or None, and the end of the time that it had for it. That runs in silence only: speech that
        goes on may still become words.
    """
    spoken = [each for each in said if each.end > silent]
    quiet = spoken[0].end if spoken and spoken[0].start <= silent + NO_TURN else silent
    until = quiet + NO_TURN
    for turn, begin in turns:
        if turn.decided is None or turn.decided <= began or reply_id in turn.replies:
            continue
        if turn.decided >= silent - YIELDED:
            return (turn if begin <= until else None), until
    return None, until
