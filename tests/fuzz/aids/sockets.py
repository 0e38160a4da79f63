"""A client at the emulator's door that sends what it likes: text and bytes, in memory."""

from __future__ import annotations

import asyncio
import json
from typing import Any


class Line:
    """One socket to an ASGI app.

    Attributes:
        events: what has come, decoded.
        closed: the close code, None while it is open.
        task: the app at work; it must end by itself.
    """

    def __init__(self, app: Any) -> None:
        self.events: list[dict[str, Any]] = []
        self.closed: int | None = None
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": "/v1/ws",
            "raw_path": b"/v1/ws",
            "root_path": "",
            "query_string": b"token=any",
            "headers": [(b"host", b"127.0.0.1")],
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 0),
            "subprotocols": [],
            "extensions": {},
            "state": {},
        }
        self._in.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.get_running_loop().create_task(app(scope, self._in.get, self._take))

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "websocket.send":
                self.events.append(json.loads(message["text"]))
            case "websocket.close":
                self.closed = message.get("code", 1000)

    def send(self, frame: str | bytes) -> None:
        """Send a frame; returns at once."""
        kind = "text" if isinstance(frame, str) else "bytes"
        self._in.put_nowait({"type": "websocket.receive", kind: frame})

    def leave(self) -> None:
        """Go without a word."""
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1006})
