"""The application: its paths, the page that says what it is, the sessions that it remembers."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from voicenb.emulator import app


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


@pytest.mark.parametrize("path", ["/v2/agents", "/v1", "/v1/ws"])
def test_other_paths_are_not_found(plain_emulator, path):
    assert get(plain_emulator(), path).status_code == 404


@pytest.mark.parametrize(
    ("origin", "allowed"), [("http://localhost:3000", True), ("https://example.org", False)]
)
def test_pages_of_this_machine_may_read_the_answers(plain_emulator, origin, allowed):
    answer = get(plain_emulator(), "/", headers={"Origin": origin})
    assert (answer.status_code == 200) is allowed
    assert (answer.headers.get("access-control-allow-origin") == origin) is allowed


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
    assert sessions[0].ended_by == "close"  # the one that went on all the time
    assert [session.ended_by for session in sessions[1:]] == ["session.end"] * 2
