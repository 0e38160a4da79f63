"""What an engine speaks with: the Speaker protocol and its notes of what was heard, and how loud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of a reply that was played.

    Attributes:
        reply_id: the reply.
        start: first sample played, counted from the reply's first sample (24 kHz).
        stop: one past the last sample played.
        at: when ``start`` was heard, in seconds of the engine's loop.
        uncertainty: how far ``at`` may be off, in seconds; 0 where the clock is the loop's own.
    """

    reply_id: str
    start: int
    stop: int
    at: float
    uncertainty: float = 0.0


@dataclass(frozen=True, slots=True)
class Unheard:
    """A stretch of a reply that was to be played and never will be: its page has gone, or takes nothing.

    Attributes:
        reply_id: the reply.
        start: its first sample, counted from the reply's first (24 kHz).
        stop: one past its last.
        at: since when that is known, in seconds of the engine's loop.
    """

    reply_id: str
    start: int
    stop: int
    at: float


@dataclass(frozen=True, slots=True)
class Ducked:
    """From now on the voice is heard with another gain.

    Attributes:
        gain: 1 is as loud as it came.
        at: when the change began to be heard, in seconds of the engine's loop.
        uncertainty: how far ``at`` may be off, in seconds; 0 where the clock is the loop's own.
    """

    gain: float
    at: float
    uncertainty: float = 0.0


Note = Callable[[Heard | Unheard | Ducked], None]


class Speaker(Protocol):
    """A sink for the agent's voice. All methods are called on the engine's loop and return at once."""

    @property
    def label(self) -> str:
        """What the recording calls it, e.g. ``"captured"``."""
        ...

    @property
    def audible(self) -> bool:
        """Whether there is sound left to play."""
        ...

    def open(self, note: Note) -> None:
        """Begin; ``note`` takes what was heard, as it was heard, and what got lost on the way."""
        ...

    def play(self, reply_id: str, pcm: bytes) -> None:
        """Queue sound of a reply: PCM16 mono at 24 kHz."""
        ...

    def done(self, reply_id: str) -> None:
        """No more sound of that reply follows."""
        ...

    def flush(self) -> None:
        """Fall silent at once and forget what is queued.

        What was heard until now is noted before this returns; by a speaker elsewhere, when word of it comes.
        """
        ...

    def close(self) -> None:
        """End; notes what was heard last."""
        ...


@runtime_checkable
class Duckable(Protocol):
    """A speaker that can be made quieter, as ``barge_in="duck"`` needs it."""

    def duck(self, gain: float) -> None:
        """Play with this gain from now on, until another one is set; a flush sets none.

        It is noted (:class:`Ducked`) when it begins to be heard.
        """
        ...


@runtime_checkable
class FlushesItself(Protocol):
    """A speaker that hears the service first, and falls silent by itself."""

    def wait_for_interruption(self, waits: bool) -> None:
        """Fall silent at interrupted replies only (``barge_in="wait"``), or at the speech start as well."""
        ...
