"""The seam under the engine: a connection that carries text frames.

The web and in-memory ASGI fill it, and a socket that a browser's page holds.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from voicenb.service.address import Address


class ConnectionClosed(Exception):
    """The connection is over; ``code`` and ``reason`` are the close frame's.

    Attributes:
        silent: seconds for which the other side had given no sign of life; 0 where it closed by itself.
    """

    def __init__(self, code: int, reason: str = "", silent: float = 0.0) -> None:
        super().__init__(f"closed with {code} {reason}".strip())
        self.code = code
        self.reason = reason
        self.silent = silent


SILENT = 4006
"""The code with which somebody who holds a connection tells that its other side gave no sign of life any
more; the reason says for how many seconds."""


DOUBT, SURE = b"\x00in doubt", b"\x00sure"
"""Frames with which somebody who holds a connection tells that nobody knows any more if what is sent arrives,
and that it does again. No service sends such a frame, for none begins with this byte."""


def without_life(seconds: float) -> ConnectionClosed:
    """The other side has given no sign of life for so long, and was given up."""
    return ConnectionClosed(1006, f"no sign of life for {seconds:.0f} s", silent=seconds)


def told_closed(code: int, reason: str) -> ConnectionClosed:
    """What somebody who holds a connection tells of its end."""
    if code == SILENT:
        with contextlib.suppress(ValueError):  # the service's own words for a code of its own
            return without_life(float(reason))
    return ConnectionClosed(code, reason)


class Transport(Protocol):
    """One open connection to a service."""

    async def send(self, frame: str) -> None:
        """Send one text frame.

        Raises:
            ConnectionClosed: the other side has gone.
        """
        ...

    async def receive(self) -> str | bytes:
        """The next frame.

        Raises:
            ConnectionClosed: the other side has gone.
        """
        ...

    async def close(self, code: int = 1000) -> None:
        """Close the connection; never raises, may be called twice."""
        ...


@dataclass(frozen=True, slots=True)
class Stamped:
    """A frame that came in elsewhere, in the loop's second ``at``."""

    frame: str | bytes
    at: float


@dataclass(frozen=True, slots=True)
class SoundSent:
    """Sound of the caller's (PCM16, 24 kHz) that went out elsewhere, in the loop's second ``at``."""

    pcm: bytes
    at: float


@runtime_checkable
class Mirrored(Transport, Protocol):
    """A connection that somebody else holds, who sends the caller's sound by itself.

    What it did and when is told in the order in which it happened; no ``input.audio`` is given to it.
    """

    @property
    def travel(self) -> float:
        """Seconds, as far as is known, until what is sent here goes out there."""
        ...

    async def receive_mirrored(self) -> Stamped | SoundSent:
        """The next thing that happened.

        Raises:
            ConnectionClosed: the other side has gone.
        """
        ...


Connect = Callable[[Address], Awaitable[Transport]]
"""Opens a transport; raises ``ServiceUnreachable`` when nothing answers."""
