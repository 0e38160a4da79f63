"""The REST side: stored agents and temporary tokens."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from voicenb.emulator.auth import LONGEST_SESSION, header_credential
from voicenb.emulator.errors import Refusal
from voicenb.emulator.resources import Resources
from voicenb.protocol.depth import too_deep

PAGE = 50


class Rest:
    """The endpoints; each is asynchronous, so that a virtual clock stays one.

    Args:
        resources: what the emulator is made of.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    @property
    def routes(self) -> list[Route]:
        """For the app's router."""
        return [
            Route("/v1/agents", self.create, methods=["POST"]),
            Route("/v1/agents", self.list, methods=["GET"]),
            Route("/v1/agents/{agent_id}", self.get, methods=["GET"]),
            Route("/v1/agents/{agent_id}", self.update, methods=["PUT"]),
            Route("/v1/agents/{agent_id}", self.delete, methods=["DELETE"]),
            Route("/v1/token", self.token, methods=["GET"]),
        ]

    async def create(self, request: Request) -> Response:
        """``POST /v1/agents``: 201 with the whole agent."""
        refused = self._unauthorized(request)
        if refused:
            return refused
        agent = self._resources.agents.create(await _body(request))
        return self._invalid(agent) if isinstance(agent, Refusal) else self._json(agent, 201)

    async def list(self, request: Request) -> Response:
        """``GET /v1/agents``: newest first, ``limit`` and ``cursor``."""
        refused = self._unauthorized(request)
        if refused:
            return refused
        limit = _whole(request.query_params.get("limit", str(PAGE)))
        if limit is None or not 1 <= limit <= 200:
            return self._invalid(Refusal("validation_error", "'limit' must be between 1 and 200", "limit"))
        page = self._resources.agents.page(limit, request.query_params.get("cursor", ""))
        if isinstance(page, Refusal):
            return self._invalid(page)
        agents, cursor = page
        return self._json(
            {"agents": agents, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}
        )

    async def get(self, request: Request) -> Response:
        """``GET /v1/agents/{id}``."""
        refused = self._unauthorized(request)
        if refused:
            return refused
        agents = self._resources.agents
        agent = agents.get(request.path_params["agent_id"])
        return self._unknown() if agent is None else self._json(agents.read(agent))

    async def update(self, request: Request) -> Response:
        """``PUT /v1/agents/{id}``: what is left out keeps its value, lists replace whole."""
        refused = self._unauthorized(request)
        if refused:
            return refused
        agent = self._resources.agents.update(request.path_params["agent_id"], await _body(request))
        if agent is None:
            return self._unknown()
        return self._invalid(agent) if isinstance(agent, Refusal) else self._json(agent)

    async def delete(self, request: Request) -> Response:
        """``DELETE /v1/agents/{id}``: 204."""
        refused = self._unauthorized(request)
        if refused:
            return refused
        found = self._resources.agents.delete(request.path_params["agent_id"])
        return Response(status_code=204) if found else self._unknown()

    async def token(self, request: Request) -> Response:
        """``GET /v1/token``: a temporary token for one session."""
        bad, missing, wrong = self._resources.profile.token_errors
        key = header_credential(request.headers)
        if not key:
            if missing == 422:
                return self._json({"detail": [_fault("missing", ["header", "authorization"], None)]}, 422)
            return self._json(self._envelope("missing_authorization", "Missing authorization header"), 401)
        if not self._resources.door.key_passes(key):
            if wrong == 404:
                return self._json({"detail": "Invalid API key"}, 404)
            return self._json(self._envelope("unauthorized", "Unauthorized"), 401)
        redeem, fault = _ranged(request, "expires_in_seconds", 1, 600, None)
        longest, other = _ranged(
            request, "max_session_duration_seconds", 60, LONGEST_SESSION, LONGEST_SESSION
        )
        fault = fault or other
        if fault or redeem is None or longest is None:
            if bad == 422:
                return self._json({"detail": [fault]}, 422)
            return self._json({"error": "Bad Request", "code": "invalid_request", "details": [fault]}, 400)
        token = self._resources.door.mint(
            now=self._resources.stamps.loop_time(), redeem_within=redeem, longest_session=longest, owner=key
        )
        return self._json({"token": token, "expires_in_seconds": redeem})

    # --- what there is not ---

    async def not_found(self, request: Request, error: Exception) -> Response:
        """404 for a path that the emulator does not have."""
        del error
        return self._json(self._envelope("not_found", f"There is no {request.url.path} here"), 404)

    async def method_not_allowed(self, request: Request, error: Exception) -> Response:
        """405 for a method that a path does not take; ``Allow`` names those that it takes."""
        message = f"{request.url.path} does not take {request.method}"
        answer = self._json(self._envelope("method_not_allowed", message), 405)
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    # --- answers ---

    def _unauthorized(self, request: Request) -> Response | None:
        key = header_credential(request.headers)
        if not key:
            return self._json(self._envelope("missing_authorization", "Missing authorization header"), 401)
        if not self._resources.door.key_passes(key):
            return self._json(self._envelope("unauthorized", "Unauthorized"), 401)
        return None

    def _unknown(self) -> Response:
        return self._json(self._envelope("agent_not_found", "Agent not found"), 404)

    def _invalid(self, refusal: Refusal) -> Response:
        body = self._envelope("validation_error", refusal.message, refusal.param)
        body["errors"] = [{"message": refusal.message, "param": refusal.param}]
        return self._json(body, 422)

    def _envelope(self, code: str, message: str, param: str | None = None) -> dict[str, Any]:
        # ``detail`` is what older programs read.
        return {"code": code, "message": message, "param": param, "detail": message}

    def _json(self, body: Any, status: int = 200) -> Response:
        request_id = self._resources.ids.request()
        if isinstance(body, dict) and "code" in body and "message" in body:
            body = {**body, "request_id": request_id}
        return JSONResponse(body, status, headers={"X-Request-Id": request_id})


async def _body(request: Request) -> Any:
    """The JSON body, or None when it is none (which no check takes for an object)."""
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        return None
    return None if too_deep(body) else body


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _ranged(
    request: Request, name: str, low: int, high: int, default: int | None
) -> tuple[int | None, dict[str, Any] | None]:
    """A whole-number query parameter and what is wrong with it."""
    text = request.query_params.get(name)
    place = ["query", name]
    if text is None:
        return default, _fault("missing", place, None) if default is None else None
    number = _whole(text)
    if number is None:
        return None, _fault("int_parsing", place, text)
    if number < low:
        return None, {**_fault("greater_than_equal", place, text, low, high), "ctx": {"ge": low}}
    if number > high:
        return None, {**_fault("less_than_equal", place, text, low, high), "ctx": {"le": high}}
    return number, None


def _fault(kind: str, place: list[str], given: str | None, *bounds: int) -> dict[str, Any]:
    between = "Input should be from {} to {}".format(*bounds) if bounds else ""
    words = {
        "missing": "Field required",
        "int_parsing": "Input should be a valid integer",
        "greater_than_equal": between,
        "less_than_equal": between,
    }
    return {"type": kind, "loc": place, "msg": words[kind], "input": given}
