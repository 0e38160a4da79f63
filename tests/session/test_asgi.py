"""The in-memory transport: a WebSocket without a socket."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from voicenb.errors import ServiceUnreachable, Unauthorized
from voicenb.service.address import Address
from voicenb.session.asgi import AsgiTransport, connector
from voicenb.session.transport import ConnectionClosed
from voicenb.testing.virtual_clock import run_virtually

ADDRESS = Address("ws://app/v1/ws?token=t", key="k")


def with_app(app: Any, use: Any) -> Any:
    async def main() -> Any:
        transport = await connector(app)(ADDRESS)
        try:
            return await use(transport)
        finally:
            await transport.close()

    return run_virtually(main)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


def test_frames_there_and_back() -> None:
    async def use(transport: AsgiTransport) -> list[str | bytes]:
        for n in range(3):
            await transport.send(str(n))
        return [await transport.receive() for _ in range(3)]

    assert with_app(echo, use) == ["0", "1", "2"]


def test_binary_frames_come_as_bytes() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "bytes": b"\x01"})
        await send({"type": "websocket.close", "code": 1000})

    async def use(transport: AsgiTransport) -> Any:
        return await transport.receive()

    assert with_app(app, use) == b"\x01"


def test_the_scope_is_that_of_a_login() -> None:
    scopes: list[dict[str, Any]] = []

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        scopes.append(scope)
        await echo(scope, receive, send)

    async def use(transport: AsgiTransport) -> None: ...

    with_app(app, use)
    (scope,) = scopes
    assert (scope["type"], scope["path"], scope["query_string"]) == ("websocket", "/v1/ws", b"token=t")
    assert (b"authorization", b"Bearer k") in scope["headers"]
    assert (b"host", b"app") in scope["headers"]


def test_a_starlette_app() -> None:
    from starlette.applications import Starlette
    from starlette.routing import WebSocketRoute
    from starlette.websockets import WebSocket

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text() + websocket.headers["authorization"])
        await websocket.close(1008, "enough")

    async def use(transport: AsgiTransport) -> tuple[str | bytes, int, str]:
        await transport.send("I am ")
        text = await transport.receive()
        with pytest.raises(ConnectionClosed) as closed:
            await transport.receive()
        with pytest.raises(ConnectionClosed):
            await transport.receive()
        return text, closed.value.code, closed.value.reason

    app = Starlette(routes=[WebSocketRoute("/v1/ws", endpoint)])
    assert with_app(app, use) == ("I am Bearer k", 1008, "enough")


@pytest.mark.parametrize("code", [1000, 1001, 3000])
def test_the_app_hears_of_the_end(code: int) -> None:
    heard: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        heard.append(await receive())
        with pytest.raises(OSError, match="closed"):
            await send({"type": "websocket.send", "text": "too late"})

    async def main() -> None:
        transport = await connector(app)(ADDRESS)
        await transport.close(code)
        await transport.close()
        with pytest.raises(ConnectionClosed):
            await transport.send("x")

    run_virtually(main)
    assert heard == [{"type": "websocket.disconnect", "code": code, "reason": ""}]


@pytest.mark.parametrize(
    ("status", "error"), [(403, Unauthorized), (401, Unauthorized), (404, ServiceUnreachable)]
)
def test_a_refused_handshake(status: int, error: type[Exception]) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.http.response.start", "status": status, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})

    async def main() -> None:
        await connector(app)(ADDRESS)

    with pytest.raises(error):
        run_virtually(main)


@pytest.mark.parametrize("where", ["connect", "receive", "send"])
def test_what_the_app_raises_is_raised_here(where: str) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if where != "connect":
            await send({"type": "websocket.accept"})
        raise ZeroDivisionError("in the app")

    async def use(transport: AsgiTransport) -> None:
        if where == "send":
            await asyncio.sleep(0)
            await transport.send("x")
        else:
            await transport.receive()

    with pytest.raises(ZeroDivisionError, match="in the app"):
        with_app(app, use)


def test_an_app_that_returns_has_dropped_the_connection() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})

    async def use(transport: AsgiTransport) -> tuple[int, str]:
        with pytest.raises(ConnectionClosed) as closed:
            await transport.receive()
        return closed.value.code, closed.value.reason

    assert with_app(app, use) == (1006, "connection lost")


def test_an_app_that_does_not_end_is_cancelled() -> None:
    ended: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        try:
            await asyncio.sleep(1000)
        finally:
            ended.append("cancelled")

    async def use(transport: AsgiTransport) -> None: ...

    with_app(app, use)
    assert ended == ["cancelled"]


def test_a_client_that_does_not_listen_holds_the_app_up() -> None:
    sent: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        for n in range(1000):
            await send({"type": "websocket.send", "text": str(n)})
            sent.append(n)

    async def use(transport: AsgiTransport) -> None:
        await asyncio.sleep(1)
        assert len(sent) <= 257

    with pytest.raises(OSError, match="closed"):
        with_app(app, use_and_check(use))


def use_and_check(use: Any) -> Any:
    async def both(transport: AsgiTransport) -> None:
        await use(transport)
        await transport.close()
        transport._raise_if_over()

    return both
