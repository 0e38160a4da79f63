"""A service that follows a script: on loopback, or in memory as an ASGI app."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any

from wiretap import TAP

from voicenb.service.address import Address
from voicenb.session.loop_thread import LoopThread

Script = Callable[["Peer"], Awaitable[None]]


class Gone(Exception):
    """The client has closed the connection."""


class Peer:
    """What a script sees of the client."""

    def __init__(
        self,
        receive: Callable[[], Awaitable[str]],
        send: Callable[[str], Awaitable[None]],
        close: Callable[[int, str], Awaitable[None]],
        headers: dict[str, str],
        received: list[dict[str, Any]],
    ) -> None:
        self._receive = receive
        self._send = send
        self.close = close
        self.headers = headers
        self.received = received
        self._back: list[dict[str, Any]] = []
        self._begun = False

    async def get(self) -> dict[str, Any]:
        """The next message, whatever it is."""
        if self._back:
            return self._back.pop()
        frame = await self._receive()
        message = json.loads(frame)
        self.received.append(message)
        if self.headers.get("user-agent") == "voicenb":  # from another process too
            TAP.client(frame, first=not self._begun)
            self._begun = self._begun or message["type"] in ("session.update", "session.resume")
        return message

    async def look(self) -> str:
        """The type of the next message, which stays the next."""
        self._back.append(await self.get())
        return str(self._back[-1]["type"])

    async def refuse(self, code: str = "session_not_found") -> None:
        """Refuse to resume, as the service does."""
        await self.expect("session.resume")
        await self.say("session.error", code=code, message="Session not found or grace window has expired")
        await self.close(1008, "")

    async def expect(self, kind: str) -> dict[str, Any]:
        """The next message of that type; audio may come before it, nothing else."""
        while (message := await self.get())["type"] != kind:
            assert message["type"] == "input.audio", f"{message['type']} instead of {kind}"
        return message

    async def say(self, kind: str, **fields: Any) -> None:
        await self._send(json.dumps({"type": kind, "timestamp": 1790000000.0, **fields}))

    async def ready(self, **config: Any) -> dict[str, Any]:
        """Take the first update and become ready."""
        update = await self.expect("session.update")
        await self.say("session.ready", session_id="sess_1", config={**update["session"], **config})
        return update["session"]

    async def reply(
        self, reply_id: str, text: str, pcm: bytes, *, chunk: int = 4800, status: str | None = "completed"
    ) -> None:
        """A whole reply, its audio as fast as it goes."""
        await self.say("reply.started", reply_id=reply_id, item_id=f"item-{reply_id}")
        for start in range(0, len(pcm), chunk):
            data = base64.b64encode(pcm[start : start + chunk]).decode()
            await self.say("reply.audio", reply_id=reply_id, data=data)
        if status is not None:
            item = f"item-{reply_id}"
            await self.say("transcript.agent", reply_id=reply_id, item_id=item, text=text, interrupted=False)
            await self.say("reply.done", reply_id=reply_id, status=status)

    async def goodbye(self) -> None:
        """Wait for the end, as the contract has it."""
        await self.expect("session.end")
        await self.say("session.ended", session_duration_seconds=1.0, audio_duration_seconds=None)
        await self.close(1000, "")


async def polite(peer: Peer) -> None:
    """A service with nothing to say."""
    await peer.ready()
    await peer.goodbye()


class ScriptedService:
    """Plays the script to each client. Entered, it listens on loopback; ``app`` works without that.

    Args:
        script: played to clients that begin a session.
        again: one after the other to those that want to resume one; the last one to all that follow.
    """

    def __init__(self, script: Script = polite, *again: Script) -> None:
        self.script = script
        self._again = list(again) or [Peer.refuse]
        self.received: list[dict[str, Any]] = []
        self.closed: Future[None] = Future()  # the first script has come to its end
        self._begun = False
        self._thread = LoopThread("scripted-service")
        self._port = 0
        self._server: Any = None

    @property
    def types(self) -> list[str]:
        """Types of what came, runs of the same type as one."""
        kinds = [message["type"] for message in self.received]
        return [kind for place, kind in enumerate(kinds) if place == 0 or kinds[place - 1] != kind]

    def address(self) -> Address:
        return Address(f"ws://127.0.0.1:{self._port}/v1/ws", key="a-secret-key", kind="address")

    async def _play(self, peer: Peer) -> None:
        try:
            script = self.script
            if self._begun and await peer.look() == "session.resume":
                script = self._again.pop(0) if len(self._again) > 1 else self._again[0]
            self._begun = True
            await script(peer)
        except Gone:
            pass
        except BaseException as error:
            if not self.closed.done():
                self.closed.set_exception(error)
            raise
        if not self.closed.done():
            self.closed.set_result(None)

    async def app(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        closed = False

        async def get() -> str:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                raise Gone
            return str(message["text"])

        async def put(text: str) -> None:
            try:
                await send({"type": "websocket.send", "text": text})
            except OSError:
                raise Gone from None

        async def close(code: int = 1000, reason: str = "") -> None:
            nonlocal closed
            closed = True
            await send({"type": "websocket.close", "code": code, "reason": reason})

        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        await self._play(Peer(get, put, close, headers, self.received))
        if not closed:
            await close(1006)

    async def _handle(self, connection: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        async def get() -> str:
            try:
                return str(await connection.recv())
            except ConnectionClosed:
                raise Gone from None

        async def put(text: str) -> None:
            try:
                await connection.send(text)
            except ConnectionClosed:
                raise Gone from None

        async def close(code: int = 1000, reason: str = "") -> None:
            if code == 1006:
                connection.transport.abort()
            else:
                await connection.close(code, reason)

        headers = {name.lower(): value for name, value in connection.request.headers.raw_items()}
        await self._play(Peer(get, put, close, headers, self.received))

    async def _listen(self) -> None:
        from websockets.asyncio.server import serve

        self._server = await serve(self._handle, "127.0.0.1", 0, max_size=None, close_timeout=1)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        await asyncio.wait_for(self._server.wait_closed(), 5)

    def __enter__(self) -> ScriptedService:
        self._thread.submit(self._listen()).result(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._stop()).result(10)
        self._thread.stop()
