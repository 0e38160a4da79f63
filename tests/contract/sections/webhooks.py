"""Section 18: webhooks."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json

import pytest
from rule import CLOCK, INSIDE, REST, rule
from wire_schema import fault

import voicenb as vn

PATH = "/v1/webhook-subscriptions"
SECRET = "s" * 32
GOOD = {
    "url": "https://example.com/hook",
    "events": ["session.started", "session.completed"],
    "secret": SECRET,
}
HEADER = "X-AAI-Signature"

managed = rule(
    "18 manage",
    "POST, GET one, GET list (key subscriptions), PATCH, PUT (C23), DELETE.",
    differs="C23",
    alone=REST,
)


@managed
async def _(world):
    made = await world.ok("POST", PATH, GOOD)
    path = f"{PATH}/{made['id']}"
    assert await world.ok("GET", path) == made
    assert made in (await world.ok("GET", PATH))["subscriptions"]
    assert (await world.ok("PATCH", path, {"enabled": False}))["enabled"] is False
    assert (await world.ok("PUT", path, {"events": ["call.ended"]}))["events"] == ["call.ended"]
    assert (await world.rest("DELETE", path)).status_code == 204
    assert (await world.rest("GET", path)).status_code == 404


@managed.client
def _(hosted):
    made = hosted.subscribe(GOOD["url"], GOOD["events"], SECRET)
    try:
        assert made.id in [each.id for each in hosted.webhooks()]
        assert hosted.change_webhook(made, enabled=False).enabled is False
    finally:
        hosted.unsubscribe(made)
    with pytest.raises(vn.ServiceError) as gone:
        hosted.change_webhook(made, enabled=True)
    assert gone.value.code == "webhook_subscription_not_found"


@rule("18 answer", "Eight fields; the secret is never told.", emulator=INSIDE, alone=REST)
async def _(world):
    answer = await world.rest("POST", PATH, GOOD)
    assert (answer.status_code, SECRET in answer.text) == (201, False)
    fields = {"id", "agent_id", "url", "events", "enabled", "secret_version", "created_at", "updated_at"}
    assert set(answer.json()) == fields
    assert answer.json()["enabled"] is True


for name, change, param in (
    ("url over http", {"url": "http://example.com"}, "url"),
    ("url of 2049 characters", {"url": "https://example.com/" + "x" * 2029}, "url"),
    ("no events", {"events": []}, "events"),
    ("an event twice", {"events": ["call.ended", "call.ended"]}, "events"),
    ("an unknown event", {"events": ["session.paused"]}, "events"),
    ("a short secret", {"secret": "s" * 31}, "secret"),
    ("a long secret", {"secret": "s" * 257}, "secret"),
    ("a secret with a space", {"secret": "s " * 20}, "secret"),
    ("a secret that is not ASCII", {"secret": "ß" * 32}, "secret"),
    ("an unknown key", {"mood": "good"}, "mood"),
):

    @rule(f"18 refused: {name}", "A subscription that cannot be is a 422.", alone=REST)
    async def _(world, change=change, param=param):
        answer = await world.rest("POST", PATH, {**GOOD, **change})
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_error"), answer.text
        assert answer.json()["param"].startswith(param)


@rule("18 taken: all events", "The five events.", emulator=INSIDE, alone=REST)
async def _(world):
    events = ["session.started", "session.completed", "call.connected", "call.ended", "call.failed"]
    assert (await world.ok("POST", PATH, {**GOOD, "events": events}))["events"] == events


@rule("18 taken: secrets of 32 and 256", "32 to 256 characters.", emulator=INSIDE, alone=REST)
async def _(world):
    for n, length in enumerate((32, 256)):
        body = {**GOOD, "url": f"https://example.com/{n}", "secret": "s" * length}
        assert (await world.rest("POST", PATH, body)).status_code == 201


@rule(
    "18 update: one of its fields",
    "Any of url, events, secret and enabled; the rest stays.",
    emulator=INSIDE,
    alone=REST,
)
async def _(world):
    made = await world.ok("POST", PATH, GOOD)
    for n, change in enumerate(
        ({"url": "https://example.com/2"}, {"events": ["call.ended"]}, {"enabled": False})
    ):
        changed = await world.ok("PATCH", f"{PATH}/{made['id']}", change)
        assert change.items() <= changed.items(), n
    assert (await world.ok("PATCH", f"{PATH}/{made['id']}", {"secret": "t" * 40}))["secret_version"] == 2


class Hook:
    """Who is told."""

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.told = []

    async def __call__(self, url, headers, body):
        self.told.append((url, headers, body))
        return self.statuses.pop(0) if self.statuses else 200


async def told_of(world, hook, wait=1.0, **subscription):
    """A session from its beginning to its end, with one who is told; its id."""
    world.emulator.resources.webhooks.post = hook
    body = {**GOOD, "url": "http://127.0.0.1:9000/hook", **subscription}
    await world.ok("POST", PATH, body)
    async with world.bare() as it:
        session_id = (await it.start(mute=True))["session_id"]
        await it.send("session.end")
        await it.until("session.ended")
    await asyncio.sleep(wait)
    return session_id


@rule(
    "18 payload",
    "event, event_id and the session; one for each event that is subscribed to.",
    emulator=INSIDE,
    alone=REST,
)
async def _(world):
    hook = Hook()
    session_id = await told_of(world, hook)
    payloads = [json.loads(body) for _, _, body in hook.told]
    assert [payload["event"] for payload in payloads] == ["session.started", "session.completed"]
    assert len({payload["event_id"] for payload in payloads}) == 2
    for payload in payloads:
        assert payload["session"]["id"] == session_id
        assert not fault("WebhookPayload", payload)


signed = rule(
    "18 signature",
    "X-AAI-Signature: t=..,v1=..: HMAC-SHA256 over t, a dot and the raw body.",
    emulator=INSIDE,
    alone=REST,
)


@signed
async def _(world):
    hook = Hook()
    await told_of(world, hook)
    for _, headers, body in hook.told:
        stamp, digest = (part.partition("=")[2] for part in headers[HEADER].split(","))
        wanted = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        assert digest == wanted


@signed.client
def _(hosted):
    del hosted
    body, now = b'{"event": "session.started"}', 1_790_000_000
    digest = hmac.new(SECRET.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {HEADER: f"t={now},v1={digest}"}
    assert vn.verify_webhook(headers, body, SECRET, now=now + 299)
    assert not vn.verify_webhook(headers, body, SECRET, now=now + 301)
    assert not vn.verify_webhook(headers, body + b" ", SECRET, now=now)
    assert not vn.verify_webhook(headers, body, "t" * 32, now=now)


@rule(
    "18 retry", "What is not answered 2xx is sent again, with the same event_id.", emulator=CLOCK, alone=REST
)
async def _(world):
    hook = Hook(500)
    await told_of(world, hook, wait=600, events=["session.completed"])
    ids = [json.loads(body)["event_id"] for _, _, body in hook.told]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@rule(
    "18 deliveries",
    "A record of each: status, attempts, code, error, next_retry_at.",
    emulator=CLOCK,
    alone=REST,
)
async def _(world):
    session_id = await told_of(world, Hook(), events=["session.completed"])
    path = f"/v1/sessions/{session_id}/webhook-deliveries"
    (delivery,) = (await world.ok("GET", path))["deliveries"]
    assert (delivery["status"], delivery["attempt_count"], delivery["http_status_code"]) == (
        "delivered",
        1,
        200,
    )
    assert await world.ok("GET", f"{path}/latest") == delivery


@rule("18 deliveries: failed", "Who never answers 2xx is given up.", emulator=CLOCK, alone=REST)
async def _(world):
    session_id = await told_of(world, Hook(*[500] * 50), wait=15_000, events=["session.completed"])
    (delivery,) = (await world.ok("GET", f"/v1/sessions/{session_id}/webhook-deliveries"))["deliveries"]
    assert (delivery["status"], delivery["http_status_code"]) == ("failed", 500)
    assert delivery["error"]
    assert delivery["next_retry_at"] is None


@rule("18 disabled", "A subscription that is not enabled is told nothing.", emulator=INSIDE, alone=REST)
async def _(world):
    hook = Hook()
    await told_of(world, hook, enabled=False)
    assert hook.told == []


@rule("18 agent_id", "With agent_id it is told of that agent's sessions only.", emulator=INSIDE, alone=REST)
async def _(world):
    hook = Hook()
    async with world.agent() as agent:
        await told_of(world, hook, agent_id=agent["id"])
    assert hook.told == []
