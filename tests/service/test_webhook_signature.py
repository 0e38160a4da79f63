"""Signatures of webhooks."""

import hashlib
import hmac
from email.message import Message

import httpx
import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration
from voicenb.service.webhook_signature import TOLERANCE, verify_webhook

SECRET, BODY, NOW = "s" * 32, b'{"event": "session.completed"}', 1_790_000_000


def signed(body=BODY, secret=SECRET, stamp=NOW):
    # Written out once more: the service's own words are HMAC-SHA256 over t, a full stop and the raw body.
    return hmac.new(secret.encode(), str(stamp).encode() + b"." + body, hashlib.sha256).hexdigest()


def header(value):
    return {"X-AAI-Signature": value}


GOOD = f"t={NOW},v1={signed()}"


@pytest.mark.parametrize("age", [-TOLERANCE, -1, 0, 299.5, TOLERANCE])
def test_a_good_one(age):
    assert verify_webhook(header(GOOD), BODY, SECRET, now=NOW + age)


@pytest.mark.parametrize("age", [-TOLERANCE - 1, TOLERANCE + 0.5, 86_400])
def test_a_good_one_at_another_time_is_none(age):
    assert not verify_webhook(header(GOOD), BODY, SECRET, now=NOW + age)


def test_now_is_the_clock_s_by_default(monkeypatch):
    monkeypatch.setattr("time.time", lambda: NOW + 5.0)
    assert verify_webhook(header(GOOD), BODY, SECRET)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        f"t={NOW}",
        f"t={NOW},v1=",
        f"v1={signed()}",
        f"t=,v1={signed()}",
        f"t={NOW}.0,v1={signed()}",
        f"t=+{NOW},v1={signed()}",
        f"t=١٢٣,v1={signed()}",
        f"t={'9' * 400},v1={signed()}",
        f"t={NOW + 1},v1={signed()}",
        f"t={NOW},v0={signed()}",
        f"t={NOW},v1={signed()[:-1]}",
        f"t={NOW},v1={signed().upper()}",
        f"t={NOW},v1=é\udc80",
        f"t={NOW},v1={signed(secret='x' * 32)}",
        f"t={NOW},v1={signed(b'{}')}",
    ],
    ids=range(17),
)
def test_bad_ones(value):
    assert not verify_webhook(header(value), BODY, SECRET, now=NOW)


def test_headers_in_every_form():
    assert not verify_webhook({}, BODY, SECRET, now=NOW)
    assert verify_webhook({"x-aai-signature": GOOD}, BODY, SECRET, now=NOW)
    assert verify_webhook([(b"host", b"x"), (b"x-aai-signature", GOOD.encode())], BODY, SECRET, now=NOW)
    message = Message()
    message["Host"], message["x-aai-signature"] = "x", GOOD
    assert verify_webhook(message, BODY, SECRET, now=NOW), "as http.server has them"
    assert verify_webhook(httpx.Headers({"X-AAI-Signature": GOOD}), BODY, SECRET, now=NOW)
    assert verify_webhook(header(f" t={NOW} , v1={'0' * 64}, v1={signed()}"), BODY, SECRET, now=NOW)


@pytest.mark.parametrize("headers", [None, 5, "X-AAI-Signature", [GOOD], {"X-AAI-Signature": 5}])
def test_what_is_no_headers(headers):
    with pytest.raises(InvalidConfiguration, match=r"headers must be a mapping or pairs") as caught:
        verify_webhook(headers, BODY, SECRET, now=NOW)
    assert signed() not in str(caught.value)


def test_only_the_bytes_that_came_can_be_verified():
    for body in (BODY.decode(), {"event": "x"}, None):
        with pytest.raises(InvalidConfiguration, match=r"the bytes that came.*request\.body"):
            verify_webhook(header(GOOD), body, SECRET, now=NOW)
    assert verify_webhook(header(GOOD), memoryview(BODY), SECRET, now=NOW)


@pytest.mark.parametrize("secret", ["", None, b"s" * 32])
def test_without_a_secret_nothing_is_verified(secret):
    with pytest.raises(InvalidConfiguration, match="secret"):
        verify_webhook(header(f"t={NOW},v1={signed(secret='')}"), BODY, secret, now=NOW)


def test_it_is_public():
    assert vn.verify_webhook is verify_webhook
