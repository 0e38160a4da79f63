"""The tap hears what is off the contract; otherwise it would prove nothing."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from theater import Stage
from wiretap import TAP, Wiretap, tapped

from voicenb.protocol import messages as m
from voicenb.service.place import Place
from voicenb.service.rest import Rest
from voicenb.service.retries import Retries
from voicenb.testing.virtual_clock import run_virtually

EVENT = {"type": "reply.done", "reply_id": "resp_1", "status": "completed", "timestamp": 1.0}
SOUND = {"type": "reply.audio", "reply_id": "resp_1", "data": "AAAA", "timestamp": 1.0}


@pytest.mark.parametrize(
    ("event", "right"),
    [
        (EVENT, True),
        (SOUND, True),
        ({**EVENT, "status": "maybe"}, False),
        ({**EVENT, "timestamp": None}, False),
        ({**EVENT, "heard": True}, False),
        ({key: value for key, value in EVENT.items() if key != "status"}, False),
        ({**EVENT, "type": "reply.over"}, False),
        ({**SOUND, "data": "A?"}, False),
        ({**SOUND, "data": 3}, False),
        ({"type": "error", "code": "x", "message": "x", "timestamp": 1.0}, False),
        ([], False),
    ],
)
def test_a_servers_frame(event, right):
    tap = Wiretap()
    for _ in range(2):  # of a shape that is known as well
        tap.server(json.dumps(event))
    assert (len(tap.take()) == 0) is right
    assert tap.take() == []


@pytest.mark.parametrize(
    ("message", "first", "right"),
    [
        ({"type": "input.audio", "audio": "AAAA"}, None, True),
        ({"type": "input.audio", "audio": "A?"}, None, False),
        ({"type": "tool.result", "call_id": "c", "result": {}}, None, False),
        ({"type": "session.update", "session": {"greeting": "x"}}, True, True),
        ({"type": "session.update", "session": {"greeting": "x"}}, False, False),
        ({"type": "session.update", "session": {"agent_id": "x"}}, True, True),
        ({"type": "session.update", "session": {"agent_id": "x", "greeting": "x"}}, True, False),
        ({"type": "session.update", "session": {"mood": "good"}}, None, False),
        ({"type": "session.pause"}, None, False),
    ],
)
def test_a_clients_frame(message, first, right):
    tap = Wiretap()
    tap.client(json.dumps(message), first=first)
    assert (not tap.take()) is right


def test_an_emulator_that_says_something_else():
    stage = Stage()

    async def talk(client):
        client.check = lambda event: None
        await client.start(mute=True)
        stage.session.wire.emit("reply.done", reply_id="resp_1", status="maybe")
        await client.until("reply.done")

    heard = TAP.heard
    stage.run(talk)
    assert TAP.heard >= heard + 2
    (wrong,) = TAP.take()
    assert "maybe" in wrong


def test_a_voicenb_that_says_something_else():
    from scripted_service import ScriptedService
    from talkers import Voicenb

    from voicenb.session.asgi import connector

    async def patient(peer):
        await peer.ready()
        while (await peer.get())["type"] != "session.end":
            pass

    service = ScriptedService(patient)

    async def main():
        it = Voicenb(service.address(), connector(service.app))
        await it.start(mute=True)
        await it.engine.desk._wire.send(m.SessionUpdate(session={"tools": [{"name": "look"}]}))
        await it.end()

    run_virtually(main, limit=60)
    (wrong,) = TAP.take()
    assert "tools" in wrong


def test_an_answer_over_rest_that_is_none():
    async def app(scope, receive, send):
        del receive
        body = json.dumps(
            {"agents": [{"name": "no id"}]} if scope["method"] == "GET" else {"id": "x"}
        ).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    tap = Wiretap()

    async def ask():
        transport = httpx.ASGITransport(tapped(app, tap))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", verify=False
        ) as client:
            await client.get("/v1/agents")
            await client.post("/v1/agents", json={})
            await client.get("/")

    asyncio.run(ask())
    assert [wrong.partition(":")[0] for wrong in tap.take()] == ["GET /v1/agents", "POST /v1/agents"]


def test_a_body_over_rest_that_is_none():
    rest = Rest(Place.named("http://127.0.0.1:9", None), key="k", timeout=1, retries=Retries(0))
    with pytest.raises(Exception, match="did not answer"):
        rest.ask("POST", "/v1/agents", body={"name": "x"})
    (wrong,) = TAP.take()
    assert wrong.startswith("POST /v1/agents")


@pytest.mark.off_the_contract
def test_who_breaks_a_rule_on_purpose_says_so():
    TAP.server('{"type": "reply.over"}')
