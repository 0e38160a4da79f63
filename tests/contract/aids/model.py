"""A language model behind an agent's ``llm`` field, with no network between: for the virtual clock."""

from __future__ import annotations

import json
from typing import Any

import httpx

URL = "http://127.0.0.1:9/v1"


class Model:
    """Answers from a list, and keeps what it was asked.

    Attributes:
        asked: the requests.
        answers: what it streams, one after the other.
        status: of its answers.
    """

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.answers: list[bytes] = []
        self.status = 200

    def llm(self, *answers: bytes) -> list[dict[str, Any]]:
        """The agent's field."""
        self.answers = list(answers)
        return [{"base_url": URL, "model": "small", "api_key": "canary"}]

    def body(self, n: int = 0) -> Any:
        """What it was asked, decoded."""
        return json.loads(self.asked[n].content)

    def reached_by(self, make: Any) -> Any:
        """In the place of what makes the emulator's HTTP client: the same client, that ends up here."""

        def client(brain: Any) -> httpx.AsyncClient:
            made: httpx.AsyncClient = make(brain)
            return httpx.AsyncClient(headers=made.headers, transport=httpx.MockTransport(self._answer))

        return client

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        content = self.answers.pop(0) if self.answers else b"{}"
        return httpx.Response(self.status, content=content, headers={"Content-Type": "text/event-stream"})
