"""A stored agent that brings its own language model."""

from __future__ import annotations

import json

import httpx
from brief_mouth import BriefMouth
from endpoint import Endpoint

import voicenb as vn
from voicenb.emulator.resources import Deaf

KEY = "sk-of-the-agents-own"


def test_the_agents_own_model_answers(endpoint: Endpoint) -> None:
    chunk = {"choices": [{"delta": {"content": "I am the agent's own model."}}]}
    endpoint.body = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode()
    endpoint.headers = {"Content-Type": "text/event-stream"}
    agent = {
        "name": "Lido",
        "system_prompt": "You take bookings.",
        "voice": {"voice_id": "ivy"},
        "llm": [{"base_url": f"{endpoint.url}/v1", "model": "small", "api_key": KEY}],
    }
    with vn.Emulator(
        brain="rules", mouth=BriefMouth(), recognizer=Deaf(), key="sesame", local_tools=True
    ) as emulator:
        kept = httpx.post(f"{emulator.url}/v1/agents", json=agent, headers={"Authorization": "sesame"}).json()
        assert kept["llm"] == [{"base_url": f"{endpoint.url}/v1", "model": "small"}], "the key is not told"
        with vn.Session(kept["id"], emulator, recording=False) as session:
            session.message("Who are you?")
            said = session.wait_for("transcript.agent", timeout=10).text
    assert said == "I am the agent's own model."
    (asked,) = endpoint.asked
    assert asked["path"] == "/v1/chat/completions"
    assert asked["headers"]["Authorization"] == f"Bearer {KEY}"
    body = json.loads(asked["body"])
    assert (body["model"], body["stream"]) == ("small", True)
    assert body["messages"][-1] == {"role": "user", "content": "Who are you?"}


def test_it_is_where_anybody_can_reach_it_unless_that_is_allowed() -> None:
    agent = {
        "name": "Lido",
        "system_prompt": "You take bookings.",
        "voice": {"voice_id": "ivy"},
        "llm": [{"base_url": "https://127.0.0.1/v1", "model": "small"}],
    }
    with vn.Emulator(brain="rules", mouth=BriefMouth(), recognizer=Deaf()) as emulator:
        refused = httpx.post(f"{emulator.url}/v1/agents", json=agent, headers={"Authorization": "any"})
    assert refused.status_code == 422
    assert refused.json()["param"] == "llm[0].base_url"
