"""The transport of the web, against real sockets."""

from __future__ import annotations

import asyncio
import http
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.server import serve

from voicenb.errors import InvalidConfiguration, ServiceUnreachable, Unauthorized
from voicenb.service.address import Address
from voicenb.session import pulse, web
from voicenb.session.transport import ConnectionClosed
from voicenb.session.web import WebTransport, connect


def talk(
    handler: Callable[[Any], Awaitable[None]], use: Callable[[WebTransport], Awaitable[Any]], **options: Any
) -> Any:
    async def main() -> Any:
        async with serve(handler, "127.0.0.1", 0, **options) as server:
            port = server.sockets[0].getsockname()[1]
            transport = await connect(Address(f"ws://127.0.0.1:{port}/v1/ws", key="k"))
            try:
                return await use(transport)
            finally:
                await transport.close()
                await transport.close()

    return asyncio.run(main())


def test_frames_there_and_back() -> None:
    async def handler(connection: Any) -> None:
        assert connection.request.headers["Authorization"] == "Bearer k"
        assert "permessage-deflate" not in connection.request.headers.get("Sec-WebSocket-Extensions", "")
        await connection.send(await connection.recv())
        await connection.send(b"\x01")
        await connection.close(1008, "enough")

    async def use(transport: WebTransport) -> tuple[Any, ...]:
        raw = transport._connection.transport.get_extra_info("socket")
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        await transport.send("x" * 2_000_000)
        text, data = await transport.receive(), await transport.receive()
        with pytest.raises(ConnectionClosed) as closed:
            await transport.receive()
        with pytest.raises(ConnectionClosed):
            await transport.send("x")
        return len(text), data, closed.value.code, closed.value.reason

    assert talk(handler, use, max_size=None) == (2_000_000, b"\x01", 1008, "enough")


def test_a_connection_that_breaks() -> None:
    async def handler(connection: Any) -> None:
        connection.transport.abort()

    async def use(transport: WebTransport) -> int:
        with pytest.raises(ConnectionClosed) as closed:
            await transport.receive()
        return closed.value.code

    assert talk(handler, use) == 1006


def test_a_service_without_a_sign_of_life_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "TICK", 0.05)
    over = asyncio.Event()

    async def handler(connection: Any) -> None:
        await connection.recv()
        await connection.send("ready")
        connection.transport.pause_reading()  # neither pings nor the end are seen from now on
        await over.wait()
        connection.transport.abort()

    async def use(transport: WebTransport) -> ConnectionClosed:
        await transport.send("begin")
        assert await transport.receive() == "ready"
        assert not transport.in_doubt
        with pytest.raises(ConnectionClosed) as closed:
            await transport.receive()
        assert transport.in_doubt
        with pytest.raises(ConnectionClosed, match="no sign of life"):
            await transport.send("x")
        over.set()
        return closed.value

    closed = talk(handler, use)
    assert (closed.code, closed.reason) == (1006, "no sign of life for 0 s")
    assert 0.05 * (pulse.DEAD - 1) <= closed.silent < 5


def test_a_service_that_only_answers_pings_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "TICK", 0.05)

    async def handler(connection: Any) -> None:
        await connection.send("ready")
        await connection.recv()
        await connection.send("heard")

    async def use(transport: WebTransport) -> Any:
        await transport.receive()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(transport.receive(), 0.05 * pulse.DEAD * 3)
        await transport.send("x")
        return await transport.receive()

    assert talk(handler, use) == "heard"


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, Unauthorized, "refused the key"),
        (403, Unauthorized, "refused"),
        (502, ServiceUnreachable, "HTTP 502"),
    ],
)
def test_a_refused_handshake(status: int, error: type[Exception], words: str) -> None:
    async def never(connection: Any) -> None: ...

    def refuse(connection: Any, request: Any) -> Any:
        return connection.respond(http.HTTPStatus(status), "no")

    async def use(transport: WebTransport) -> None: ...

    with pytest.raises(error, match=words):
        talk(never, use, process_request=refuse)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ServiceUnreachable, match=f"127.0.0.1:{port}") as raised:
        asyncio.run(connect(Address(f"ws://127.0.0.1:{port}/v1/ws?token=secret")))
    assert "secret" not in str(raised.value)
    assert "voicenb emulator" in raised.value.remedy


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "OPEN_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(ServiceUnreachable, match=r"did not answer within 0\.05 s"):
            asyncio.run(connect(Address(f"ws://127.0.0.1:{port}/v1/ws")))


def test_something_else_answers() -> None:
    async def main() -> None:
        async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 mail.example ESMTP\r\n")
            writer.close()

        async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await connect(Address(f"ws://127.0.0.1:{port}/v1/ws"))

    with pytest.raises(ServiceUnreachable):
        asyncio.run(main())


@pytest.mark.parametrize("url", ["ftp://x", "nonsense", "ws://"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(InvalidConfiguration, match="no address"):
        asyncio.run(connect(Address(url)))


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(ServiceUnreachable, match="No connection to"):
        asyncio.run(connect(Address("ws://voicenb.invalid/v1/ws")))


KEY = "a-key-of-a-good-length"


async def answering(answer: bytes, address: Callable[[int], Address]) -> None:
    """Connect to a server that answers any handshake with that."""

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        await connect(address(server.sockets[0].getsockname()[1]))


@pytest.mark.parametrize(
    "answer",
    [
        f"HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: {KEY}\r\n\r\n",
        f"HTTP/1.1 101 Yes\r\nConnection: Bearer {KEY}\r\nUpgrade: websocket\r\n\r\n",
        f"HTTP/1.1 101 {KEY}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Accept: {KEY}\r\n\r\n",
        f"HTTP/1.1 500 {KEY}\r\nContent-Length: 0\r\n\r\n",
        f"{KEY}\r\n\r\n",
    ],
    ids=["upgrade", "connection", "accept", "refused", "no http"],
)
def test_a_handshake_that_fails_is_told_in_our_own_words(answer: str) -> None:
    with pytest.raises(ServiceUnreachable, match=r"127\.0\.0\.1") as caught:
        asyncio.run(answering(answer.encode(), lambda port: Address(f"ws://127.0.0.1:{port}/x", key=KEY)))
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value.facts)
    assert caught.value.__context__ is None


def test_the_login_of_a_proxy_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ws_proxy", "nonsense://me:secret@proxy.invalid:1")
    monkeypatch.setenv("all_proxy", "nonsense://me:secret@proxy.invalid:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(ServiceUnreachable, match="the proxy failed") as caught:
        asyncio.run(connect(Address("ws://service.invalid/v1/ws", key=KEY)))
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_login_in_the_address_is_not_shown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for url in (f"ws://me:secret@127.0.0.1:{port}/v1/ws", "http://me:secret@x/v1/ws?token=secret"):
        with pytest.raises((ServiceUnreachable, InvalidConfiguration)) as caught:
            asyncio.run(connect(Address(url)))
        assert "secret" not in str(caught.value)


def test_a_service_that_sends_the_key_back() -> None:
    async def handler(connection: Any) -> None:
        await connection.send(f"invalid key {KEY}")
        await connection.close(1008, f"invalid key {KEY}")

    async def main() -> tuple[Any, ...]:
        async with serve(handler, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            transport = await connect(Address(f"ws://127.0.0.1:{port}/v1/ws", key=KEY))
            text = await transport.receive()
            with pytest.raises(ConnectionClosed) as closed:
                await transport.receive()
            await transport.close()
            return text, closed.value.reason

    assert asyncio.run(main()) == ("invalid key [redacted]", "invalid key [redacted]")
