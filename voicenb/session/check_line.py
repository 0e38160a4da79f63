"""The other end of a sound check: a service that plays tones, listens, and costs nothing.

It speaks as much of the API as a session needs. What is heard is measured by nobody here: the recording that
the session makes has it all.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from voicenb.audio.chirp import LENGTH, chirp
from voicenb.audio.pcm import RATE, to_pcm
from voicenb.service.address import ANY_KEY, Address
from voicenb.session.loop_thread import LoopThread

HUSH = "Sound check. Please say nothing until you have heard five tones."
SPEAK = "Thank you. Now say a sentence or two, as you would in a call."

HEARD = bytes(2 * round(0.1 * RATE))
"""Silence, so that what is shown with it counts as heard."""

CHUNK = 0.04
"""Seconds of sound in a message."""

LEAD = 0.4
"""Seconds by which sound is sent ahead, so that none is missing where it is played."""

Send = Callable[[str], Awaitable[None]]
Receive = Callable[[], Awaitable[str | None]]
"""The next frame; None when the client has gone."""


@dataclass(frozen=True, slots=True)
class Course:
    """How long what takes, in seconds.

    Attributes:
        quiet: silence before the first tone, from the microphone's first frame on.
        tones: how many.
        gap: silence behind each, in which it may come back.
        speech: time to speak.
    """

    quiet: float = 2.5
    tones: int = 5
    gap: float = 0.55
    speech: float = 5.0

    @property
    def seconds(self) -> float:
        """All of it, at least."""
        return self.quiet + self.tones * (LENGTH + self.gap) + self.speech

    def sound(self) -> bytes:
        """Silence and tones, PCM16 at 24 kHz."""
        gap = bytes(2 * round(self.gap * RATE))
        return bytes(2 * round(self.quiet * RATE)) + (to_pcm(chirp()) + gap) * self.tones


class CheckLine:
    """A service (see :class:`voicenb.service.address.Service`) for one session.

    As an ASGI app it is there without a socket; :meth:`listen` opens one on loopback, for a session in
    another process.

    Args:
        course: how long what takes.

    Attributes:
        over: set when all has been played and listened to, or the client has gone.
    """

    def __init__(self, course: Course | None = None) -> None:
        self.course = course or Course()
        self.over = threading.Event()
        self._thread = LoopThread("voicenb-check")
        self._server: Any = None

    def address(self) -> Address:
        """Where it is; port 0 while it listens nowhere."""
        port = 0 if self._server is None else self._server.sockets[0].getsockname()[1]
        return Address(f"ws://127.0.0.1:{port}/v1/ws", key=ANY_KEY, brain="sound check")

    def listen(self) -> None:
        """Open a socket on loopback.

        Raises:
            OSError: there is none to be had.
        """
        self._server = self._thread.submit(self._serve()).result(10)

    def close(self) -> None:
        """Close the socket; may be called twice."""
        server, self._server = self._server, None
        if server is not None:
            self._thread.submit(_closed(server)).result(10)
            self._thread.stop()

    async def _serve(self) -> Any:
        from websockets.asyncio.server import ServerConnection, serve
        from websockets.exceptions import ConnectionClosed

        async def answer(connection: ServerConnection) -> None:
            async def receive() -> str | None:
                try:
                    return str(await connection.recv())
                except ConnectionClosed:
                    return None

            async def send(frame: str) -> None:
                try:
                    await connection.send(frame)
                except ConnectionClosed:
                    return

            await self._converse(send, receive)

        return await serve(answer, "127.0.0.1", 0)

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """The same in memory, as an ASGI app."""
        del scope
        await receive()
        await send({"type": "websocket.accept"})

        async def heard() -> str | None:
            message = await receive()
            return message.get("text") if message["type"] == "websocket.receive" else None

        async def tell(frame: str) -> None:
            await send({"type": "websocket.send", "text": frame})

        await self._converse(tell, heard)
        await send({"type": "websocket.close", "code": 1000})

    # --- the conversation ---

    async def _converse(self, send: Send, receive: Receive) -> None:
        loop = asyncio.get_running_loop()
        began, performance = loop.time(), None
        try:
            while (frame := await receive()) is not None:
                message = json.loads(frame)
                match message.get("type"):
                    case "session.update":
                        known = "session.updated" if performance else "session.ready"
                        await _tell(send, known, session_id="sound-check", config=message.get("session"))
                    case "input.audio" if performance is None:
                        performance = loop.create_task(self._perform(send))
                    case "session.end":
                        seconds = loop.time() - began
                        await _tell(send, "session.ended", session_duration_seconds=seconds)
                        return
                    case _:
                        pass
        finally:
            if performance is not None:
                performance.cancel()
            self.over.set()

    async def _perform(self, send: Send) -> None:
        await self._say(send, "hush", HUSH, self.course.sound())
        await self._say(send, "speak", SPEAK, HEARD)
        await asyncio.sleep(self.course.speech)
        self.over.set()

    async def _say(self, send: Send, reply: str, text: str, pcm: bytes) -> None:
        """Show a text, and play sound at real time; returns when it has been played, but for the way."""
        loop = asyncio.get_running_loop()
        began, size = loop.time(), 2 * round(CHUNK * RATE)
        await _tell(send, "reply.started", reply_id=reply, item_id=reply)
        times = {"start_ms": 0, "end_ms": 1}
        await _tell(send, "transcript.agent.delta", reply_id=reply, item_id=reply, delta=text, **times)
        for at in range(0, len(pcm), size):
            await asyncio.sleep(max(0.0, began + at / 2 / RATE - LEAD - loop.time()))
            data = base64.b64encode(pcm[at : at + size]).decode()
            await _tell(send, "reply.audio", reply_id=reply, data=data)
        await asyncio.sleep(max(0.0, began + len(pcm) / 2 / RATE - loop.time()))
        await _tell(send, "transcript.agent", reply_id=reply, item_id=reply, text=text, interrupted=False)
        await _tell(send, "reply.done", reply_id=reply, status="completed")


async def _tell(send: Send, kind: str, **fields: Any) -> None:
    await send(json.dumps({"type": kind, **fields}))


async def _closed(server: Any) -> None:
    server.close()
    await server.wait_closed()
