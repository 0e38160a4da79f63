"""What a subscription may be."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from voicenb.emulator.webhooks_checks import EVENTS, change, creation

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "voice-agent-api.schema.json").read_text())
GOOD = {"url": "https://example.com/hook", "events": ["session.started"], "secret": "s" * 32}


def allowed(name, body):
    definition = {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{name}"}
    return jsonschema.Draft202012Validator(definition).is_valid(body)


def test_the_events_are_those_of_the_contract():
    assert list(EVENTS) == SCHEMA["$defs"]["WebhookEventName"]["enum"]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"events": list(EVENTS)},
        {"secret": "!" * 256},
        {"agent_id": None},
        {"agent_id": "agent_1"},
        {"enabled": False},
        {"url": "https://example.com/" + "a" * 2028},
        {"url": "https://[::1]:8443/hook?a=b"},
    ],
)
def test_what_is_good(more):
    assert creation({**GOOD, **more}, loopback=False) is None
    assert allowed("WebhookSubscriptionWrite", {**GOOD, **more})


BAD = [
    ({"url": "http://example.com/"}, "url"),
    ({"url": "https://example.com/" + "a" * 2029}, "url"),
    ({"url": 5}, "url"),
    ({"url": "ftp://example.com/"}, "url"),
    ({"events": []}, "events"),
    ({"events": "session.started"}, "events"),
    ({"events": ["session.started", "session.started"]}, "events"),
    ({"events": ["session.paused"]}, "events"),
    ({"events": [["session.started"]]}, "events"),
    ({"secret": "s" * 31}, "secret"),
    ({"secret": "s" * 257}, "secret"),
    ({"secret": "with a space " * 4}, "secret"),
    ({"secret": "ü" * 40}, "secret"),
    ({"secret": None}, "secret"),
    ({"enabled": "yes"}, "enabled"),
    ({"mood": "good"}, "mood"),
]


@pytest.mark.parametrize(("more", "param"), BAD)
def test_what_is_not(more, param):
    refusal = creation({**GOOD, **more}, loopback=False)
    assert (refusal.code, refusal.param) == ("invalid_value", param)
    assert not allowed("WebhookSubscriptionWrite", {**GOOD, **more})
    assert change(more, loopback=False).param == param
    assert not allowed("WebhookSubscriptionPatch", more)


@pytest.mark.parametrize(
    "url", ["https://", "https:///hook", "https://a b/", "https://[::1", "https://a:b/", "https://a/\n"]
)
def test_an_address_that_nothing_can_be_sent_to(url):
    assert creation({**GOOD, "url": url}, loopback=True).param == "url"


@pytest.mark.parametrize("key", ["url", "events", "secret"])
def test_what_must_be_there(key):
    body = {name: value for name, value in GOOD.items() if name != key}
    assert creation(body, loopback=False).param == key
    assert change(body, loopback=False) is None


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:9000/hook", True),
        ("http://localhost/hook", True),
        ("http://[::1]:9000/", True),
        ("http://127.example.com/", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_without_encryption_only_from_loopback_to_loopback(url, here):
    assert (creation({**GOOD, "url": url}, loopback=True) is None) is here
    assert creation({**GOOD, "url": url}, loopback=False).param == "url"


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_a_body_that_is_no_object(body):
    assert creation(body, loopback=False) is not None
    assert change(body, loopback=False) is not None


@pytest.mark.parametrize("body", [{}, {"agent_id": "agent_1"}, {"id": "whsub_1"}])
def test_what_cannot_be_changed(body):
    assert change(body, loopback=False) is not None
    assert not allowed("WebhookSubscriptionPatch", body)


def test_an_agent_is_named_by_a_string():
    assert creation({**GOOD, "agent_id": 5}, loopback=False).param == "agent_id"


def test_a_secret_has_no_line_end():
    assert creation({**GOOD, "secret": "s" * 40 + "\n"}, loopback=False).param == "secret"
