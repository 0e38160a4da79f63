"""Tokens over REST."""

from __future__ import annotations

import pytest


def test_a_token(call, valid):
    call = call()
    answer = call("GET", "/v1/token", params={"expires_in_seconds": 60, "product": "voice_agent"})
    body = valid("TokenResponse", answer.json())
    assert body["expires_in_seconds"] == 60
    assert 2300 < len(body["token"]) < 2600
    assert call("GET", "/v1/agents", key=body["token"]).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"expires_in_seconds": 0},
        {"expires_in_seconds": 601},
        {"expires_in_seconds": "soon"},
        {"expires_in_seconds": 60, "max_session_duration_seconds": 59},
    ],
)
def test_token_parameters_out_of_range(call, valid, query):
    documented = call()("GET", "/v1/token", params=query)
    assert documented.status_code == 400
    assert documented.json()["error"]
    observed = call(profile="live")("GET", "/v1/token", params=query)
    assert observed.status_code == 422
    valid("DetailError", observed.json())


@pytest.mark.parametrize(
    ("query", "between"),
    [
        ({"expires_in_seconds": 0}, "from 1 to 600"),
        ({"expires_in_seconds": 601}, "from 1 to 600"),
        ({"expires_in_seconds": 60, "max_session_duration_seconds": 59}, "from 60 to 10800"),
    ],
)
def test_what_is_out_of_range_is_told_the_range(call, query, between):
    documented = call()("GET", "/v1/token", params=query)
    assert between in documented.json()["details"][0]["msg"]
    observed = call(profile="live")("GET", "/v1/token", params=query)
    assert between in observed.json()["detail"][0]["msg"]


def test_token_logins_in_the_live_profile(call):
    call = call(profile="live", key="sesame")
    path = "/v1/token?expires_in_seconds=60"
    assert call("GET", path, key="").status_code == 422
    assert (call("GET", path, key="x").status_code, call("GET", path, key="x").json()) == (
        404,
        {"detail": "Invalid API key"},
    )
