"""What the emulator tells of requests that it refuses."""

from __future__ import annotations

import asyncio
import logging

import httpx
import pytest
from starlette.responses import Response

from voicenb.emulator.loopback import LoopbackOnly
from voicenb.emulator.request_journal import RequestJournal
from voicenb.emulator.rest.tokens import TokenRoutes
from voicenb.errors import Unauthorized
from voicenb.service.address import Address
from voicenb.session.asgi import AsgiTransport

AGENT = {"name": "Lido", "system_prompt": "Secret prompt.", "voice": {"voice_id": "ivy"}}
LOGGER = "voicenb.emulator.journal"


@pytest.fixture
def ask(plain_emulator, caplog):
    """Asks an emulator, and gives the lines that were told."""
    caplog.set_level(logging.INFO, LOGGER)

    def request(method, path, body=None, headers=None, **options):
        caplog.clear()
        app = plain_emulator(key="sesame", **options).app

        async def main():
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                login = {"Authorization": "sesame"}
                await client.request(method, path, json=body, headers={**login, **(headers or {})})

        asyncio.run(main())
        return [record.getMessage() for record in caplog.records if record.name == LOGGER]

    return request


def test_what_is_in_order_is_not_told(ask):
    assert ask("GET", "/v1/agents") == []
    assert ask("POST", "/v1/agents", AGENT) == []


def test_refusals_with_method_path_status_code_and_message(ask):
    assert ask("GET", "/v1/agents?limit=0") == [
        "GET /v1/agents: 422, validation_error, limit: 'limit' must be between 1 and 200"
    ]
    assert ask("GET", "/v1/agents/nope") == ["GET /v1/agents/nope: 404, agent_not_found: Agent not found"]
    (missing,) = ask("POST", "/v1/agents", {"name": "Lido"})
    assert missing == "POST /v1/agents: 422, validation_error, system_prompt: 'system_prompt' is required"
    (method,) = ask("DELETE", "/v1/token")
    assert method.startswith("DELETE /v1/token: 405, method_not_allowed: ")
    (socket,) = ask("GET", "/v1/ws")
    assert socket.startswith("GET /v1/ws: 426, invalid_request: This is a WebSocket")


def test_no_key_query_or_signature_is_told(ask):
    wrong = {"Authorization": "my-key"}
    assert ask("GET", "/v1/agents?token=my-key", headers=wrong) == [
        "GET /v1/agents: 401, unauthorized: Unauthorized"
    ]
    (line,) = ask("GET", "/v1/artifacts/my-signature/99/sess_1/audio")
    assert line == (
        "GET /v1/artifacts/…/99/sess_1/audio: 404, not_found: "
        "There is no /v1/artifacts/…/99/sess_1/audio here"
    )
    (line,) = ask("GET", "/v1/token?expires_in_seconds=my-key", profile="live")
    assert line == "GET /v1/token: 422, query.expires_in_seconds: Input should be a valid integer"


@pytest.mark.parametrize(("profile", "told"), [("contract", "400, invalid_request, "), ("live", "422, ")])
def test_errors_of_another_form(ask, profile, told):
    """Those of the token's endpoint have no message, but details."""
    (line,) = ask("GET", "/v1/token?expires_in_seconds=900", profile=profile)
    assert line == f"GET /v1/token: {told}query.expires_in_seconds: Input should be from 1 to 600"
    (line,) = ask("GET", "/v1/token", profile=profile)
    assert line == f"GET /v1/token: {told}query.expires_in_seconds: Field required"


@pytest.mark.parametrize("body", [b"", b"[]", b"3", b'"text"', b"{}", b'{"detail": [3, {}]}', b"\xff\x00"])
def test_whatever_the_body_is_it_goes_out(body, caplog):
    caplog.set_level(logging.INFO, LOGGER)

    async def app(scope, receive, send):
        await Response(body, 418)(scope, receive, send)

    async def main():
        transport = httpx.ASGITransport(RequestJournal(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://x.example") as client:
            return await client.get("/a")

    answer = asyncio.run(main())
    assert (answer.status_code, answer.content) == (418, body)
    (line,) = [record.getMessage() for record in caplog.records if record.name == LOGGER]
    assert line.removesuffix(", ��") == "GET /a: 418"


def test_pages_from_elsewhere(caplog):
    caplog.set_level(logging.INFO, LOGGER)

    async def nobody(scope, receive, send):
        raise AssertionError("the door is behind the journal")

    async def main():
        app = RequestJournal(LoopbackOnly(nobody))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://x.example"
        ) as client:
            await client.get("/v1/agents")
        with pytest.raises(Unauthorized):
            await AsgiTransport(app, Address("ws://x.example/v1/ws", key="sesame")).open()

    asyncio.run(main())
    assert [record.getMessage() for record in caplog.records if record.name == LOGGER] == [
        "GET /v1/agents: 403, Only pages of this machine may call here.",
        "WebSocket /v1/ws: 403, not accepted",
    ]


def test_keys_that_an_agent_does_not_have(ask):
    body = {**AGENT, "input": {"keyterm": ["gnocchi"]}, "tools": [{"name": "look", "paramters": {}}]}
    assert ask("POST", "/v1/agents", body) == [
        "POST /v1/agents: ignored input.keyterm. Did you mean 'keyterms'?",
        "POST /v1/agents: ignored tools[0].paramters. Did you mean 'parameters'?",
    ]


def test_a_fault_of_the_emulators_own(ask, monkeypatch):
    async def broken(self, request):
        raise LookupError("a secret")

    monkeypatch.setattr(TokenRoutes, "mint", broken, raising=True)
    assert ask("GET", "/v1/token?expires_in_seconds=60")[0] == "GET /v1/token: 500, LookupError"
