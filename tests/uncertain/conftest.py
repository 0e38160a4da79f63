"""An emulator of stand-ins for each profile, and a caller of its REST side."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from theater import Client, Script, Stage

from voicenb.emulator.brain import Call, Say
from voicenb.session.transport import ConnectionClosed

LOOK = {"type": "function", "name": "look", "description": "Look it up.", "parameters": {}}


async def ask(app: Any, method: str, path: str, body: Any = None, key: str = "any") -> httpx.Response:
    """One REST request."""
    headers = {"Authorization": key} if key else {}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", verify=False) as client:
        return await client.request(method, path, json=body, headers=headers)


@pytest.fixture
def stage() -> type[Stage]:
    return Stage


@pytest.fixture
def rest() -> Callable[..., Any]:
    """Calls an app from a loop that runs: ``await rest(app, method, path, body)``."""
    return ask


@pytest.fixture
def call(profile: str) -> Callable[..., httpx.Response]:
    """Calls an emulator of the profile; ``call.emulator`` is the one."""
    emulator = Stage(profile=profile, key="sesame").emulator

    def request(method: str, path: str, body: Any = None, key: str = "sesame") -> httpx.Response:
        return asyncio.run(ask(emulator.app, method, path, body, key))

    request.emulator = emulator  # type: ignore[attr-defined]
    return request


@pytest.fixture
def first_error(profile: str) -> Callable[..., tuple[dict[str, Any], int | None]]:
    """The error that a first update is answered with, and the code with which the socket is closed then."""

    def begin(query: str = "", key: str = "any", **session: Any) -> tuple[dict[str, Any], int | None]:
        closed: list[int | None] = []

        async def talk(client: Client) -> None:
            with contextlib.suppress(ConnectionClosed):  # it may not wait for a message
                await client.send("session.update", session=session)
            await client.until("session.error")
            await asyncio.sleep(1)
            closed.append(client.closed[0] if client.closed else None)

        client = Stage(profile=profile, key="sesame" if key != "any" else None).run(talk, query, key)
        (error,) = client.of("session.error")
        return error, closed[0]

    return begin


@pytest.fixture
def calling() -> Callable[..., Script]:
    """A brain that calls a tool, and what it says then."""
    return lambda *then, before=(): Script([*before, Call("look", {})], *([Say(text)] for text in then))


@pytest.fixture
def look() -> dict[str, Any]:
    return dict(LOOK)


@pytest.fixture
def agent() -> dict[str, Any]:
    """An agent that can be stored on both profiles."""
    return {"name": "Lido", "system_prompt": "You take bookings.", "voice": {"voice_id": "alba"}}
