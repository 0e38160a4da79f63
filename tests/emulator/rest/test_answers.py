"""Who may call, and what an error looks like."""

from __future__ import annotations

import pytest

from voicenb.emulator.rest import answers


@pytest.mark.parametrize("path", ["/v1/agents", "/v1/agents/agent_1", "/v1/token?expires_in_seconds=60"])
def test_who_may_not_call(call, path):
    call = call(key="sesame")
    missing, wrong = call("GET", path, key=""), call("GET", path, key="other")
    assert (missing.status_code, wrong.status_code) == (401, 401)
    assert missing.json()["detail"] == "Missing authorization header"
    assert wrong.json()["detail"] == "Unauthorized"
    assert call("GET", path, key="Bearer sesame").status_code in (200, 404)


def test_a_fault_of_the_emulator_s_own_is_an_answer_too(call, valid, monkeypatch):
    call = call(quiet=True)

    def break_down(*_):
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(call.emulator.resources.agents, "page", break_down)
    answer = call("GET", "/v1/agents")
    assert answer.status_code == 500
    assert valid("RestError", answer.json())["code"] == "internal_error"
    assert "secret" not in answer.text


def test_half_a_character_is_escaped(call, valid):
    call = call()
    body = '{"name": "half: \\ud83d", "system_prompt": "a", "voice": {"voice_id": "ivy"}}'
    created = call("POST", "/v1/agents", content=body)
    assert created.status_code == 201
    assert valid("Agent", created.json())["name"] == "half: \ud83d"
    assert call("GET", f"/v1/agents/{created.json()['id']}").json() == created.json()


def test_a_body_without_end_is_not_read_to_its_end(call, monkeypatch):
    monkeypatch.setattr(answers, "LONGEST_BODY", 1000)
    agent = '{"name": "a", "system_prompt": "%s", "voice": {"voice_id": "ivy"}}'
    assert call()("POST", "/v1/agents", content=agent % ("x" * 900)).status_code == 201
    assert call()("POST", "/v1/agents", content=agent % ("x" * 1000)).status_code == 422
