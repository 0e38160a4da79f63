"""Webhook subscriptions through the client: an emulator at a real socket, which tells a real server."""

import json

import pytest
from endpoint import Endpoint

import voicenb as vn
from voicenb.service.webhooks import Delivery, Subscription

KEY, SECRET, OTHER = "a-secret-key", "canary-" + "s" * 32, "canary-" + "o" * 32
EVENTS = ["session.started", "session.completed"]
URL = "https://example.com/hook"


@pytest.fixture(scope="module")
def emulator():
    with vn.Emulator(brain="rules", key=KEY) as running:
        yield running


@pytest.fixture
def hosted(emulator):
    hosted = vn.Hosted(KEY, host=emulator.url)
    yield hosted
    for subscription in hosted.webhooks():
        hosted.unsubscribe(subscription)


def test_a_subscription_from_its_beginning_to_its_end(hosted):
    agent = hosted.create(vn.Agent(name="Lido", system_prompt="You take bookings.", voice="ivy"))
    made = hosted.subscribe(URL, EVENTS, SECRET, agent=agent)
    assert made == Subscription(
        made.id, URL, tuple(EVENTS), agent.id, True, 1, made.created_at, made.updated_at
    )
    assert hosted.webhooks() == [made]
    changed = hosted.change_webhook(made, events=EVENTS[1:], secret=OTHER, enabled=False)
    assert (changed.events, changed.enabled, changed.secret_version) == (("session.completed",), False, 2)
    assert (changed.id, changed.url, changed.agent_id) == (made.id, URL, agent.id)
    assert hosted.change_webhook(made.id, url=URL + "2").url == URL + "2"
    hosted.unsubscribe(made)
    assert hosted.webhooks() == []
    with pytest.raises(vn.ServiceError) as gone:
        hosted.unsubscribe(made.id)
    assert (gone.value.code, gone.value.status) == ("webhook_subscription_not_found", 404)


@pytest.mark.off_the_contract
def test_what_the_service_refuses_is_told_as_it_is(hosted):
    hosted.subscribe(URL, EVENTS, SECRET)
    with pytest.raises(vn.ServiceError) as twice:
        hosted.subscribe(URL, EVENTS, SECRET)
    assert (twice.value.code, twice.value.status) == ("webhook_subscription_already_exists", 409)
    for arguments, param in (
        (("http://example.com", EVENTS, SECRET), "url"),
        ((URL + "3", ["session.lost"], SECRET), "events"),
        ((URL + "3", [], SECRET), "events"),
    ):
        with pytest.raises(vn.ServiceError) as refused:
            hosted.subscribe(*arguments)
        assert (refused.value.code, refused.value.param, refused.value.status) == (
            "validation_error",
            param,
            422,
        )


@pytest.mark.parametrize("secret", ["", "short", "s" * 257, "s" * 31 + " s", "s" * 32 + "é", b"s" * 40, 5])
def test_a_secret_that_cannot_be_is_not_sent_and_not_shown(place, secret):
    with pytest.raises(vn.InvalidConfiguration, match="32 to 256 printable ASCII") as caught:
        vn.Hosted(KEY, host=place.host).subscribe(URL, EVENTS, secret)
    assert caught.value.facts["param"] == "secret"
    assert place.requests == []


def test_what_can_be_told_before_asking(hosted):
    with pytest.raises(vn.InvalidConfiguration, match=r"Write events=\['session.started'\]"):
        hosted.subscribe(URL, "session.started", SECRET)
    with pytest.raises(vn.InvalidConfiguration, match="nothing to change"):
        hosted.change_webhook("whsub_1")
    with pytest.raises(vn.InvalidConfiguration, match="not stored"):
        hosted.subscribe(URL, EVENTS, SECRET, agent=vn.Agent())
    with pytest.raises(vn.InvalidConfiguration, match="no id of a subscription"):
        hosted.unsubscribe("")


def test_a_secret_that_comes_back_in_a_refusal_is_not_shown(place):
    hosted = vn.Hosted(KEY, host=place.host)
    place.answer(422, {"code": "validation_error", "message": f"'{SECRET}' is too plain"})
    place.answer(422, {"detail": [{"loc": ["body", "secret"], "msg": f"not {OTHER}"}]})
    with pytest.raises(vn.ServiceError) as first:
        hosted.subscribe(URL, EVENTS, SECRET)
    with pytest.raises(vn.ServiceError) as second:
        hosted.change_webhook("whsub_1", secret=OTHER)
    for caught in (first, second):
        assert "canary" not in str(caught.value) + repr(caught.value.facts)


def test_a_subscription_with_hardly_anything():
    assert Subscription.from_wire({}) == Subscription("", "", ())
    assert Subscription.from_wire({"id": "a", "events": None, "enabled": None}).enabled
    assert Delivery.from_wire({"attempt_count": None, "status": None}) == Delivery()


@pytest.mark.off_the_contract
def test_a_session_is_told_of_and_the_signature_is_the_service_s(hosted, tmp_path):
    with Endpoint() as endpoint:
        hosted.subscribe(f"{endpoint.url}/hook", ["session.started"], SECRET)
        agent = vn.Agent(name="Lido", greeting="Hello.")
        with vn.Session(agent, service=hosted, recording=tmp_path / "call") as session:
            session.wait_for("transcript.agent", timeout=20)
            (record,) = hosted.sessions(status="created")
        for _ in range(1000):
            (delivery,) = hosted.deliveries(record)
            if delivery.status != "pending":
                break
        (asked,) = endpoint.asked
    assert (delivery.event, delivery.status, delivery.http_status_code) == (
        "session.started",
        "delivered",
        200,
    )
    assert delivery.event_id == json.loads(asked["body"])["event_id"]
    assert vn.verify_webhook(asked["headers"], asked["body"], SECRET)
    assert not vn.verify_webhook(asked["headers"], asked["body"], OTHER)
    assert not vn.verify_webhook(asked["headers"], asked["body"] + b" ", SECRET)
    hosted.delete_session(record)
