"""Subscribers are told."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import logging
from pathlib import Path

import jsonschema
import pytest

from voicenb.emulator.clock import FIXED_START, Stamps
from voicenb.emulator.database import Database
from voicenb.emulator.ids import Identifiers
from voicenb.emulator.webhooks import Subscriptions
from voicenb.emulator.webhooks_deliveries import Deliveries
from voicenb.emulator.webhooks_sender import GONE, NO_NETWORK, OUTSIDE, WAITS, Webhooks
from voicenb.testing.virtual_clock import run_virtually

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "voice-agent-api.schema.json").read_text())
HERE = {
    "url": "http://127.0.0.1:9000/hook",
    "events": ["session.started", "session.completed"],
    "secret": "s" * 32,
}
RECORD = {"id": "sess_1", "agent_id": None, "status": "created", "config": {"system_prompt": "secret"}}


def valid(name, value):
    definition = {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{name}"}
    jsonschema.Draft202012Validator(definition).validate(value)
    return value


class Receiver:
    """Whom webhooks are sent to: answers with these statuses, one after the other, and then with 200."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.got = []

    async def __call__(self, url, headers, body):
        self.got.append((asyncio.get_running_loop().time(), url, dict(headers), body))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer


def make(post, outside=False):
    database, ids, stamps = Database(), Identifiers(1), Stamps(FIXED_START)
    subscriptions = Subscriptions(database, ids, stamps, loopback=True)
    return Webhooks(subscriptions, Deliveries(database, ids, stamps), ids, stamps, post, outside=outside)


def told(webhooks, *, subscription=HERE, seconds=200.0, meanwhile=None):
    """Tell one subscriber; gives the delivery after so many seconds."""

    async def main():
        shown = webhooks.subscriptions.create(subscription)
        webhooks.tell("session.started", RECORD)
        if meanwhile is not None:
            await asyncio.sleep(0.5)
            meanwhile(shown["id"])
        await asyncio.sleep(seconds)
        (delivery,) = webhooks.deliveries.page("sess_1", 9)[0]
        return valid("WebhookDelivery", delivery)

    return run_virtually(main)


def test_what_is_sent_and_how_it_is_signed():
    receiver = Receiver()
    delivery = told(make(receiver))
    ((_, url, headers, body),) = receiver.got
    assert (url, headers["Content-Type"]) == (HERE["url"], "application/json")
    payload = valid("WebhookPayload", json.loads(body))
    assert (payload["event"], payload["event_id"]) == ("session.started", delivery["event_id"])
    assert payload["session"] == {"id": "sess_1", "agent_id": None, "status": "created"}
    stamp, digest = (part.split("=")[1] for part in headers["X-AAI-Signature"].split(","))
    assert abs(int(stamp) - FIXED_START) < 2
    assert hmac.new(b"s" * 32, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest() == digest
    assert (delivery["status"], delivery["attempt_count"], delivery["http_status_code"]) == (
        "delivered",
        1,
        200,
    )
    assert (delivery["error"], delivery["next_retry_at"]) == (None, None)


def test_what_fails_is_sent_again_later_and_later_with_a_new_signature():
    receiver = Receiver(500, OSError("no route"), 302)
    delivery = told(make(receiver))
    times = [got[0] for got in receiver.got]
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == list(WAITS[:3])
    assert len({got[3] for got in receiver.got}) == 1
    assert len({got[2]["X-AAI-Signature"] for got in receiver.got}) == 4
    assert (delivery["status"], delivery["attempt_count"]) == ("delivered", 4)


def test_while_it_fails_it_says_why_and_when_it_is_tried_again():
    webhooks = make(Receiver(500, 500))
    delivery = told(webhooks, seconds=0.5)
    assert (delivery["status"], delivery["http_status_code"]) == ("pending", 500)
    assert "500" in delivery["error"]
    assert delivery["next_retry_at"] > delivery["updated_at"]


@pytest.mark.parametrize(
    ("failure", "status", "why"),
    [(503, 503, "503"), (OSError("no route"), None, "OSError: no route"), (TimeoutError(), None, "10 s")],
)
def test_in_the_end_it_has_failed(failure, status, why):
    receiver = Receiver(*[failure] * 9)
    delivery = told(make(receiver))
    assert len(receiver.got) == len(WAITS) + 1
    assert (delivery["status"], delivery["http_status_code"]) == ("failed", status)
    assert (delivery["next_retry_at"], why in delivery["error"]) == (None, True)


@pytest.mark.parametrize("outside", [False, True])
def test_beyond_loopback_only_where_it_is_allowed(outside):
    receiver = Receiver()
    delivery = told(make(receiver, outside), subscription={**HERE, "url": "https://example.com/hook"})
    assert len(receiver.got) == outside
    assert delivery["status"] == ("delivered" if outside else "failed")
    assert delivery["error"] == (None if outside else OUTSIDE)


def test_without_a_network_nobody_is_told():
    delivery = told(make(None))
    assert (delivery["status"], delivery["error"], delivery["attempt_count"]) == ("failed", NO_NETWORK, 0)


@pytest.mark.parametrize("how", ["deleted", "disabled"])
def test_who_does_not_want_to_know_any_more_is_not_asked_again(how):
    receiver = Receiver(500, 500)
    webhooks = make(receiver)

    def stop(subscription_id):
        if how == "deleted":
            webhooks.subscriptions.delete(subscription_id)
        else:
            webhooks.subscriptions.update(subscription_id, {"enabled": False})

    delivery = told(webhooks, meanwhile=stop)
    assert len(receiver.got) == 1
    assert (delivery["status"], delivery["error"], delivery["attempt_count"]) == ("failed", GONE, 1)


def test_each_subscriber_by_itself_and_all_of_the_same_event():
    receiver = Receiver()
    webhooks = make(receiver)

    async def main():
        for n in range(3):
            webhooks.subscriptions.create({**HERE, "url": f"http://127.0.0.1:{9000 + n}/"})
        webhooks.subscriptions.create({**HERE, "url": "http://127.0.0.1/", "agent_id": "agent_1"})
        webhooks.tell("session.completed", RECORD)
        webhooks.tell("call.ended", RECORD)
        await asyncio.sleep(1)

    run_virtually(main)
    assert sorted(got[1] for got in receiver.got) == [f"http://127.0.0.1:{9000 + n}/" for n in range(3)]
    assert len({json.loads(got[3])["event_id"] for got in receiver.got}) == 1


def test_where_nobody_subscribes_no_number_is_used_up():
    webhooks = make(Receiver())

    async def main():
        webhooks.tell("session.started", RECORD)
        return webhooks._ids.event()

    assert run_virtually(main) == Identifiers(1).event()


def test_a_fault_is_the_log_s(caplog):
    webhooks = make(Receiver())
    webhooks.subscriptions._database.close()

    async def main():
        webhooks.tell("session.started", RECORD)

    with caplog.at_level(logging.ERROR):
        run_virtually(main)
    assert "Nobody could be told of session.started" in caplog.text
