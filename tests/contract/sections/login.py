"""Sections 1 and 2: the surface, and who may come in."""

from __future__ import annotations

import asyncio

import pytest
from rule import CLOCK, INSIDE, RAW, REST, rule

import voicenb as vn

MESSAGE = "Authentication failed"


@rule("1 socket: /v1/ws", "The conversation socket is at /v1/ws.")
async def _(world):
    async with world.open("/v1/ws") as it:
        assert (await it.start(mute=True))["session_id"]


@rule(
    "1 regions: a host's own agents", "Stored agents belong to one host; another one has not heard of them."
)
async def _(world):
    async with world.open() as it:
        await it.start_refused({"agent_id": "agent_of_another_host"}, "agent_not_found", "agent_id")


for name, headers in (
    ("raw key", {"Authorization": "{key}"}),
    ("Bearer key", {"Authorization": "Bearer {key}"}),
    ("Bearer in lower case", {"Authorization": "bearer {key}"}),
):
    for path in ("/v1/agents", "/v1/sessions", "/v1/token?expires_in_seconds=60"):

        @rule(
            f"2 REST: {name}, {path.partition('?')[0]}", "REST takes the key raw and as Bearer.", alone=REST
        )
        async def _(world, headers=headers, path=path):
            with_key = {field: value.format(key=world.key) for field, value in headers.items()}
            assert (await world.rest("GET", path, key="", headers=with_key)).status_code == 200


no_key = rule("2 REST: no key", "Without an Authorization header REST answers 401.", alone=REST)


@no_key
async def _(world):
    answer = await world.rest("GET", "/v1/agents", key="")
    assert (answer.status_code, answer.json()["detail"]) == (401, "Missing authorization header")


wrong_key = rule("2 REST: wrong key", "With a key that does not pass REST answers 401.", alone=REST)


@wrong_key
async def _(world):
    answer = await world.rest("GET", "/v1/agents", key="wrong")
    assert (answer.status_code, answer.json()["detail"]) == (401, "Unauthorized")


@wrong_key.client
def _(hosted):
    with pytest.raises(vn.Unauthorized) as refused:
        vn.Hosted(key="wrong-wrong-wrong", host=f"http://{hosted.host}").list()
    assert refused.value.status == 401


@rule("2 socket: key as Bearer", "The upgrade request takes the key as Bearer.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)


@rule("2 socket: key in the query", "?token= takes the API key itself, as the quickstart page sends it.")
async def _(world):
    async with world.open(f"?token={world.key}", key="") as it:
        await it.start(mute=True)


@rule("2 socket: token in the query", "?token= takes a minted token.")
async def _(world):
    async with world.open(f"?token={await world.token()}", key="") as it:
        await it.start(mute=True)


@rule("2 socket: token as Bearer", "A minted token passes in the header too.")
async def _(world):
    async with world.open(key=await world.token()) as it:
        await it.start(mute=True)


@rule(
    "2 socket: resume token as Bearer",
    "A resume_token from session.ready opens a socket as Bearer.",
    alone="voicenb resumes with its key",
    differs="C24",
)
async def _(world):
    async with world.open() as it:
        ready = await it.start(mute=True)
        await it.drop()
    async with world.open(key=ready["resume_token"]) as it:
        await it.send("session.resume", session_id=ready["session_id"])
        assert (await it.until("session.ready"))["session_id"] == ready["session_id"]


for name, query, key in (
    ("wrong key", "", "wrong-wrong-wrong"),
    ("wrong token", "?token=wrong-wrong-wrong", ""),
    ("empty token", "?token=", ""),
    ("nothing", "", ""),
):
    refused = rule(
        f"2 socket: {name}",
        "The upgrade succeeds; one session.error UNAUTHORIZED without session_id and param; close 1008.",
        differs="C6",
    )

    async def bare(world, query=query, key=key):
        async with world.open(query, key) as it:
            error = await it.error("UNAUTHORIZED")
            assert (error["message"], error["session_id"], error["param"]) == (MESSAGE, None, None)
            assert (await it.until_closed())[0] == 1008
            assert it.kinds == ["session.error"]

    async def by_client(world, query=query, key=key):
        async with world.open(query, key) as it:
            await it.begin({})
            await it.until_closed()
            assert isinstance(it.error_that_ended, vn.Unauthorized)

    refused(bare).client(by_client)


@rule(
    "2 socket: case of the code",
    "C6: the live profile writes unauthorized in lower case; clients compare without regard to case.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
)
async def _(world):
    async with world.bare(key="wrong") as it:
        await it.error("unauthorized")
    world.way = "client"
    async with world.open(key="wrong") as it:
        await it.begin({})
        await it.until_closed()
        assert it.error_that_ended.code == "unauthorized"


@rule("2 socket: expired token", "An expired token is refused as a wrong one.", emulator=CLOCK, alone=RAW)
async def _(world):
    token = await world.token(expires_in_seconds=1)
    await asyncio.sleep(1.5)
    async with world.bare(f"?token={token}", key="") as it:
        await it.error("UNAUTHORIZED")
        assert (await it.until_closed())[0] == 1008


@rule("2 REST: a token is no key", "A minted token opens a socket and no REST route.", alone=REST)
async def _(world):
    answer = await world.rest("GET", "/v1/agents", key=await world.token())
    assert answer.status_code == 401
