"""The application: its paths, the page that says what it is, the sessions that it remembers."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from theater import Client

from voicenb.emulator import app
from voicenb.service.address import Address
from voicenb.session.asgi import AsgiTransport
from voicenb.testing.virtual_clock import run_virtually


def get(emulator, path, **options):
    async def main():
        transport = httpx.ASGITransport(emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path, **options)

    return asyncio.run(main())


def test_the_page_says_what_it_is_before_and_after_it_is_warm(plain_emulator):
    emulator = plain_emulator(profile="live")
    cold = get(emulator, "/").json()
    assert cold == {
        "service": "voicenb emulator",
        "profile": "live",
        "brain": "script",
        "ears": "none",
        "mouth": None,
        "warm": False,
        "notice": "",
        "sessions": 0,
        "faults": [],
    }
    asyncio.run(emulator.resources.warm())
    warm = get(emulator, "/").json()
    assert (warm["ears"], warm["mouth"], warm["warm"]) == ("fixed", "tones", True)


def test_the_page_counts_the_sessions_that_run(stage):
    theater = stage()

    async def count():
        transport = httpx.ASGITransport(theater.emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.get("/")).json()["sessions"]

    async def talk(client):
        await client.start(mute=True)
        async with theater.client() as other:
            await other.start(mute=True)
            assert await count() == 2
            await other.send("session.end")
            await other.until_closed()
        assert await count() == 1

    theater.run(talk)


@pytest.mark.parametrize("path", ["/v2/agents", "/v1", "/v1/sessions/x/y/z"])
def test_other_paths_are_not_found(plain_emulator, path):
    answer = get(plain_emulator(), path)
    assert answer.status_code == 404
    body = answer.json()
    assert (body["code"], body["param"]) == ("not_found", None)
    assert path in body["message"]
    assert body["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ["/v1/ws", "/v1/realtime"])
def test_who_comes_to_the_socket_without_one_is_told(plain_emulator, path):
    answer = get(plain_emulator(), f"{path}?token=sesame")
    assert (answer.status_code, answer.headers["Upgrade"]) == (426, "websocket")
    body = answer.json()
    assert (body["code"], body["param"]) == ("invalid_request", None)
    assert body["message"] == f"This is a WebSocket: connect with ws://127.0.0.1{path}"


@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", "/v1/agents/x"), ("DELETE", "/v1/token"), ("POST", "/")]
)
def test_other_methods_are_not_allowed(plain_emulator, method, path):
    async def main():
        transport = httpx.ASGITransport(plain_emulator().app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path)

    answer = asyncio.run(main())
    assert answer.status_code == 405
    body = answer.json()
    assert (body["code"], body["param"]) == ("method_not_allowed", None)
    assert method in body["message"]
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("origin", "allowed"), [("http://localhost:3000", True), ("https://example.org", False)]
)
def test_pages_of_this_machine_may_read_the_answers(plain_emulator, origin, allowed):
    answer = get(plain_emulator(), "/", headers={"Origin": origin})
    assert (answer.status_code == 200) is allowed
    assert (answer.headers.get("access-control-allow-origin") == origin) is allowed


@pytest.mark.parametrize("origin", ["https://example.org", "http://lab.example.org:8888", "null"])
def test_where_others_may_connect_pages_from_elsewhere_need_the_key_and_nothing_else(plain_emulator, origin):
    emulator = plain_emulator(host="0.0.0.0", key="sesame")

    def ask(key):
        headers = {"Origin": origin, "Host": "lab.example.org:8765", "Authorization": key}
        return get(emulator, "/v1/agents", headers=headers)

    assert ask("sesame").status_code == 200
    assert ask("sesame").headers["access-control-allow-origin"] in (origin, "*")
    assert ask("other").status_code == 401


@pytest.mark.parametrize(("host", "allowed"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_the_browser_s_question_before_a_page_from_elsewhere_may_call(plain_emulator, host, allowed):
    async def main():
        transport = httpx.ASGITransport(plain_emulator(host=host, key="sesame").app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            asked = {
                "Access-Control-Request-Method": "PUT",
                "Access-Control-Request-Headers": "authorization",
            }
            return await client.options("/v1/agents/x", headers={"Origin": "https://example.org", **asked})

    answer = asyncio.run(main())
    assert (answer.status_code == 200) is allowed
    assert ("access-control-allow-origin" in answer.headers) is allowed


@pytest.mark.parametrize(("key", "reached"), [("sesame", True), ("other", False)])
def test_where_others_may_connect_a_page_from_elsewhere_may_talk_with_the_key(plain_emulator, key, reached):
    emulator = plain_emulator(host="0.0.0.0", key="sesame")
    sent, incoming = [], iter([{"type": "websocket.connect"}])

    async def receive():
        return next(incoming, {"type": "websocket.disconnect", "code": 1000})

    async def send(message):
        sent.append(message)

    scope = {
        "type": "websocket",
        "path": "/v1/ws",
        "query_string": f"token={key}".encode(),
        "headers": [(b"origin", b"https://example.org"), (b"host", b"lab.example.org")],
        "subprotocols": [],
    }
    asyncio.run(emulator.app(scope, receive, send))
    assert sent[0]["type"] == "websocket.accept"
    assert any("UNAUTHORIZED" in message.get("text", "") for message in sent) is not reached


@pytest.mark.parametrize("path", app.SOCKETS)
def test_older_programs_find_the_socket_too(stage, path):
    theater = stage()

    async def play():
        address = Address(f"ws://127.0.0.1{path}", key="any")
        client = Client(await AsgiTransport(theater.emulator.app, address).open())
        await client.start(mute=True)
        await client.end()

    run_virtually(play, limit=60)
    assert "/v1/realtime" in app.SOCKETS


def test_sessions_that_are_over_are_forgotten_and_running_ones_are_not(stage, monkeypatch):
    monkeypatch.setattr(app, "REMEMBERED", 3)
    theater = stage()

    async def talk(client):
        await client.start(mute=True)
        for _ in range(6):
            async with theater.client() as other:
                await other.start(mute=True)
                await other.send("session.end")
                await other.until_closed()

    theater.run(talk)
    sessions = theater.emulator.sessions
    assert len(sessions) == 3
    assert sessions[0].away  # the one that went on all the time
    assert [session.ended_by for session in sessions[1:]] == ["session.end"] * 2
