"""Every route has its door."""

from __future__ import annotations

import pytest

from voicenb.emulator.rest.routes import Rest

OPEN = {"/v1/artifacts/{signature}/{expires}/{session_id}/{kind}"}
"""Whoever has the link may follow it."""


def test_nobody_comes_in_without_a_key(call, valid):
    call = call(key="sesame")
    routes = Rest(call.emulator.resources).routes
    guarded = [(method, route.path) for route in routes for method in route.methods - {"HEAD"}]
    assert len(guarded) >= 6
    for method, path in guarded:
        if path not in OPEN:
            answer = call(method, path, key="other")
            assert (answer.status_code, answer.json()["detail"]) == (401, "Unauthorized"), (method, path)
            assert valid("RestError", answer.json())["code"] == "unauthorized"


@pytest.mark.parametrize("path", ["/v1/agents/agent_1/more", "/v1/voices"])
def test_other_paths_have_none(call, valid, path):
    answer = call()("GET", path)
    assert (answer.status_code, valid("RestError", answer.json())["code"]) == (404, "not_found")
