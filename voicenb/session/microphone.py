"""What an engine hears with: the Microphone protocol and the room it is in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from voicenb.protocol.conversation import Conversation

RATE = 24_000
"""Samples per second of everything between microphone, engine and speaker (signed 16-bit, mono)."""

FRAME = 480
"""Samples in a frame of a microphone without a browser: 20 ms."""


class Room(Protocol):
    """What a microphone and a speaker may know of the session that they are in."""

    @property
    def conversation(self) -> Conversation:
        """The conversation as it stands; read, never change."""
        ...

    @property
    def audible(self) -> bool:
        """Whether the agent is heard at this moment: the speaker has sound left to play."""
        ...

    async def changed(self) -> None:
        """Wait for the next message, heard note or change of state."""
        ...


@dataclass(slots=True)
class FrameCount:
    """Frames of a live microphone that did not come as they should.

    Attributes:
        late: came, but later than they should have.
        lost: never came, or had to be left out.
    """

    late: int = 0
    lost: int = 0


@runtime_checkable
class Counting(Protocol):
    """A microphone whose frames can be late or lost."""

    @property
    def count(self) -> FrameCount:
        """The count so far."""
        ...


@runtime_checkable
class Abrupt(Protocol):
    """A microphone that may hang up without a word."""

    @property
    def hung_up(self) -> bool:
        """Whether it has: the line is cut then, and the service is not told that the session is over."""
        ...


class Microphone(Protocol):
    """A source of the caller's voice.

    ``frames`` yields PCM16 mono at 24 kHz at the pace of the loop's clock, from ``session.ready`` on until
    the session ends (the engine then closes the iterator); silence is sent as zeros, not left out. A
    microphone that returns has hung up: the engine ends the session.
    """

    @property
    def label(self) -> str:
        """What the recording calls it, e.g. ``"caller.wav"``."""
        ...

    def frames(self, room: Room) -> AsyncIterator[bytes]:
        """The voice, frame by frame."""
        ...
