"""What a rule is checked on: an emulator of stand-ins on the virtual clock, or a service somewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from unittest.mock import patch

import httpx
from model import Model
from rule import CLIENT
from talkers import Bare, Voicenb
from theater import Stage, clip

from voicenb.agent import Agent
from voicenb.emulator.brains.openai import OpenAIBrain
from voicenb.service.address import Address
from voicenb.session.asgi import connector
from voicenb.session.host import Plan
from voicenb.session.microphones import Spoken
from voicenb.session.opening import tools_of
from voicenb.session.speakers import Muted
from voicenb.testing.call import Call
from voicenb.testing.elsewhere import AtOnce
from voicenb.testing.virtual_clock import run_virtually

KEY = "right"
AGENT = {"name": "Contract", "system_prompt": "You are a clerk.", "voice": {"voice_id": "alba"}}
"""The least that a stored agent is."""

Body = Mapping[str, Any] | list[Any] | None


class World:
    """A service, and the way to it.

    Args:
        way: ``"socket"`` or ``"client"``.
        endpoint: a server on loopback, for HTTP tools and language models; None where there is none.
    """

    key = KEY
    liberal = False
    endpoint: Any

    def __init__(self, way: str, endpoint: Any = None) -> None:
        self.way = way
        self.endpoint = endpoint
        self._client: httpx.AsyncClient | None = None

    def run(self, check: Callable[[Any], Awaitable[None]]) -> None:
        """Check a rule here."""
        raise NotImplementedError

    def _address(self, query: str, key: str) -> Address:
        raise NotImplementedError

    async def _connect(self, address: Address) -> Any:
        raise NotImplementedError

    def _http(self) -> httpx.AsyncClient:
        raise NotImplementedError

    @asynccontextmanager
    async def open(self, query: str = "", key: str | None = None) -> AsyncIterator[Any]:
        """A client, which begins with ``start``."""
        address = self._address(query, self.key if key is None else key)
        if self.way == CLIENT:
            talker: Any = Voicenb(address, self._connect)
        else:
            talker = Bare(await self._connect(address), liberal=self.liberal)
        try:
            yield talker
        finally:
            await talker.end()

    @asynccontextmanager
    async def bare(self, query: str = "", key: str | None = None) -> AsyncIterator[Bare]:
        """A bare socket."""
        address = self._address(query, self.key if key is None else key)
        talker = Bare(await self._connect(address), liberal=self.liberal)
        try:
            yield talker
        finally:
            await talker.end()

    async def rest(
        self, method: str, path: str, body: Body = None, *, key: str | None = None, **more: Any
    ) -> httpx.Response:
        """One request by bare HTTP; ``key=""`` sends none."""
        headers = more.pop("headers", {})
        credential = self.key if key is None else key
        if credential:
            headers = {"Authorization": credential, **headers}
        if body is not None:
            more["json"] = body
        if self._client is None:
            self._client = self._http()
        return await self._client.request(method, path, headers=headers, **more)

    async def ok(self, method: str, path: str, body: Body = None, **more: Any) -> Any:
        """The body of a good answer."""
        answer = await self.rest(method, path, body, **more)
        assert answer.is_success, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    async def invalid(self, method: str, path: str, body: Body, param: str | None) -> None:
        """The request is refused as invalid."""
        answer = await self.rest(method, path, body)
        told = answer.json()
        assert (answer.status_code, told["code"]) == (422, "validation_error"), answer.text
        if param is not None:
            assert told["param"] == param, told

    async def token(self, **query: Any) -> str:
        """A minted token."""
        return str((await self.ok("GET", "/v1/token", params={"expires_in_seconds": 60, **query}))["token"])

    @asynccontextmanager
    async def agent(self, **fields: Any) -> AsyncIterator[dict[str, Any]]:
        """A stored agent, deleted afterwards."""
        stored = await self.ok("POST", "/v1/agents", {**AGENT, **fields})
        try:
            yield stored
        finally:
            with suppress(AssertionError):
                await self.ok("DELETE", f"/v1/agents/{stored['id']}")

    @staticmethod
    def words(name: str = "go-forward") -> bytes:
        """Somebody's voice."""
        return clip(name)


class Emulated(World):
    """An emulator of stand-ins, with everything on one virtual clock."""

    def __init__(self, way: str, options: Mapping[str, Any], endpoint: Any = None) -> None:
        super().__init__(way, endpoint)
        self.stage = Stage(**{"key": KEY, **options})
        self.emulator = self.stage.emulator
        self.brain = self.stage.brain
        self.model = Model()

    def run(self, check: Callable[[Any], Awaitable[None]]) -> None:
        with patch.object(OpenAIBrain, "_client", self.model.reached_by(OpenAIBrain._client)):
            run_virtually(lambda: check(self), limit=20_000)  # type: ignore[arg-type]

    def _address(self, query: str, key: str) -> Address:
        path, mark, rest = query.partition("?")
        return Address(f"ws://127.0.0.1{path or '/v1/ws'}{mark}{rest}", key=key)

    async def _connect(self, address: Address) -> Any:
        return await connector(self.emulator.app)(address)

    def _http(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.emulator.app)
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", verify=False)

    async def held(self, agent: Agent, until: str) -> None:
        """voicenb holds a call with an agent and its tools, until the agent has said that."""
        microphone = Spoken(self.words(), "contract", before=0.5)
        plan = Plan(
            self._address("", self.key),
            agent.to_session(),
            microphone=microphone,
            speaker=Muted(),
            connect=self._connect,
        )
        call = Call(plan, tools_of(agent), AtOnce())
        running = asyncio.ensure_future(call.run())
        try:
            for _ in range(600):
                if self.emulator.sessions and until in self._said():
                    return
                await asyncio.sleep(0.1)
            raise AssertionError(f"{until!r} was not said: {self._said()}")
        finally:
            running.cancel()
            await asyncio.wait({running})

    def _said(self) -> list[str]:
        turns = self.session.turns
        return [] if turns is None else [line.text for line in turns.history]

    @property
    def session(self) -> Any:
        """The session that began last."""
        return self.emulator.sessions[-1]


class Elsewhere(World):
    """A service at an address, on the real clock.

    Args:
        way: as above.
        host: e.g. ``"https://agents.assemblyai.com"``.
        key: the API key.
    """

    liberal = True

    def __init__(self, way: str, host: str, key: str) -> None:
        super().__init__(way)
        self.host, self.key = host.rstrip("/"), key

    def run(self, check: Callable[[Any], Awaitable[None]]) -> None:
        asyncio.run(self._run(check))

    async def _run(self, check: Callable[[Any], Awaitable[None]]) -> None:
        try:
            await check(self)
        finally:
            if self._client is not None:
                await self._client.aclose()

    def _address(self, query: str, key: str) -> Address:
        path, mark, rest = query.partition("?")
        return Address(f"ws{self.host.removeprefix('http')}{path or '/v1/ws'}{mark}{rest}", key=key)

    async def _connect(self, address: Address) -> Any:
        from voicenb.session.web import connect

        return await connect(address)

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.host, timeout=20)
