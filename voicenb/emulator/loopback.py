"""Keeps strangers out: on loopback any key passes, so pages from elsewhere must not get in by the browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from voicenb.loopback import is_loopback

ORIGINS = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
"""The pages that may call the REST side."""


class LoopbackOnly:
    """Refuses requests from pages of other origins, and those that were led here under another name.

    Programs that are no browsers send no ``Origin`` and pass. Where the emulator listens to others it is not
    used: everybody needs the key there.

    Args:
        app: what is guarded.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, or refuse it with 403."""
        if scope["type"] not in ("http", "websocket") or self._passes(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b"Only pages of this machine may call here."})

    def _passes(self, headers: Headers) -> bool:
        origin, host = headers.get("origin"), headers.get("host")
        if origin is not None and not is_loopback(_host(origin)):
            return False
        return host is None or is_loopback(_host(f"//{host}"))


def _host(url: str) -> str | None:
    """The host of an address; None where it has none, or is no address."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
