"""What every REST answer has in common: the error envelope, the request's id, who may call."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from voicenb.emulator.auth import header_credential
from voicenb.emulator.errors import Refusal
from voicenb.emulator.resources import Resources
from voicenb.protocol.depth import too_deep

LONGEST_BODY = 16 << 20
"""Bytes; as long as a message on the socket may be."""

_BELOW_A_SESSION = re.compile(r"(/v1/sessions/[^/]+)/.")
_ARTIFACTS = "timeline, metadata and audio are links, see artifacts in GET"

Endpoint = Callable[[Request], Awaitable[Response]]


class Answers:
    """Makes the answers.

    Args:
        resources: what the emulator is made of.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint behind its door: without a key that passes it is not reached."""

        async def guard(request: Request) -> Response:
            refused = self.unauthorized(request)
            return await endpoint(request) if refused is None else refused

        return guard

    def unauthorized(self, request: Request) -> Response | None:
        """The refusal of a request whose key does not pass; None where it passes."""
        key = header_credential(request.headers)
        if not key:
            return self.error("missing_authorization", "Missing authorization header", 401)
        if not self._resources.door.key_passes(key):
            return self.error("unauthorized", "Unauthorized", 401)
        return None

    def invalid(self, refusal: Refusal) -> Response:
        """422: something in the request is not as it must be."""
        body = envelope("validation_error", refusal.message, refusal.param)
        body["errors"] = [{"message": refusal.message, "param": refusal.param}]
        return self.json(body, 422)

    def error(self, code: str, message: str, status: int) -> Response:
        """Any other error."""
        return self.json(envelope(code, message), status)

    def json(self, body: Any, status: int = 200) -> Response:
        """An answer with its ``X-Request-Id``; an error's body has it too."""
        request_id = self._resources.ids.request()
        if isinstance(body, dict) and "code" in body and "message" in body:
            body = {**body, "request_id": request_id}
        return _Json(body, status, headers={"X-Request-Id": request_id})

    # --- what there is not, and what went wrong ---

    async def not_found(self, request: Request, error: Exception) -> Response:
        """404 for a path that the emulator does not have."""
        del error
        path = request.url.path
        below = _BELOW_A_SESSION.match(path)
        where = f"; {_ARTIFACTS} {below[1]}" if below else ""
        return self.error("not_found", f"There is no {path} here{where}", 404)

    async def no_socket(self, request: Request) -> Response:
        """426 for an ordinary request where sessions are held."""
        url = request.url
        message = (
            f"This is a WebSocket: connect with {url.scheme.replace('http', 'ws')}://{url.netloc}{url.path}"
        )
        answer = self.error("invalid_request", message, 426)
        answer.headers.update({"Upgrade": "websocket", "Connection": "Upgrade"})
        return answer

    async def method_not_allowed(self, request: Request, error: Exception) -> Response:
        """405 for a method that a path does not take; ``Allow`` names those that it takes."""
        answer = self.error("method_not_allowed", f"{request.url.path} does not take {request.method}", 405)
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    async def internal_error(self, request: Request, error: Exception) -> Response:
        """500 for a fault of the emulator's own, which its log tells."""
        del request, error
        return self.error("internal_error", "Internal server error", 500)


class _Json(JSONResponse):
    """JSON in which half a character, which some client said, is escaped."""

    def render(self, content: Any) -> bytes:
        try:
            return super().render(content)
        except UnicodeEncodeError:
            return json.dumps(content, allow_nan=False).encode()


def envelope(code: str, message: str, param: str | None = None) -> dict[str, Any]:
    """An error's body; ``detail`` is what older programs read."""
    return {"code": code, "message": message, "param": param, "detail": message}


async def json_body(request: Request) -> Any:
    """The JSON body, or None when it is none, or too long (which no check takes for an object)."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > LONGEST_BODY:
            return None
    try:
        body = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return None if too_deep(body) else body


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")
