"""Section 3: temporary tokens."""

from __future__ import annotations

import asyncio

import pytest
from rule import CLOCK, INSIDE, REST, rule

import voicenb as vn

PATH = "/v1/token"

minted = rule(
    "3 token: answer", "GET /v1/token gives the token and for how long it can be redeemed.", alone=REST
)


@minted
async def _(world):
    told = await world.ok("GET", PATH, params={"expires_in_seconds": 60})
    assert told["expires_in_seconds"] == 60
    assert len(told["token"]) > 100


@minted.client
def _(hosted):
    token = hosted.token(expires_in_seconds=60, max_session_duration_seconds=600)
    address = vn.Address(f"{hosted.address().url}?token={token}")
    with vn.Session({}, service=address, recording=False) as session:
        assert session.state == "listening"


for query in (
    {"expires_in_seconds": 1},
    {"expires_in_seconds": 600},
    {"expires_in_seconds": 60, "max_session_duration_seconds": 60},
    {"max_session_duration_seconds": 10_800, "expires_in_seconds": 60},
    {"product": "voice_agent", "expires_in_seconds": 60, "else": "x"},
):

    @rule(
        f"3 token: takes {'&'.join(query)}={query['expires_in_seconds']}",
        "Ranges; unknown ones pass.",
        alone=REST,
    )
    async def _(world, query=query):
        assert (await world.rest("GET", PATH, params=query)).status_code == 200


for name, query in (
    ("none", {}),
    ("0 s", {"expires_in_seconds": 0}),
    ("601 s", {"expires_in_seconds": 601}),
    ("words", {"expires_in_seconds": "soon"}),
    ("a cap of 59 s", {"expires_in_seconds": 60, "max_session_duration_seconds": 59}),
    ("a cap of 10801 s", {"expires_in_seconds": 60, "max_session_duration_seconds": 10_801}),
):

    @rule(
        f"3 token: refuses {name}",
        "A missing parameter or one out of range is answered 400 with error, code and details.",
        differs="C8",
        alone=REST,
    )
    async def _(world, query=query):
        answer = await world.rest("GET", PATH, params=query)
        assert answer.status_code == 400
        assert {"error", "code", "details"} <= set(answer.json())

    @rule(
        f"3 token: live refuses {name}",
        "C8: seen live is 422 with a list of faults.",
        stage=lambda: {"profile": "live"},
        emulator=INSIDE,
        alone=REST,
    )
    async def _(world, query=query):
        answer = await world.rest("GET", PATH, params=query)
        assert answer.status_code == 422
        assert {"type", "loc", "msg", "input"} <= set(answer.json()["detail"][0])


local = rule(
    "3 token: ranges in the client", "voicenb refuses what is out of range before it asks.", alone=REST
)


@local.client
def _(hosted):
    for seconds in (0, 601):
        with pytest.raises(vn.InvalidConfiguration):
            hosted.token(expires_in_seconds=seconds)
    with pytest.raises(vn.InvalidConfiguration):
        hosted.token(max_session_duration_seconds=59)


for name, key, profile, status, body in (
    ("missing key", "", "contract", 401, None),
    ("wrong key", "wrong", "contract", 401, None),
    ("live, missing key", "", "live", 422, None),
    ("live, wrong key", "wrong", "live", 404, {"detail": "Invalid API key"}),
):

    @rule(
        f"3 token: {name}",
        "C8: 401 as documented; seen live are 422 and 404.",
        stage=lambda profile=profile: {"profile": profile},
        emulator=INSIDE if profile == "live" else "",
        differs="C8",
        alone=REST,
    )
    async def _(world, key=key, status=status, body=body):
        answer = await world.rest("GET", f"{PATH}?expires_in_seconds=60", key=key)
        assert answer.status_code == status
        assert body is None or answer.json() == body
        if status == 422:
            fault = answer.json()["detail"][0]
            assert (fault["type"], fault["loc"]) == ("missing", ["header", "authorization"])


@rule(
    "3 token: single use", "One token opens one session.", differs="C9", alone="a client mints one each time"
)
async def _(world):
    query = f"?token={await world.token()}"
    async with world.open(query, key="") as it:
        await it.start(mute=True)
    async with world.open(query, key="") as it:
        await it.error("UNAUTHORIZED")
        assert (await it.until_closed())[0] == 1008


@rule(
    "3 token: live, twice",
    "C9: live, one token opened two sessions at once.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
    alone="a client mints one each time",
)
async def _(world):
    query = f"?token={await world.token()}"
    async with world.open(query, key="") as one, world.open(query, key="") as two:
        await one.start(mute=True)
        await two.start(mute=True)


@rule(
    "3 token: expiry does not end a call",
    "expires_in_seconds limits the redeeming, not the call.",
    emulator=CLOCK,
)
async def _(world):
    async with world.open(f"?token={await world.token(expires_in_seconds=1)}", key="") as it:
        await it.start(mute=True)
        await asyncio.sleep(5)
        await it.alive()


@rule(
    "3 token: cap",
    "max_session_duration_seconds ends the session, with session.ended.",
    emulator=CLOCK,
    differs="C9",
)
async def _(world):
    async with world.open(f"?token={await world.token(max_session_duration_seconds=60)}", key="") as it:
        await it.start(mute=True)
        ended = await it.until("session.ended", within=100)
        assert 59 <= ended["session_duration_seconds"] <= 61
        assert (await it.until_closed())[0] == 1000


@rule(
    "3 token: live, no cap",
    "C9: live, sessions outlive their cap, and expires_at is 3595 s away.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
    alone="seen from outside there is nothing",
)
async def _(world):
    async with world.open(f"?token={await world.token(max_session_duration_seconds=60)}", key="") as it:
        ready = await it.start(mute=True)
        assert ready["expires_at"] - ready["timestamp"] == pytest.approx(3595, abs=1)
        await asyncio.sleep(100)
        await it.alive()
