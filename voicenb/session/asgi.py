"""The transport in memory: a WebSocket to an ASGI app on the same loop, with no socket, thread or clock."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from voicenb.errors import ServiceUnreachable, Unauthorized
from voicenb.service.address import Address
from voicenb.session.transport import Connect, ConnectionClosed

QUEUE = 256
"""Frames that may wait on either side before the sender does."""

LOST = "connection lost"
"""Why it is closed where nobody closed it, in the words of the transport over the web."""


class AsgiTransport:
    """One connection to an ASGI app (see :class:`voicenb.session.transport.Transport`).

    An exception of the app comes out of :meth:`send` and :meth:`receive` as it is.
    """

    def __init__(self, app: Any, address: Address) -> None:
        self._to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE)
        self._to_client: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE)
        self._gone = False  # the app has been told that the client is gone
        self._app = asyncio.get_running_loop().create_task(
            self._run(app, _scope(address)), name="voicenb-asgi"
        )

    async def _run(self, app: Any, scope: dict[str, Any]) -> None:
        try:
            await app(scope, self._to_app.get, self._app_sends)
        finally:
            if self._to_client.full():
                self._to_client.get_nowait()
            self._to_client.put_nowait({"type": "websocket.close", "code": 1006, "reason": LOST})

    async def _app_sends(self, message: dict[str, Any]) -> None:
        if self._gone:
            raise OSError("The client has closed the connection.")  # what the ASGI specification asks for
        await self._to_client.put(message)

    async def open(self) -> AsgiTransport:
        """The handshake."""
        await self._to_app.put({"type": "websocket.connect"})
        answer = await self._next()
        if answer["type"] == "websocket.accept":
            return self
        status = int(answer.get("status", 403))
        await self.close()
        refused = Unauthorized if status in (401, 403) else ServiceUnreachable
        raise refused(f"The app refused the handshake (HTTP {status}).", status=status)

    async def send(self, frame: str) -> None:
        """Send one text frame."""
        self._raise_if_over()
        await self._to_app.put({"type": "websocket.receive", "text": frame})

    async def receive(self) -> str | bytes:
        """The next frame."""
        message = await self._next()
        if message["type"] == "websocket.close":
            self._to_client.put_nowait(message)  # whoever asks again is told again
            raise ConnectionClosed(int(message.get("code") or 1000), str(message.get("reason") or ""))
        text: str | None = message.get("text")
        return text if text is not None else bytes(message["bytes"])

    async def _next(self) -> dict[str, Any]:
        message = await self._to_client.get()
        if message["type"] == "websocket.close":
            self._raise_if_over(closed=False)
        return message

    def _raise_if_over(self, *, closed: bool = True) -> None:
        if self._app.done() and not self._app.cancelled() and (error := self._app.exception()) is not None:
            raise error
        if closed and (self._gone or self._app.done()):
            raise ConnectionClosed(1006, LOST)

    async def close(self, code: int = 1000) -> None:
        """Close the connection and let the app come to its end."""
        if not self._gone:
            self._gone = True
            if self._to_app.full():
                self._to_app.get_nowait()
            self._to_app.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
            while not self._to_client.empty():  # an app that waits for room goes on and is told
                self._to_client.get_nowait()
        await asyncio.wait({self._app}, timeout=5)
        if not self._app.done():
            self._app.cancel()
            await asyncio.wait({self._app})
        if not self._app.cancelled():
            self._app.exception()  # was raised by send or receive already, or came after the end


def _scope(address: Address) -> dict[str, Any]:
    parts = urlsplit(address.url)
    headers = {"host": parts.netloc or "testserver", **address.headers}
    path = parts.path or "/v1/ws"
    return {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}},
        "state": {},
    }


def connector(app: Any) -> Connect:
    """What opens transports to an ASGI app; the address gives path, query and login only."""

    async def connect(address: Address) -> AsgiTransport:
        return await AsgiTransport(app, address).open()

    return connect
