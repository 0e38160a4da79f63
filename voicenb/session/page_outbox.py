"""What waits to go to the page: bounded, and emptied at once when the agent falls silent."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

Message = dict[str, Any] | bytes

MOST = 60 * 48_000
"""Bytes of audio that may wait: a minute. A page that does not take them is beyond help."""


class Outbox:
    """Messages in order; audio can be forgotten, text cannot.

    Args:
        dropped: takes each message of audio that is left out for want of room.
    """

    def __init__(self, dropped: Callable[[bytes], object]) -> None:
        self._dropped = dropped
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()

    def put(self, message: Message, *, first: bool = False) -> None:
        """Add a message behind the others, or in front of them."""
        if first:
            self._waiting.appendleft(message)
            self._filled.set()
            return
        if isinstance(message, bytes):
            self._bytes += len(message)
            while self._bytes > MOST and self._forget_oldest():
                pass
        self._waiting.append(message)
        self._filled.set()

    def _forget_oldest(self) -> bool:
        """Leave out the oldest audio; whether there was any."""
        for place, waiting in enumerate(self._waiting):
            if isinstance(waiting, bytes):
                self._bytes -= len(waiting)
                del self._waiting[place]
                self._dropped(waiting)
                return True
        return False

    def flush(self, message: Message) -> None:
        """Forget the audio that waits and put ``message`` in front of everything."""
        self._waiting = deque(waiting for waiting in self._waiting if not isinstance(waiting, bytes))
        self._bytes = 0
        self.put(message, first=True)

    def take_texts(self) -> list[Message]:
        """Everything but the audio, which is forgotten; nothing waits any more."""
        texts: list[Message] = [waiting for waiting in self._waiting if not isinstance(waiting, bytes)]
        self._waiting.clear()
        self._bytes = 0
        return texts

    async def get(self) -> Message:
        """The next message."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        message = self._waiting.popleft()
        if isinstance(message, bytes):
            self._bytes -= len(message)
        return message
