"""Webhook subscriptions over REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from voicenb.emulator.errors import Refusal
from voicenb.emulator.resources import Resources
from voicenb.emulator.rest import listing
from voicenb.emulator.rest.answers import Answers, json_body
from voicenb.emulator.webhooks import EXISTS, read


class SubscriptionRoutes:
    """The endpoints of webhook subscriptions.

    Args:
        resources: what the emulator is made of.
        answers: makes the answers.
    """

    def __init__(self, resources: Resources, answers: Answers) -> None:
        self._subscriptions = resources.webhooks.subscriptions
        self._agents = resources.agents
        self._answers = answers
        every, guarded = "/v1/webhook-subscriptions", answers.guarded
        one = every + "/{subscription_id}"
        self.routes = [
            Route(every, guarded(self.create), methods=["POST"]),
            Route(every, guarded(self.page), methods=["GET"]),
            Route(one, guarded(self.get), methods=["GET"]),
            Route(one, guarded(self.update), methods=["PATCH", "PUT"]),
            Route(one, guarded(self.delete), methods=["DELETE"]),
        ]

    async def create(self, request: Request) -> Response:
        """``POST``: 201 with the subscription, its secret left out."""
        body = await json_body(request)
        unknown = self._unknown_agent(body)
        if unknown is not None:
            return unknown
        return self._written(self._subscriptions.create(body), 201)

    async def page(self, request: Request) -> Response:
        """``GET``: newest first, ``limit`` and ``cursor``."""
        limit = listing.limit(request)
        if isinstance(limit, Refusal):
            return self._answers.invalid(limit)
        page = self._subscriptions.page(limit, request.query_params.get("cursor", ""))
        if isinstance(page, Refusal):
            return self._answers.invalid(page)
        return self._answers.json(listing.page("subscriptions", *page))

    async def get(self, request: Request) -> Response:
        """``GET`` one."""
        kept = self._subscriptions.get(request.path_params["subscription_id"])
        return self._unknown() if kept is None else self._answers.json(read(kept))

    async def update(self, request: Request) -> Response:
        """``PATCH``, or ``PUT`` as older programs have it: what is left out keeps its value."""
        changed = self._subscriptions.update(request.path_params["subscription_id"], await json_body(request))
        return self._unknown() if changed is None else self._written(changed, 200)

    async def delete(self, request: Request) -> Response:
        """``DELETE``: 204."""
        found = self._subscriptions.delete(request.path_params["subscription_id"])
        return Response(status_code=204) if found else self._unknown()

    def _written(self, result: dict[str, Any] | Refusal, status: int) -> Response:
        if not isinstance(result, Refusal):
            return self._answers.json(result, status)
        if result.code == EXISTS:
            return self._answers.error(EXISTS, result.message, 409)
        return self._answers.invalid(result)

    def _unknown_agent(self, body: Any) -> Response | None:
        agent_id = body.get("agent_id") if isinstance(body, Mapping) else None
        if isinstance(agent_id, str) and self._agents.get(agent_id) is None:
            return self._answers.error("agent_not_found", "Agent not found", 404)
        return None

    def _unknown(self) -> Response:
        return self._answers.error("webhook_subscription_not_found", "Webhook subscription not found", 404)
