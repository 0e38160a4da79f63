"""The path under which one might look for a list of voices; there is none, only the documentation's page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from voicenb.emulator.resources import Resources
from voicenb.emulator.rest.answers import Answers


class VoiceRoutes:
    """``GET /v1/voices``, which was seen to ask for a socket.

    Args:
        resources: what the emulator is made of.
        answers: makes the answers.
    """

    def __init__(self, resources: Resources, answers: Answers) -> None:
        self._answers = answers
        self.routes = [Route("/v1/voices", self.list, methods=["GET"])]
        if resources.profile.voices_status == 404:
            self.routes.clear()  # as any path that is not there

    async def list(self, request: Request) -> Response:
        """``GET /v1/voices``: 426."""
        answer = self._answers.error("upgrade_required", f"{request.url.path} takes a WebSocket only", 426)
        answer.headers["Upgrade"] = "websocket"
        return answer
