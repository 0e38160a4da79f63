"""The seam under the engine: a connection that carries text frames; web and in-memory ASGI fill it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from voicenb.service.address import Address


class ConnectionClosed(Exception):
    """The connection is over; ``code`` and ``reason`` are the close frame's."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"closed with {code} {reason}".strip())
        self.code = code
        self.reason = reason


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


Connect = Callable[[Address], Awaitable[Transport]]
"""Opens a transport; raises ``ServiceUnreachable`` when nothing answers."""
