"""Webhook subscriptions over REST."""

from __future__ import annotations

import pytest

PATH = "/v1/webhook-subscriptions"
GOOD = {"url": "https://example.com/hook", "events": ["session.started"], "secret": "s" * 32}
LIDO = {"name": "Lido", "system_prompt": "You take bookings.", "voice": {"voice_id": "ivy"}}


def test_a_subscription_lives(call, valid):
    call = call()
    created = call("POST", PATH, GOOD)
    assert created.status_code == 201
    subscription = valid("WebhookSubscription", created.json())
    one = f"{PATH}/{subscription['id']}"
    assert call("GET", one).json() == subscription
    listed = call("GET", PATH).json()
    assert (listed["subscriptions"], listed["has_more"]) == ([subscription], False)
    for method, change in (("PATCH", {"enabled": False}), ("PUT", {"events": ["session.completed"]})):
        changed = call(method, one, change)
        assert changed.status_code == 200
        assert valid("WebhookSubscription", changed.json())[next(iter(change))] == next(iter(change.values()))
    assert changed.json()["enabled"] is False
    assert GOOD["secret"] not in call("GET", PATH).text + changed.text + created.text
    assert call("DELETE", one).status_code == 204
    assert call("GET", PATH).json()["subscriptions"] == []


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_one_that_there_is_not(call, valid, method):
    answer = call()(method, f"{PATH}/whsub_1", {"enabled": True})
    assert answer.status_code == 404
    assert valid("RestError", answer.json())["code"] == "webhook_subscription_not_found"


@pytest.mark.parametrize(
    ("body", "param"),
    [({**GOOD, "url": "http://example.com"}, "url"), ({**GOOD, "events": []}, "events"), ([], None)],
)
def test_what_a_subscription_may_not_be(call, valid, body, param):
    answer = call()("POST", PATH, body)
    told = valid("RestError", answer.json())
    assert (answer.status_code, told["code"], told["param"]) == (422, "validation_error", param)


def test_an_address_that_has_one_already(call, valid):
    call = call()
    first = call("POST", PATH, GOOD).json()
    answer = call("POST", PATH, GOOD)
    told = valid("RestError", answer.json())
    assert (answer.status_code, told["code"]) == (409, "webhook_subscription_already_exists")
    assert first["id"] in told["message"]


def test_of_an_agent(call, valid):
    call = call()
    answer = call("POST", PATH, {**GOOD, "agent_id": "agent_1"})
    assert (answer.status_code, valid("RestError", answer.json())["code"]) == (404, "agent_not_found")
    agent_id = call("POST", "/v1/agents", LIDO).json()["id"]
    answer = call("POST", PATH, {**GOOD, "agent_id": agent_id})
    assert (answer.status_code, valid("WebhookSubscription", answer.json())["agent_id"]) == (201, agent_id)


@pytest.mark.parametrize(("query", "param"), [("limit=0", "limit"), ("cursor=x", "cursor")])
def test_what_a_list_may_not_be_asked(call, valid, query, param):
    answer = call()("GET", f"{PATH}?{query}")
    assert (answer.status_code, valid("RestError", answer.json())["param"]) == (422, param)


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 201), ("0.0.0.0", 422)])
def test_without_encryption_only_where_the_emulator_is_on_loopback(call, host, status):
    answer = call(host=host, key="any")("POST", PATH, {**GOOD, "url": "http://127.0.0.1:9000/"})
    assert answer.status_code == status
