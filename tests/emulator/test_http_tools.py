"""HTTP tools, called for real on loopback."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from endpoint import Endpoint

from voicenb.emulator.http_tools import LONGEST, HttpTools, Outcome

SECRET = "hunter2-hunter2"


def http(url: str, method: str | None = None, **headers: str) -> dict[str, Any]:
    kept = {"form": "map", "values": {name: {"value": value} for name, value in headers.items()}}
    return {"url": url, "http_method": method, "headers": kept if headers else None}


def call(
    endpoint: Endpoint, method: str | None, arguments: dict[str, Any], path: str = "/t", **headers: str
) -> Outcome:
    return HttpTools(local=True).call(http(endpoint.url + path, method, **headers), arguments, timeout=5)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", None])
def test_arguments_are_the_body_with_their_types(endpoint: Endpoint, method: str | None) -> None:
    outcome = call(endpoint, method, {"people": 4, "day": "Friday", "note": None})
    assert outcome == Outcome('{"free": ["19:00"]}')
    (asked,) = endpoint.asked
    assert asked["method"] == (method or "POST")
    assert json.loads(asked["body"]) == {"people": 4, "day": "Friday", "note": None}


def test_without_arguments_the_body_is_an_object(endpoint: Endpoint) -> None:
    call(endpoint, "POST", {})
    assert endpoint.asked[0]["body"] == b"{}"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_arguments_join_the_query_without_nulls(endpoint: Endpoint, method: str) -> None:
    call(endpoint, method, {"people": 4, "vegan": True, "day": "Friday", "note": None}, path="/t?key=a%20b")
    (asked,) = endpoint.asked
    assert asked["query"] == {"key": ["a b"], "people": ["4"], "vegan": ["true"], "day": ["Friday"]}
    assert asked["body"] == b""


def test_headers_go_with_it(endpoint: Endpoint) -> None:
    call(endpoint, "POST", {}, Authorization=SECRET)
    assert endpoint.asked[0]["headers"]["Authorization"] == SECRET
    assert endpoint.asked[0]["headers"]["User-Agent"] == "voicenb-emulator"


def test_a_header_with_other_letters_goes_as_utf_8(endpoint: Endpoint) -> None:
    assert not call(endpoint, "POST", {}, name="Zürich").is_error
    assert endpoint.asked[0]["headers"]["name"].encode("latin-1").decode() == "Zürich"


def test_a_redirect_is_not_followed(endpoint: Endpoint) -> None:
    endpoint.status, endpoint.headers, endpoint.body = 302, {"Location": endpoint.url + "/other"}, b""
    assert call(endpoint, "GET", {}) == Outcome("The tool failed (HTTP 302).", is_error=True)
    assert len(endpoint.asked) == 1


def test_a_failure_is_a_sentence(endpoint: Endpoint) -> None:
    endpoint.status, endpoint.body = 409, b"That day is full."
    assert call(endpoint, "POST", {}) == Outcome(
        "The tool failed (HTTP 409): That day is full.", is_error=True
    )


def test_a_long_answer_is_cut(endpoint: Endpoint) -> None:
    endpoint.body = "ä".encode() * LONGEST
    outcome = call(endpoint, "GET", {})
    assert len(outcome.text.encode()) <= LONGEST
    assert set(outcome.text) == {"ä"}


def test_one_that_is_late(endpoint: Endpoint) -> None:
    endpoint.late.clear()
    outcome = HttpTools(local=True).call(http(endpoint.url), {}, timeout=0.2)
    assert outcome == Outcome("The tool did not answer in time.", is_error=True)


def test_one_that_is_not_there(endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    outcome = HttpTools(local=True).call(
        http(f"http://me:{SECRET}@127.0.0.1:9/x?token={SECRET}"), {}, timeout=2
    )
    assert outcome == Outcome("The tool could not be reached.", is_error=True)
    assert SECRET not in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "[::1]", "169.254.1.1", "100.64.0.1"])
def test_private_addresses_are_refused_unless_allowed(host: str) -> None:
    outcome = HttpTools(local=False).call(http(f"https://{host}/x"), {}, timeout=2)
    assert outcome == Outcome("The tool cannot be called: the address is not public.", is_error=True)


@pytest.mark.parametrize("charset", ["base64", "no-such-one", "utf-16"])
def test_an_answer_in_an_odd_encoding_is_still_an_answer(endpoint: Endpoint, charset: str) -> None:
    endpoint.headers, endpoint.body = {"Content-Type": f"text/plain; charset={charset}"}, b"Half past seven."
    outcome = call(endpoint, "GET", {})
    assert not outcome.is_error
    if charset != "utf-16":
        assert outcome.text == "Half past seven."


@pytest.mark.parametrize(
    "url",
    ["https://api.example.com:99999/x", f"https://{'x' * 70}.example.com/x", "https://[::1/x", "https://"],
)
@pytest.mark.parametrize("local", [True, False])
def test_an_address_that_cannot_be_is_a_sentence_too(url: str, local: bool) -> None:
    assert HttpTools(local=local).call(http(url), {}, timeout=2).is_error


def test_a_header_that_cannot_be_sent_is_a_sentence_and_not_told(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    outcome = call(endpoint, "GET", {}, Authorization=f"{SECRET}\r\nX-Other: 1")
    assert outcome == Outcome("The tool could not be reached.", is_error=True)
    assert endpoint.asked == []
    assert SECRET not in caplog.text


def test_one_that_answers_drop_by_drop_is_late_all_the_same(endpoint: Endpoint) -> None:
    endpoint.body, endpoint.drops = b"abcdefgh", 0.15
    began = time.monotonic()
    outcome = HttpTools(local=True).call(http(endpoint.url), {}, timeout=0.4)
    assert outcome == Outcome("The tool did not answer in time.", is_error=True)
    assert time.monotonic() - began < 1.1, "of 1.2 s"
