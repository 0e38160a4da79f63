"""The way out to one client: stamped JSON events in the order in which they were said."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.websockets import WebSocketDisconnect

from voicenb.emulator.clock import Stamps

Send = Callable[[dict[str, Any]], Awaitable[None]]
_encode = msgspec.json.Encoder().encode

LONGEST_QUEUE = 20_000
"""Frames that wait for a client that does not read, before it is given up: more than six minutes of sound."""


class Wire:
    """Queues events and sends them from one task, so that whoever speaks never waits and order is kept.

    Args:
        stamps: gives the timestamps.
        stalled: called when the client is given up. No close could reach it behind what it has not read.

    Attributes:
        gone: the client is not there: what is said now is said to nobody.
        overhear: told of the sound that goes out, and of the moment from which it is heard.
        overhear_hush: told of the moment from which nothing of that is heard any more.
    """

    def __init__(self, stamps: Stamps, stalled: Callable[[], None]) -> None:
        self._stamps = stamps
        self._stalled = stalled
        self._frames: asyncio.Queue[str | tuple[int, str]] = asyncio.Queue()
        self._closing = False
        self.gone = False
        self.overhear: Callable[[bytes, float], None] | None = None
        self.overhear_hush: Callable[[float], None] | None = None

    def emit(self, kind: str, **fields: Any) -> None:
        """Queue one event; after `close` it is dropped."""
        self._put(_encode({"type": kind, **fields, "timestamp": self._stamps.now()}).decode())

    def emit_audio(self, reply_id: str, sound: bytes, heard_at: float = 0.0) -> None:
        """Queue one ``reply.audio``: the commonest event, written by hand because it is."""
        if self.overhear is not None and not (self.gone or self._closing):
            self.overhear(sound, heard_at)
        data = b64encode(sound).decode("ascii")
        self._put(
            f'{{"type":"reply.audio","reply_id":"{reply_id}","data":"{data}","timestamp":{self._stamps.now()!r}}}'
        )

    def hush(self, moment: float) -> None:
        """What was sent of a reply's sound, and was to be heard from that moment on, is not."""
        if self.overhear_hush is not None:
            self.overhear_hush(moment)

    def close(self, code: int, reason: str = "") -> None:
        """Close after what is queued."""
        if not self._closing:
            self._closing = True
            self._frames.put_nowait((code, reason))

    def _put(self, frame: str) -> None:
        if self._closing or self.gone:
            return
        if self._frames.qsize() >= LONGEST_QUEUE:
            self.lose()
            self._stalled()
            return
        self._frames.put_nowait(frame)

    def lose(self) -> None:
        """The client has gone, and with it what was still to be sent."""
        self.gone = True
        self._frames = asyncio.Queue()

    def find(self) -> None:
        """The client is back, on another connection."""
        self.gone = False

    async def run(self, send: Send) -> None:
        """Send until closed or until the client has gone.

        Args:
            send: ASGI's.
        """
        try:
            while True:
                frame = await self._frames.get()
                if isinstance(frame, tuple):
                    code, reason = frame
                    await send({"type": "websocket.close", "code": code, "reason": reason})
                    return
                await send({"type": "websocket.send", "text": frame})
        except (OSError, WebSocketDisconnect):
            # The client has gone: the reader hears of it too and ends the session.
            self.gone = True
