"""The way out: messages to the service, noted before they are sent."""

from __future__ import annotations

import contextlib
from collections import deque

from voicenb.errors import SessionNotOpen
from voicenb.protocol import messages as m
from voicenb.protocol.codec import encode, record_of
from voicenb.session.encodable import encodable
from voicenb.session.events import EventLog
from voicenb.session.floor import Floor
from voicenb.session.microphone import RATE
from voicenb.session.transport import ConnectionClosed, Transport

OF_LATE = 60.0
"""Seconds back for which it is known how much of the caller's sound was sent."""


class Wire:
    """Sends messages.

    Args:
        floor: hears of each message before it is sent, and refuses what must not be.
        log: keeps it.

    Attributes:
        transport: the open connection, or None.
    """

    def __init__(self, floor: Floor, log: EventLog) -> None:
        self.transport: Transport | None = None
        self._floor = floor
        self._log = log
        self._sound: deque[tuple[float, int]] = deque()  # of late: when, and how many samples

    @property
    def in_doubt(self) -> bool:
        """Whether nobody knows if what is sent now arrives."""
        return bool(getattr(self.transport, "in_doubt", False))

    async def send(self, message: m.ClientMessage, *, pcm: bytes | None = None) -> None:
        """Send a message.

        Args:
            message: the message.
            pcm: the audio in it, PCM16 at 24 kHz, for the recording.

        Raises:
            SessionNotOpen: this is not the time for it, or there is no connection.
            InvalidConfiguration: the service would refuse it, or it is no JSON; nothing was sent.
            ConnectionClosed: the other side has gone.
        """
        transport = self.transport
        if transport is None:
            raise SessionNotOpen(f"{message.type} cannot be sent: the session is {self._floor.state}.")
        with encodable(message.type):  # what cannot be sent must not be noted as sent
            frame = encode(message)
        # Of a connection that is held elsewhere (``Mirrored``); asked of every frame, so not by its type.
        travel: float = getattr(transport, "travel", 0.0)
        at = round(self._log.now() + travel, 6)
        self._floor.conversation.send(message, at)
        record = record_of(message) if pcm is None else {"type": message.type}
        self._log.put("out", message.type, record, at=at, pcm=pcm)
        self._floor.show()
        if pcm is not None:
            self._remember(pcm, at)
        await transport.send(frame)

    def _remember(self, pcm: bytes, at: float) -> None:
        self._sound.append((at, len(pcm) // 2))
        while self._sound[0][0] < at - OF_LATE:
            self._sound.popleft()

    def sound_since(self, at: float) -> float:
        """Seconds of the caller's sound that were sent since then, as far back as :data:`OF_LATE`."""
        return sum(samples for sent, samples in self._sound if sent > at) / RATE

    def note(self, pcm: bytes, at: float) -> None:
        """Note sound of the caller's that was sent elsewhere: whatever is the state by now, it went out.

        Args:
            pcm: PCM16 at 24 kHz.
            at: when, in the engine's seconds.
        """
        self._remember(pcm, at)
        message = m.InputAudio(audio=b"")
        with contextlib.suppress(SessionNotOpen):
            self._floor.conversation.send(message, at)
        self._log.put("out", message.type, {"type": message.type}, at=at, pcm=pcm)
        self._floor.show(at)

    async def say(self, message: m.ClientMessage) -> None:
        """Send a message for somebody who knows nothing of connections.

        Raises:
            SessionNotOpen: as above, and when the other side has gone.
            InvalidConfiguration: as above.
        """
        try:
            await self.send(message)
        except ConnectionClosed:
            raise SessionNotOpen(f"{message.type} was not sent: the connection is lost.") from None
