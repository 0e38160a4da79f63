"""The page of a panel in a tab of its own: a few files over HTTP, for browsers of this machine."""

from __future__ import annotations

import base64
import hashlib
import http
import re
from collections.abc import Mapping
from typing import Any

PLACE = "/talk/"
"""Where it is; the page itself has no name behind that."""

_TYPES = {"": "text/html", "js": "text/javascript", "css": "text/css"}

_OWN = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def own_host(request: Any) -> str | None:
    """The host that a request was meant for, with its port, where that is this machine; else None.

    A name on the net that its owner has pointed to 127.0.0.1 (DNS rebinding) is not. The port may be another
    one than the helper's: that of a tunnel.
    """
    hosts: list[str] = request.headers.get_all("Host")
    return hosts[0] if len(hosts) == 1 and _OWN.fullmatch(hosts[0]) else None


def own_origin(request: Any) -> bool:
    """Whether a request for a socket comes from the page that is served here, and from no other."""
    host = own_host(request)
    return host is not None and request.headers.get_all("Origin") == [f"http://{host}"]


class TabSite:
    """Serves the files of the page. Nothing in them is secret: what lets a tab in is not among them."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}

    def put(self, files: Mapping[str, str]) -> None:
        """Have these files.

        Args:
            files: name -> text; the page itself is called ``""``.
        """
        self._files = dict(files)

    def answer(self, request: Any) -> Any:
        """The response to a request below :data:`PLACE`."""
        host = own_host(request)
        if host is None:
            return _response(http.HTTPStatus.FORBIDDEN, "This page is for browsers of this machine.\n")
        name = request.path.split("?", 1)[0].removeprefix(PLACE)
        text = self._files.get(name)
        if text is None:
            return _response(http.HTTPStatus.NOT_FOUND, "There is no such page.\n")
        return _response(http.HTTPStatus.OK, text, _TYPES[name.rpartition(".")[2]], policy(host))


_EMPTY = base64.b64encode(hashlib.sha256(b"").digest()).decode()


def policy(host: str) -> str:
    """The page's Content-Security-Policy.

    Args:
        host: by which the browser knows this server; its sockets can be reached, those of this machine, and
            encrypted ones: of a service, where the page connects to it by itself.
    """
    rules = {
        "default-src": "'none'",
        # The worklets and the worker of the sound are texts inside the script.
        "script-src": "'self' blob:",
        "worker-src": "blob:",
        # Of styles in the page only the empty one: the panel has it where no notebook keeps a transcript.
        "style-src": f"'self' 'sha256-{_EMPTY}'",
        "img-src": "data:",
        "media-src": "blob:",
        "connect-src": f"ws://{host} ws://127.0.0.1:* ws://localhost:* wss:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _response(
    status: http.HTTPStatus, text: str, kind: str = "text/plain", security: str = "default-src 'none'"
) -> Any:
    from websockets.datastructures import Headers
    from websockets.http11 import Response

    body = text.encode()
    headers = Headers(
        {
            **_HEADERS,
            "Content-Security-Policy": security,
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
    )
    return Response(status.value, status.phrase, headers, body)
