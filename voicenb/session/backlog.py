"""The backlog: what the caller says while there is no connection."""

from __future__ import annotations

from collections import deque
from typing import Protocol, runtime_checkable

from voicenb.session.microphone import RATE

ROOM = 9.0
"""Seconds that are kept. They are sent in one burst, and the service forgives a burst of about ten: it drops
what comes faster than real time beyond that."""


class Backlog:
    """Keeps the caller's frames in order until they can be sent, each once; PCM16 mono at 24 kHz.

    Of a gap that is longer than :data:`ROOM` the latest part is kept: it is what the caller still wants to be
    answered.
    """

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._left_out = 0  # bytes

    @property
    def seconds(self) -> float:
        """How much waits."""
        return self._bytes / 2 / RATE

    @property
    def left_out(self) -> float:
        """Seconds for which there was no room, in all."""
        return self._left_out / 2 / RATE

    def put(self, frame: bytes) -> None:
        """A frame of the microphone's."""
        self._frames.append(frame)
        self._bytes += len(frame)
        while self._bytes > ROOM * RATE * 2:
            self._left_out += len(self.take() or b"")

    def take(self) -> bytes | None:
        """The next frame to send; None where none waits."""
        if not self._frames:
            return None
        frame = self._frames.popleft()
        self._bytes -= len(frame)
        return frame


class BacklogElsewhere(Backlog):
    """One that is kept, and sent, by whoever holds the connection; here it is only told of."""

    def __init__(self) -> None:
        super().__init__()
        self._told = 0.0
        self._told_left_out = 0.0

    @property
    def seconds(self) -> float:
        """How much waited, when that was told last."""
        return self._told

    @property
    def left_out(self) -> float:
        """Seconds for which there was no room, in all."""
        return self._told_left_out

    def told(self, seconds: float, left_out: float) -> None:
        """Take word of it.

        Args:
            seconds: how much waits.
            left_out: seconds for which there was no room, since that was told last.
        """
        self._told = seconds
        self._told_left_out += left_out


@runtime_checkable
class Keeping(Protocol):
    """A microphone that keeps by itself what is said while there is no connection."""

    @property
    def backlog(self) -> Backlog:
        """What it keeps."""
        ...
