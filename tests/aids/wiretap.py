"""Listens in on every wire of a test, and holds what either side sends against the contract's schema.

A plugin: in the folders of `LISTENED` a test fails when the emulator, or voicenb as a client, sends something
that the contract does not know. Who breaks a rule on purpose says so: ``@pytest.mark.off_the_contract``.
"""

from __future__ import annotations

import json
import re
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wire_schema import client_fault, fault, server_fault

TESTS = Path(__file__).parents[1]
LISTENED = tuple(TESTS / name for name in ("session", "emulator", "contract", "testing"))

_ID = r"/[^/]+"
BODIES = (
    ("POST", "/v1/agents", "AgentCreate"),
    ("PUT", f"/v1/agents{_ID}", "AgentUpdate"),
    ("POST", "/v1/webhook-subscriptions", "WebhookSubscriptionWrite"),
    ("PATCH", f"/v1/webhook-subscriptions{_ID}", "WebhookSubscriptionPatch"),
)
"""What a client sends where, over REST."""

ANSWERS = (
    ("GET", "/v1/token", "TokenResponse", ""),
    ("GET", "/v1/agents", "AgentList", ""),
    ("POST", "/v1/agents", "Agent", ""),
    ("GET|PUT", f"/v1/agents{_ID}", "Agent", ""),
    ("GET", "/v1/sessions", "SessionList", ""),
    ("GET", f"/v1/sessions{_ID}", "SessionRecord", ""),
    ("GET", f"/v1/sessions{_ID}/webhook-deliveries", "WebhookDelivery", "deliveries"),
    ("GET", f"/v1/sessions{_ID}/webhook-deliveries/latest", "WebhookDelivery", ""),
    ("GET", "/v1/webhook-subscriptions", "WebhookSubscription", "subscriptions"),
    ("POST", "/v1/webhook-subscriptions", "WebhookSubscription", ""),
    ("GET|PUT|PATCH", f"/v1/webhook-subscriptions{_ID}", "WebhookSubscription", ""),
)
"""What a server answers where: a definition, and the key of the list whose entries it is of."""


class Wiretap:
    """Keeps what was wrong.

    Attributes:
        faults: in the order in which they were heard.
        heard: how many messages were held against the schema.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.heard = 0

    def server(self, frame: str | bytes) -> None:
        """A server sent a frame."""
        self._note("server", server_fault(_json(frame)))

    def client(self, frame: str | bytes, *, first: bool | None = None) -> None:
        """A client sent a frame."""
        self._note("client", client_fault(_json(frame), first=first))

    def body(self, method: str, path: str, body: Any) -> None:
        """A client sent the body of a request."""
        for verb, where, name in BODIES:
            if verb == method and re.fullmatch(where, path):
                self._note(f"{method} {path}", fault(name, json.loads(json.dumps(body))))

    def answer(self, method: str, path: str, status: int, body: bytes) -> None:
        """A server answered a request."""
        if status >= 400:
            self._note(f"{method} {path} {status}", self._refusal(path, body))
            return
        for verbs, where, name, entries in ANSWERS:
            if method in verbs.split("|") and re.fullmatch(where, path):
                told = _json(body)
                for value in told[entries] if entries else [told]:
                    self._note(f"{method} {path}", fault(name, value))

    def take(self) -> list[str]:
        """What was wrong since the last time."""
        found, self.faults = self.faults, []
        return found

    def _refusal(self, path: str, body: bytes) -> str:
        told = _json(body)
        if path == "/v1/token":
            return fault("TokenError", told)
        return fault("RestError", told) and fault("DetailError", told)

    def _note(self, who: str, what: str) -> None:
        self.heard += 1
        if what:
            self.faults.append(f"{who}: {what}")


def _json(frame: str | bytes) -> Any:
    try:
        return json.loads(frame)
    except (ValueError, RecursionError):
        return None


TAP = Wiretap()


def tapped(app: Any, tap: Wiretap) -> Any:
    """An emulator's app, listened in on: what it sends, and what voicenb sends it from other processes."""

    async def outside(scope: dict[str, Any], receive: Any, send: Any) -> None:
        method, path = scope.get("method", ""), scope["path"]
        ours = dict(scope["headers"]).get(b"user-agent") == b"voicenb"
        status, pieces = 0, []

        async def heard_send(message: dict[str, Any]) -> None:
            nonlocal status
            if message["type"] == "websocket.send":
                tap.server(message.get("text") or message.get("bytes") or b"")
            elif message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body" and path.startswith("/v1/"):
                pieces.append(message.get("body", b""))
                if not message.get("more_body"):
                    _answered(tap, method, path, status, b"".join(pieces))
            await send(message)

        async def heard_receive() -> dict[str, Any]:
            message: dict[str, Any] = await receive()
            if ours and message["type"] == "websocket.receive":
                tap.client(message.get("text") or message.get("bytes") or b"")
            return message

        await app(scope, heard_receive, heard_send)

    return outside


def _answered(tap: Wiretap, method: str, path: str, status: int, body: bytes) -> None:
    # What a browser asks before it calls from elsewhere is no matter of the contract's.
    if status and body and method not in ("HEAD", "OPTIONS") and not path.startswith("/v1/artifacts/"):
        tap.answer(method, path, status, body)


def install(tap: Wiretap) -> None:
    """Listen in on every emulator and every client of this process, from now on."""
    from voicenb.emulator import app as emulator_app
    from voicenb.protocol.codec import encode
    from voicenb.service.rest import Rest
    from voicenb.session.wire import Wire

    make, send, ask = emulator_app.application, Wire.send, Rest.ask
    begun: weakref.WeakSet[Any] = weakref.WeakSet()  # transports over which a session has begun or gone on

    async def tapped_send(wire: Any, message: Any, **more: Any) -> None:
        transport = wire.transport
        await send(wire, message, **more)
        tap.client(encode(message), first=transport not in begun)
        if message.type in ("session.update", "session.resume"):
            begun.add(transport)

    def tapped_ask(rest: Any, method: str, path: str, **more: Any) -> Any:
        if more.get("body") is not None:
            tap.body(method, path, more["body"])
        return ask(rest, method, path, **more)

    emulator_app.application = lambda emulator: tapped(make(emulator), tap)  # type: ignore[assignment]
    Wire.send = tapped_send  # type: ignore[method-assign]
    Rest.ask = tapped_ask  # type: ignore[method-assign]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "off_the_contract: sends what the contract does not know, on purpose")


@pytest.fixture(scope="session", autouse=True)
def _wiretap(request: pytest.FixtureRequest) -> None:
    if any(_listened(item) for item in request.session.items):
        install(TAP)


@pytest.fixture(autouse=True)
def _on_the_contract(request: pytest.FixtureRequest, _wiretap: None) -> Iterator[None]:
    """Every message that either side sends is one of the contract's."""
    TAP.take()  # what others have left, who are not listened to
    yield
    if not _listened(request.node):
        return
    wrong = TAP.take()
    if request.node.get_closest_marker("off_the_contract") is None:
        assert not wrong, f"{len(wrong)} messages off the contract: " + "\n".join(wrong[:5])


def _listened(item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(folder) for folder in LISTENED)
