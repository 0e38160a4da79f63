"""The web server on its thread: it comes up, serves, lets an app drop a connection, and goes."""

from __future__ import annotations

import asyncio
import base64
import logging
import queue
import socket
import threading

import httpx
import pytest
import websockets

from voicenb.emulator.server import Server
from voicenb.emulator.session import ABORT
from voicenb.errors import AudioError


class App:
    """Answers with its thread's name; drops WebSockets that say so."""

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        body = threading.current_thread().name.encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def _socket(self, scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            if message["text"] == "drop":
                scope["extensions"][ABORT]["call"]()
            else:
                await send({"type": "websocket.send", "text": message["text"]})


@pytest.fixture
def server():
    """A running server, and its port."""
    running = Server(App(), "127.0.0.1", 0)
    port = running.start()
    yield running, port
    running.stop(lambda: None)


def test_it_takes_a_free_port_and_serves_on_a_thread_of_its_own(server):
    _, port = server
    assert port > 0
    assert httpx.get(f"http://127.0.0.1:{port}/").text == "voicenb-emulator"


def test_two_servers_take_two_ports(server):
    other = Server(App(), "127.0.0.1", 0)
    try:
        assert other.start() != server[1]
    finally:
        other.stop(lambda: None)


def test_a_taken_port_is_an_error(server):
    with pytest.raises(OSError, match="in use"):
        Server(App(), "127.0.0.1", server[1]).start()


@pytest.mark.parametrize("asked", [False, True])
def test_a_client_from_elsewhere_that_vanishes_is_noticed(monkeypatch, asked):
    monkeypatch.setattr("voicenb.emulator.server.PING", 0.2)
    monkeypatch.setattr("voicenb.emulator.server.is_loopback", lambda host: not asked)
    running = Server(App(), "127.0.0.1", 0)
    port = running.start()
    try:
        with socket.create_connection(("127.0.0.1", port)) as mute:  # reads and never answers a ping
            mute.settimeout(5)
            key = base64.b64encode(bytes(16)).decode()
            mute.sendall(
                "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
            )
            if asked:
                while mute.recv(1000):
                    pass
            else:
                assert b"101" in mute.recv(1000)
                mute.settimeout(1)
                with pytest.raises(TimeoutError):
                    mute.recv(1000)
    finally:
        running.stop(lambda: None)


def test_an_address_of_the_newer_protocol():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:  # a machine without it: then there is no such server either
        with pytest.raises(OSError, match=r".+"):
            Server(App(), "::1", 0).start()
        return
    server = Server(App(), "::1", 0)
    port = server.start()
    try:
        assert httpx.get(f"http://[::1]:{port}/").status_code == 200
    finally:
        server.stop(lambda: None)


def test_stopping_does_what_comes_first_on_its_loop_and_frees_the_port(server):
    running, port = server
    where = []
    running.stop(lambda: where.append(threading.current_thread().name))
    assert where == ["voicenb-emulator"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")
    running.stop(lambda: where.append("again"))
    assert len(where) == 1


def test_stopping_what_never_started_is_nothing():
    done = []
    Server(App(), "127.0.0.1", 0).stop(lambda: done.append(1))
    assert done == []


def test_work_runs_on_its_loop(server):
    done = threading.Event()
    where = []

    async def work():
        where.append(threading.current_thread().name)
        done.set()

    server[0].spawn(work)
    assert done.wait(5)
    assert where == ["voicenb-emulator"]


def test_before_it_started_nothing_is_spawned():
    async def work():
        raise AssertionError

    Server(App(), "127.0.0.1", 0).spawn(work)


def test_a_connection_can_be_dropped_without_a_word(server):
    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{server[1]}/") as connection:
            await connection.send("hello")
            assert await connection.recv() == "hello"
            await connection.send("drop")
            with pytest.raises(websockets.ConnectionClosedError) as closed:
                await connection.recv()
            return closed.value.rcvd

    assert asyncio.run(talk()) is None


def test_sound_is_not_compressed(server):
    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{server[1]}/") as connection:
            return connection.response.headers.get("Sec-WebSocket-Extensions")

    assert asyncio.run(talk()) is None


def test_addresses_with_secrets_in_them_are_not_logged(server, caplog):
    caplog.set_level(0)
    assert httpx.get(f"http://127.0.0.1:{server[1]}/?token=sesame").status_code == 200
    told = [
        record.getMessage() for record in caplog.records if not record.name.startswith("http")
    ]  # not the client's
    assert not any("sesame" in line for line in told)


def test_what_nobody_waits_for_says_in_the_log_that_it_failed(server):
    logged = queue.SimpleQueue()

    class Watch(logging.Handler):
        def emit(self, record):
            logged.put(record)

    watch = Watch()
    logger = logging.getLogger("voicenb.emulator.server")
    logger.addHandler(watch)
    try:

        async def work():
            raise AudioError("There is no voice.")

        server[0].spawn(work)
        ours = logged.get(timeout=5)
        assert ["There is no voice." in ours.getMessage(), ours.exc_info] == [True, None]

        async def faulty():
            raise RuntimeError("lost")

        server[0].spawn(faulty)
        assert "lost" in str(logged.get(timeout=5).exc_info)
    finally:
        logger.removeHandler(watch)
