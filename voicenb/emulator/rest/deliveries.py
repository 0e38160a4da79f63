"""Webhook deliveries over REST."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from voicenb.emulator.errors import Refusal
from voicenb.emulator.resources import Resources
from voicenb.emulator.rest import listing
from voicenb.emulator.rest.answers import Answers


class DeliveryRoutes:
    """The endpoints of what was sent about a session.

    Args:
        resources: what the emulator is made of.
        answers: makes the answers.
    """

    def __init__(self, resources: Resources, answers: Answers) -> None:
        self._resources = resources
        self._answers = answers
        every, guarded = "/v1/sessions/{session_id}/webhook-deliveries", answers.guarded
        self.routes = [
            Route(every, guarded(self.page), methods=["GET"]),
            Route(every + "/latest", guarded(self.latest), methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """``GET …/webhook-deliveries``: newest first, ``limit`` and ``cursor``."""
        limit = listing.limit(request)
        if isinstance(limit, Refusal):
            return self._answers.invalid(limit)
        session_id = request.path_params["session_id"]
        if not self._resources.history.there(session_id):
            return self._unknown()
        deliveries = self._resources.webhooks.deliveries
        page = deliveries.page(session_id, limit, request.query_params.get("cursor", ""))
        if isinstance(page, Refusal):
            return self._answers.invalid(page)
        return self._answers.json(listing.page("deliveries", *page))

    async def latest(self, request: Request) -> Response:
        """``GET …/webhook-deliveries/latest``: the newest one."""
        session_id = request.path_params["session_id"]
        if not self._resources.history.there(session_id):
            return self._unknown()
        page = self._resources.webhooks.deliveries.page(session_id, 1)
        if isinstance(page, Refusal) or not page[0]:
            return self._answers.error(
                "webhook_deliveries_not_found", "Nothing was sent about this session", 404
            )
        return self._answers.json(page[0][0])

    def _unknown(self) -> Response:
        return self._answers.error("session_not_found", "Session not found", 404)
