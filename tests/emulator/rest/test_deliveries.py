"""Webhook deliveries over REST: a session is told of."""

from __future__ import annotations

import asyncio
import json

import pytest

from voicenb.testing.virtual_clock import run_virtually

GOOD = {
    "url": "http://127.0.0.1:9000/",
    "events": ["session.started", "session.completed"],
    "secret": "s" * 32,
}


def test_a_session_is_told_of_from_its_beginning_to_its_end(stage, rest, valid):
    theater = stage()
    got = []

    async def post(url, headers, body):
        got.append(valid("WebhookPayload", json.loads(body)))
        return 200

    theater.emulator.resources.webhooks.post = post

    async def ask(method, path, body=None):
        return await rest(theater.emulator.app, method, path, body)

    async def main():
        await ask("POST", "/v1/webhook-subscriptions", GOOD)
        async with theater.client() as client:
            session_id = (await client.start(mute=True))["session_id"]
            every = f"/v1/sessions/{session_id}/webhook-deliveries"
            await asyncio.sleep(1)
            (started,) = (await ask("GET", every)).json()["deliveries"]
            assert (started["event"], started["status"]) == ("session.started", "delivered")
            await client.send("session.end")
            await client.until_closed()
            await asyncio.sleep(1)
            listed = (await ask("GET", every)).json()
            completed, again = [valid("WebhookDelivery", entry) for entry in listed["deliveries"]]
            assert again == started
            assert (await ask("GET", f"{every}/latest")).json() == completed
            assert completed["event"] == "session.completed"
            page = (await ask("GET", f"{every}?limit=1")).json()
            assert (page["deliveries"], page["has_more"]) == ([completed], True)

    run_virtually(main, limit=100)
    started, completed = got
    assert (started["session"]["status"], started["session"]["ended_at"]) == ("created", None)
    assert (completed["session"]["status"], completed["session"]["public_close_reason"]) == (
        "completed",
        "client_end",
    )
    assert completed["session"]["duration_seconds"] > 0
    assert "config" not in completed["session"]


def test_where_nothing_was_sent(stage, rest, valid):
    theater = stage()

    async def main():
        async with theater.client() as client:
            session_id = (await client.start(mute=True))["session_id"]
            every = f"/v1/sessions/{session_id}/webhook-deliveries"
            assert (await rest(theater.emulator.app, "GET", every)).json()["deliveries"] == []
            latest = await rest(theater.emulator.app, "GET", f"{every}/latest")
            code = valid("RestError", latest.json())["code"]
            assert (latest.status_code, code) == (404, "webhook_deliveries_not_found")

    run_virtually(main, limit=100)


@pytest.mark.parametrize("path", ["", "/latest"])
def test_a_session_that_there_is_not(call, valid, path):
    answer = call()("GET", f"/v1/sessions/sess_1/webhook-deliveries{path}")
    assert (answer.status_code, valid("RestError", answer.json())["code"]) == (404, "session_not_found")


@pytest.mark.parametrize(("query", "param"), [("limit=0", "limit"), ("cursor=x", "cursor")])
def test_what_a_list_may_not_be_asked(stage, rest, valid, query, param):
    theater = stage()

    async def main():
        async with theater.client() as client:
            session_id = (await client.start(mute=True))["session_id"]
            path = f"/v1/sessions/{session_id}/webhook-deliveries?{query}"
            answer = await rest(theater.emulator.app, "GET", path)
            assert (answer.status_code, valid("RestError", answer.json())["param"]) == (422, param)

    run_virtually(main, limit=100)
