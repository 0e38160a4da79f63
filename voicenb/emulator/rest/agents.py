"""Stored agents over REST."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from voicenb.emulator import journal
from voicenb.emulator.errors import Refusal
from voicenb.emulator.ignored_keys import ignored_keys
from voicenb.emulator.resources import Resources
from voicenb.emulator.rest import listing
from voicenb.emulator.rest.answers import Answers, json_body


class AgentRoutes:
    """The endpoints of agents; each is asynchronous, so that a virtual clock stays one.

    Args:
        resources: what the emulator is made of.
        answers: makes the answers.
    """

    def __init__(self, resources: Resources, answers: Answers) -> None:
        self._agents = resources.agents
        self._answers = answers
        one, guarded = "/v1/agents/{agent_id}", answers.guarded
        self.routes = [
            Route("/v1/agents", guarded(self.create), methods=["POST"]),
            Route("/v1/agents", guarded(self.list), methods=["GET"]),
            Route(one, guarded(self.get), methods=["GET"]),
            Route(one, guarded(self.update), methods=["PUT"]),
            Route(one, guarded(self.delete), methods=["DELETE"]),
        ]

    async def create(self, request: Request) -> Response:
        """``POST /v1/agents``: 201 with the whole agent."""
        body = await json_body(request)
        agent = self._agents.create(body)
        if isinstance(agent, Refusal):
            return self._answers.invalid(agent)
        _tell_ignored(request, body)
        return self._answers.json(agent, 201)

    async def list(self, request: Request) -> Response:
        """``GET /v1/agents``: newest first, ``limit`` and ``cursor``."""
        limit = listing.limit(request)
        if isinstance(limit, Refusal):
            return self._answers.invalid(limit)
        page = self._agents.page(limit, request.query_params.get("cursor", ""))
        if isinstance(page, Refusal):
            return self._answers.invalid(page)
        return self._answers.json(listing.page("agents", *page))

    async def get(self, request: Request) -> Response:
        """``GET /v1/agents/{id}``."""
        agent = self._agents.get(request.path_params["agent_id"])
        return self._unknown() if agent is None else self._answers.json(self._agents.read(agent))

    async def update(self, request: Request) -> Response:
        """``PUT /v1/agents/{id}``: what is left out keeps its value, lists replace whole."""
        body = await json_body(request)
        agent = self._agents.update(request.path_params["agent_id"], body)
        if agent is None:
            return self._unknown()
        if isinstance(agent, Refusal):
            return self._answers.invalid(agent)
        _tell_ignored(request, body)
        return self._answers.json(agent)

    async def delete(self, request: Request) -> Response:
        """``DELETE /v1/agents/{id}``: 204."""
        found = self._agents.delete(request.path_params["agent_id"])
        return Response(status_code=204) if found else self._unknown()

    def _unknown(self) -> Response:
        return self._answers.error("agent_not_found", "Agent not found", 404)


def _tell_ignored(request: Request, body: Any) -> None:
    """Tell of what an accepted body has that nobody looks at."""
    if journal.on():
        journal.ignored(f"{request.method} {request.url.path}", ignored_keys(body))
