"""Answers of the REST interface in all of their shapes; at a real socket in test_hosted.py."""

import json

import httpx
import pytest

from voicenb.errors import ServiceError, Unauthorized
from voicenb.service.replies import body_of, error_of


def answer(status, body=None, *, method="POST", headers=None):
    request = httpx.Request(method, "https://agents.example.com/v1/agents?token=canary")
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return httpx.Response(status, content=content, headers=headers, request=request)


def refused(status, body=None, **more):
    return error_of(answer(status, body, **more))


def told(error):
    """The words behind the place and the status."""
    return error.message.split(": ", 1)[1]


# --- good answers -------------------------------------------------------------


@pytest.mark.parametrize("body", [{"id": "a"}, [1], "text", 0, False])
def test_a_good_answer_is_its_body(body):
    assert body_of(answer(200, body)) == body
    assert body_of(answer(201, body)) == body


def test_a_good_answer_without_a_body():
    assert body_of(answer(204)) is None
    assert body_of(answer(200, b"null")) is None


@pytest.mark.parametrize("content", [b"<xml>", b" ", b"{", b'{"a": "\xff"}'])
def test_a_good_answer_that_is_not_json(content):
    with pytest.raises(ServiceError, match=r"POST /v1/agents with something that is not JSON") as caught:
        body_of(answer(200, content))
    assert caught.value.status == 200
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
def test_every_other_answer_is_an_error(status):
    with pytest.raises(ServiceError) as caught:
        body_of(answer(status))
    assert caught.value.status == status


@pytest.mark.parametrize("status", [301, 302, 307, 308, 404, 429, 500, 502, 503, 504])
def test_a_status_alone_has_a_remedy(status):
    assert refused(status, b"x").remedy


@pytest.mark.parametrize(
    ("status", "text", "code"),
    [
        (404, "Agent not found", "agent_not_found"),
        (404, "Session not found", "session_not_found"),
        (404, "Webhook subscription not found.", "webhook_subscription_not_found"),
        (404, "Not Found", ""),
        (400, "Agent not found", ""),
    ],
)
def test_what_there_is_not_has_a_code_where_only_words_came(status, text, code):
    error = refused(status, {"detail": text})
    assert error.code == code
    assert bool(error.remedy) == (status == 404)


# --- what is said ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code", "param", "words"),
    [
        ({"code": "CONFLICT", "message": "Taken.", "param": "name"}, "conflict", "name", "Taken (name)."),
        ({"code": "x", "message": "No.", "param": None}, "x", None, "No."),
        ({"error": "Bad request", "code": 400, "details": None}, "", None, "Bad request"),
        (
            {"error": "Bad request", "details": "expires_in_seconds"},
            "",
            None,
            "Bad request (expires_in_seconds)",
        ),
        ({"error": "Bad", "details": {"expires": "too large"}}, "", "expires", "Bad (expires: too large)"),
        ({"error": {"code": "x", "message": "No.", "param": "p"}}, "x", "p", "No (p)."),
        ({"error": {"message": "No."}, "code": "y"}, "y", None, "No."),
        ({"detail": "Not Found"}, "", None, "Not Found"),
        ({"detail": "Agent not found"}, "", None, "Agent not found"),
        ({"detail": {"code": "x", "message": "No.", "param": "p"}}, "x", "p", "No (p)."),
        ({"detail": [{"loc": 5, "msg": "odd"}]}, "", None, "odd"),
        ({"detail": ["one", "two"]}, "", None, "one; two"),
        (
            {"detail": [{"loc": ["body", "tools", 0, "name"], "msg": "short"}]},
            "",
            "tools.0.name",
            "tools.0.name: short",
        ),
        ({"detail": [{"loc": "body", "msg": "empty"}]}, "", "body", "body: empty"),
        ({"detail": [{"msg": "a"}, {"loc": ["query", "q"], "msg": "b"}]}, "", "q", "a; q: b"),
        ({"message": "No.", "errors": [{"message": "bad", "param": "a.b"}]}, "", "a.b", "No. (a.b: bad)"),
        ({"message": "No.", "errors": []}, "", None, "No."),
        ({"message": "a: bad", "errors": [{"message": "bad", "param": "a"}]}, "", "a", "a: bad"),
        ({"message": 3, "param": 7}, "", "7", "3 (7)"),
    ],
    ids=json.dumps,
)
def test_the_envelopes(body, code, param, words):
    error = refused(409, body)
    assert (error.code, error.param, told(error)) == (code, param, words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Bad Gateway"),
        (b"  \n", "Bad Gateway"),
        (b"upstream timed out", "upstream timed out"),
        (b"x" * 500, "x" * 200),
        (b"[1]", "[1]"),
        (b"{}", "{}"),
    ],
)
def test_no_envelope_at_all(content, words):
    error = refused(502, content)
    assert (error.code, told(error)) == ("", words)


def test_an_error_says_where_but_not_with_which_query():
    error = refused(404, {"detail": "Not Found"}, method="GET")
    assert error.message == "GET /v1/agents was refused with 404: Not Found"


def test_the_request_s_id_is_in_the_body_or_in_a_header():
    assert refused(500, {"request_id": "b"}, headers={"X-Request-Id": "h"}).facts["request_id"] == "b"
    assert refused(500, b"", headers={"x-request-id": "h"}).facts["request_id"] == "h"
    assert refused(500).facts["request_id"] is None


PAGE = b"<!DOCTYPE html><html><h1>My shop</h1>" + b"x" * 5000


@pytest.mark.parametrize(
    ("status", "content"), [(200, PAGE), (404, PAGE), (405, b"\n <HTML>My shop"), (301, PAGE)]
)
def test_a_web_page_is_no_answer_and_is_not_shown(status, content):
    with pytest.raises(ServiceError) as caught:
        body_of(answer(status, content))
    error = caught.value
    assert (
        error.message
        == f"POST /v1/agents was answered with a web page ({status}): this is no Voice Agent API."
    )
    assert "Is the host right?" in error.remedy
    assert (error.code, error.status) == ("no_api", status)


@pytest.mark.parametrize(("status", "words"), [(502, "Bad Gateway"), (503, "Service Unavailable")])
def test_a_fault_may_be_told_by_what_stands_before_the_service(status, words):
    error = refused(status, PAGE)
    assert (error.code, told(error)) == ("", f"{words} (told in a web page)")


def test_a_page_that_refuses_a_key_is_not_shown():
    error = refused(401, PAGE)
    assert isinstance(error, Unauthorized)
    assert "shop" not in str(error)


# --- keys -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, None, "unauthorized"),
        (403, b"<html>", "unauthorized"),
        (401, {"code": 401, "error": "no"}, "unauthorized"),
        (403, {"code": "FORBIDDEN", "message": "no"}, "forbidden"),
        (401, {"code": "missing_authorization", "message": "No authorization."}, "missing_authorization"),
        (422, {"code": "missing_authorization", "message": "No authorization."}, "missing_authorization"),
        (422, {"detail": [{"loc": ["header", "Authorization"], "msg": "missing"}]}, "unauthorized"),
        (404, {"code": "not_found", "message": "Invalid API key"}, "unauthorized"),
    ],
)
def test_a_bad_key_keeps_its_code_where_it_has_one(status, body, code):
    error = refused(status, body)
    assert isinstance(error, Unauthorized)
    assert error.code == code
    assert error.remedy


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, {"code": "auth_service_unavailable", "message": "Try again."}),
        (404, {"detail": "Not Found"}),
        (422, {"detail": [{"loc": ["body", "name"], "msg": "missing"}]}),
    ],
)
def test_what_is_no_fault_of_the_key(status, body):
    assert not isinstance(refused(status, body), Unauthorized)
