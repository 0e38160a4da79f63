"""The way out to one client: stamped JSON events in the order in which they were said."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.websockets import WebSocketDisconnect

from voicenb.emulator.clock import Stamps
from voicenb.emulator.json_text import json_text

Send = Callable[[dict[str, Any]], Awaitable[None]]
Frame = str | bytes | tuple[int, str] | None
"""A text, a binary frame, a close code with its reason, or an end without one."""

LONGEST_REASON = 123
"""Bytes; a close frame has room for no more."""

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
        said: told of the type of each message that was said to somebody.
        lag: asked by how many seconds what is said now is held back.
        held_until: when the last that was held back goes out, in the loop's seconds.
    """

    def __init__(self, stamps: Stamps, stalled: Callable[[], None]) -> None:
        self._stamps = stamps
        self._stalled = stalled
        self._frames: asyncio.Queue[tuple[float, Frame]] = asyncio.Queue()  # with when they may go
        self._closing = False
        self._cut = False
        self.gone = False
        self.overhear: Callable[[bytes, float], None] | None = None
        self.overhear_hush: Callable[[float], None] | None = None
        self.said: Callable[[str], None] | None = None
        self.lag: Callable[[], float] | None = None
        self.held_until = 0.0

    def emit(self, kind: str, **fields: Any) -> None:
        """Queue one event; after `close` it is dropped."""
        put = self.put(json_text({"type": kind, **fields, "timestamp": self._stamps.now()}))
        if put and self.said is not None:
            self.said(kind)

    def emit_audio(self, reply_id: str, sound: bytes, heard_at: float = 0.0) -> None:
        """Queue one ``reply.audio``: the commonest event, written by hand because it is."""
        if self.overhear is not None and not self._to_nobody:
            self.overhear(sound, heard_at)
        data = b64encode(sound).decode("ascii")
        put = self.put(
            f'{{"type":"reply.audio","reply_id":"{reply_id}","data":"{data}","timestamp":{self._stamps.now()!r}}}'
        )
        if put and self.said is not None:
            self.said("reply.audio")

    def hush(self, moment: float) -> None:
        """What was sent of a reply's sound, and was to be heard from that moment on, is not."""
        if self.overhear_hush is not None:
            self.overhear_hush(moment)

    def close(self, code: int, reason: str = "") -> None:
        """Close after what is queued."""
        if not self._closing:
            self._closing = True
            self._queue((code, reason.encode()[:LONGEST_REASON].decode(errors="ignore")))

    def cut(self) -> None:
        """Behind what is queued, stop sending: the connection is to go without a close frame."""
        if not self._to_nobody:
            self._cut = True
            self._queue(None)

    def put(self, frame: str | bytes) -> bool:
        """Queue a frame as it is; after `close` it is dropped. Returns whether it was queued."""
        if self._to_nobody:
            return False
        if self._frames.qsize() >= LONGEST_QUEUE:
            self.lose()
            self._stalled()
            return False
        self._queue(frame)
        return True

    @property
    def _to_nobody(self) -> bool:
        """Whether nobody gets what is said now."""
        return self._closing or self._cut or self.gone

    def _queue(self, frame: Frame) -> None:
        lag = 0.0 if self.lag is None else self.lag()
        due = asyncio.get_running_loop().time() + lag if lag else 0.0
        self.held_until = max(self.held_until, due)
        self._frames.put_nowait((due, frame))

    def lose(self) -> None:
        """The client has gone, and with it what was still to be sent."""
        self.gone = True
        self._frames = asyncio.Queue()

    def find(self) -> None:
        """The client is back, on another connection; nothing of the last one waits for it."""
        self.gone = self._cut = False
        self._frames = asyncio.Queue()

    async def run(self, send: Send) -> None:
        """Send until closed or until the client has gone.

        Args:
            send: ASGI's.
        """
        try:
            while True:
                due, frame = await self._frames.get()
                if due and (wait := due - asyncio.get_running_loop().time()) > 0:
                    await asyncio.sleep(wait)
                if frame is None:
                    return
                if isinstance(frame, tuple):
                    code, reason = frame
                    await send({"type": "websocket.close", "code": code, "reason": reason})
                    return
                await send({"type": "websocket.send", "text" if isinstance(frame, str) else "bytes": frame})
        except (OSError, WebSocketDisconnect):
            # The client has gone: the reader hears of it too and ends the session.
            self.gone = True
