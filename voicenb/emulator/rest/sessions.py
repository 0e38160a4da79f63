"""Session history over REST."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from voicenb.emulator.checks import JSONObject
from voicenb.emulator.errors import Refusal
from voicenb.emulator.history import Past
from voicenb.emulator.resources import Resources
from voicenb.emulator.rest import listing
from voicenb.emulator.rest.answers import Answers
from voicenb.emulator.rest.ranges import partial

TYPES = {"audio": "audio/ogg", "timeline": "application/json", "metadata": "application/json"}
"""The artifacts of a session, with their content types."""


class SessionRoutes:
    """The endpoints of sessions.

    Args:
        resources: what the emulator is made of.
        answers: makes the answers.
    """

    def __init__(self, resources: Resources, answers: Answers) -> None:
        self._resources = resources
        self._answers = answers
        one, guarded = "/v1/sessions/{session_id}", answers.guarded
        self.routes = [
            Route("/v1/sessions", guarded(self.page), methods=["GET"]),
            Route(one, guarded(self.get), methods=["GET"]),
            Route(one, guarded(self.delete), methods=["DELETE"]),
            # Whoever has the link may follow it.
            Route("/v1/artifacts/{signature}/{expires}/{session_id}/{kind}", self.artifact, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """``GET /v1/sessions``: newest first, ``status``, ``agent_id``, ``limit`` and ``cursor``."""
        limit = listing.limit(request)
        if isinstance(limit, Refusal):
            return self._answers.invalid(limit)
        asked = request.query_params
        page = self._resources.history.page(
            limit, asked.get("cursor", ""), asked.get("status") or None, asked.get("agent_id") or None
        )
        if isinstance(page, Refusal):
            return self._answers.invalid(page)
        return self._answers.json(listing.page("sessions", *page))

    async def get(self, request: Request) -> Response:
        """``GET /v1/sessions/{id}``: the record with ``config`` and ``artifacts``."""
        past = self._resources.history.get(request.path_params["session_id"])
        if past is None:
            return self._unknown()
        return self._answers.json({**past.record, "artifacts": self._artifacts(past, str(request.base_url))})

    async def delete(self, request: Request) -> Response:
        """``DELETE /v1/sessions/{id}``: 204; its conversation is gone for good."""
        session_id = request.path_params["session_id"]
        if not self._resources.history.delete(session_id):
            return self._unknown()
        self._resources.audio.forget(session_id)
        return Response(status_code=204)

    async def artifact(self, request: Request) -> Response:
        """What a link from ``artifacts`` leads to; it needs no key, and is good for an hour."""
        asked, resources = request.path_params, self._resources
        session_id, kind, expires = asked["session_id"], asked["kind"], asked["expires"]
        past = resources.history.get(session_id)
        if past is None or not resources.links.good(asked["signature"], expires, session_id, kind):
            return self._answers.error("not_found", f"There is no {request.url.path} here", 404)
        if resources.stamps.now() > int(expires):
            message = "This link has expired; the session's record has new ones"
            return self._answers.error("link_expired", message, 403)
        if kind != "audio":
            return self._answers.json(past.timeline if kind == "timeline" else past.metadata)
        ogg = await resources.audio.ogg(session_id, past.record["duration_seconds"])
        if ogg is None:
            return self._answers.error("not_found", "The sound of this session is not kept any more", 404)
        return partial(ogg, TYPES["audio"], request.headers.get("range"))

    def _artifacts(self, past: Past, base: str) -> list[JSONObject]:
        resources, session_id = self._resources, past.record["id"]
        now = resources.stamps.now()
        if past.complete_at is None or now < past.complete_at:
            return []
        kinds = [kind for kind in TYPES if kind != "audio" or resources.audio.there(session_id)]
        return [
            {
                "type": kind,
                "url": base.rstrip("/") + resources.links.path(session_id, kind, now),
                "content_type": TYPES[kind],
            }
            for kind in kinds
        ]

    def _unknown(self) -> Response:
        return self._answers.error("session_not_found", "Session not found", 404)
