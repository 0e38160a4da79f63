"""What the emulator tells of requests: those that it refuses, over HTTP, and connections not accepted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voicenb.emulator.journal import line, log, on, refusal_line

_SIGNED = re.compile(r"/v1/artifacts/[^/]+/")
"""A link that lets everybody in."""


class RequestJournal:
    """Tells of the requests that an app refuses, and of connections that it does not accept.

    Args:
        app: the app.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, and listen to the answer."""
        if not on() or scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope)

        async def overheard(message: Message) -> None:
            answer.take(message)
            await send(message)

        try:
            await self._app(scope, receive, overheard)
        except Exception as fault:
            log.info("%s: 500, %s", answer.what, type(fault).__name__)
            raise


class _Answer:
    """What is overheard of one answer."""

    def __init__(self, scope: Scope) -> None:
        self.what = _unsigned(f"{scope.get('method', 'WebSocket')} {scope['path']}")
        self._status = 0
        self._accepted = False

    def take(self, message: Message) -> None:
        """A message of the answer. What is refused behind a connection's acceptance the session tells."""
        match message["type"]:
            case "http.response.start" | "websocket.http.response.start":
                self._status = int(message["status"])
            case "http.response.body" | "websocket.http.response.body" if self._status >= 400:
                log.info("%s: %d%s", self.what, self._status, _body(message.get("body", b"")))
                self._status = 0
            case "websocket.accept":
                self._accepted = True
            case "websocket.close" if not self._accepted:
                log.info("%s: 403, not accepted", self.what)


def _body(body: bytes) -> str:
    """The words of an error's body, behind a comma; empty where it has none."""
    try:
        error = json.loads(body)
    except ValueError:  # no JSON, but a sentence of ours
        return f", {line(body.decode(errors='replace'))}" if body else ""
    if not isinstance(error, dict):
        return ""
    if "message" in error:
        return f", {_unsigned(refusal_line(error.get('code'), error.get('param'), error['message']))}"
    told = [error.get("code"), *_details(error.get("details") or error.get("detail"))]
    return "".join(f", {line(str(each))}" for each in told if each)


def _details(details: Any) -> Iterator[str]:
    """What is told in the place of a message: a text, or a list that has beside the words what was sent."""
    if isinstance(details, str):
        yield details
        return
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict) and "msg" in detail:
            yield f"{'.'.join(map(str, detail.get('loc') or ()))}: {detail['msg']}"


def _unsigned(text: str) -> str:
    return line(_SIGNED.sub("/v1/artifacts/…/", text))
