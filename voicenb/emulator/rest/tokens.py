"""Temporary tokens over REST."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from voicenb.emulator.auth import LONGEST_SESSION, header_credential
from voicenb.emulator.resources import Resources
from voicenb.emulator.rest.answers import Answers
from voicenb.emulator.rest.listing import whole


class TokenRoutes:
    """The endpoint of tokens.

    Args:
        resources: what the emulator is made of.
        answers: makes the answers.
    """

    def __init__(self, resources: Resources, answers: Answers) -> None:
        self._resources = resources
        self._answers = answers
        self.routes = [Route("/v1/token", self.mint, methods=["GET"])]

    async def mint(self, request: Request) -> Response:
        """``GET /v1/token``: a temporary token for one session."""
        answers = self._answers
        bad, missing, wrong = self._resources.profile.token_errors
        key = header_credential(request.headers)
        if not key and missing == 422:
            return answers.json({"detail": [_fault("missing", ["header", "authorization"], None)]}, 422)
        if key and wrong == 404 and not self._resources.door.key_passes(key):
            return answers.json({"detail": "Invalid API key"}, 404)
        refused = answers.unauthorized(request)
        if refused:
            return refused
        redeem, fault = _ranged(request, "expires_in_seconds", 1, 600, None)
        longest, other = _ranged(
            request, "max_session_duration_seconds", 60, LONGEST_SESSION, LONGEST_SESSION
        )
        fault = fault or other
        if fault or redeem is None or longest is None:
            if bad == 422:
                return answers.json({"detail": [fault]}, 422)
            return answers.json({"error": "Bad Request", "code": "invalid_request", "details": [fault]}, 400)
        token = self._resources.door.mint(
            now=self._resources.stamps.now(), redeem_within=redeem, longest_session=longest, owner=key
        )
        return answers.json({"token": token, "expires_in_seconds": redeem})


def _ranged(
    request: Request, name: str, low: int, high: int, default: int | None
) -> tuple[int | None, dict[str, Any] | None]:
    """A whole-number query parameter and what is wrong with it."""
    text = request.query_params.get(name)
    place = ["query", name]
    if text is None:
        return default, _fault("missing", place, None) if default is None else None
    number = whole(text)
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
