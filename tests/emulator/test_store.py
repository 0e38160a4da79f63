"""Stored agents: what a write keeps, what a read shows."""

from __future__ import annotations

import pytest

from voicenb.emulator.clock import FIXED_START, Stamps
from voicenb.emulator.errors import Refusal
from voicenb.emulator.ids import Identifiers
from voicenb.emulator.profiles import CONTRACT, LIVE
from voicenb.emulator.store import AgentStore

LIDO = {"name": "Lido", "system_prompt": "You take bookings.", "voice": {"voice_id": "ivy"}}
HTTP = {
    "name": "book",
    "http": {"url": "https://api.example.com/book", "headers": {"Authorization": "secret"}},
}


class Still(Stamps):
    """A clock that stands."""

    @staticmethod
    def loop_time() -> float:
        return 0.0


@pytest.fixture
def store():
    return AgentStore(Identifiers(1), Still(FIXED_START), CONTRACT)


def test_what_is_not_given_reads_back_as_not_set(store):
    agent = store.create(LIDO)
    assert agent["greeting"] is None
    assert agent["voice"] == {"voice_id": "ivy"}
    assert (agent["tools"], agent["llm"]) == ([], [])
    assert agent["input"] == {
        "type": "audio",
        "format": {"encoding": "audio/pcm", "sample_rate": 24_000},
        "turn_detection": None,
        "keyterms": None,
    }
    assert agent["output"]["volume"] is None


def test_a_voice_may_be_a_bare_name(store):
    assert store.create({**LIDO, "voice": "james"})["voice"] == {"voice_id": "james"}


def test_a_tool_reads_back_whole(store):
    (tool,) = store.create({**LIDO, "tools": [{"name": "look"}]})["tools"]
    assert tool == {
        "name": "look",
        "description": "",
        "parameters": {},
        "execution_mode": "interactive",
        "timeout_seconds": 120,
        "response_instructions": None,
        "http": None,
    }


def test_secrets_are_kept_for_sessions_and_never_read_back(store):
    agent = store.create(
        {
            **LIDO,
            "tools": [HTTP],
            "llm": [{"base_url": "https://llm.example.com", "model": "m", "api_key": "sk-secret"}],
        }
    )
    assert "secret" not in str(agent)
    assert agent["tools"][0]["http"]["http_method"] == "POST"
    assert "secret" not in str(store.page(10, ""))
    kept = store.get(agent["id"])
    assert kept["tools"][0]["http"]["headers"]["values"]["Authorization"]["value"] == "secret"
    assert kept["llm"][0]["api_key"] == "sk-secret"


def test_a_tool_of_the_same_name_keeps_its_secret_and_another_does_not(store):
    agent = store.create({**LIDO, "tools": [HTTP]})
    masked = {**HTTP, "http": {**HTTP["http"], "headers": {"Authorization": "***"}}}
    store.update(agent["id"], {"tools": [masked, {**masked, "name": "other"}]})
    first, second = store.get(agent["id"])["tools"]
    assert first["http"]["headers"]["values"]["Authorization"]["value"] == "secret"
    assert second["http"]["headers"]["values"]["Authorization"]["value"] == "***"


def test_what_is_written_is_copied(store):
    body = {**LIDO, "tools": [{"name": "look", "parameters": {"properties": {}}}]}
    agent = store.create(body)
    body["tools"][0]["parameters"]["properties"]["a"] = {}
    agent["tools"][0]["name"] = "changed"
    (tool,) = store.get(agent["id"])["tools"]
    assert (tool["name"], tool["parameters"]) == ("look", {"properties": {}})


def test_null_puts_back(store):
    agent = store.create(
        {**LIDO, "greeting": "Hello.", "tools": [HTTP], "input": {"keyterms": ["Lido"]}, "caller_id": "1"}
    )
    changed = store.update(
        agent["id"], {"greeting": None, "tools": None, "input": {"keyterms": None}, "caller_id": None}
    )
    assert (changed["greeting"], changed["tools"], changed["caller_id"]) == (None, [], None)
    assert changed["input"]["keyterms"] is None


def test_settings_merge_and_nulls_in_them_are_not_set(store):
    agent = store.create({**LIDO, "input": {"turn_detection": {"min_silence": 500, "vad_threshold": None}}})
    assert agent["input"]["turn_detection"] == {"min_silence": 500}
    store.update(agent["id"], {"input": {"turn_detection": {"vad_threshold": 0.6}}})
    changed = store.update(agent["id"], {"input": {"turn_detection": {"min_silence": None}}})
    assert changed["input"]["turn_detection"] == {"vad_threshold": 0.6}


def test_a_refused_write_changes_nothing(store):
    agent = store.create({**LIDO, "input": {"turn_detection": {"max_silence": 2000}}})
    for body in (
        {"name": "New", "input": {"turn_detection": {"min_silence": 2000}}},
        {"name": "New", "voice": "nobody"},
        {"name": "New", "mood": "good"},
        [],
        None,
    ):
        assert isinstance(store.update(agent["id"], body), Refusal)
    assert store.update(agent["id"], {}) == agent
    refused = store.create({**LIDO, "input": {"turn_detection": {"min_silence": 3000}}})
    assert (refused.code, refused.param) == ("invalid_value", "input.turn_detection.min_silence")
    assert len(store.page(10, "")[0]) == 1


@pytest.mark.parametrize("missing", ["name", "system_prompt", "voice"])
def test_what_must_be_there(store, missing):
    refusal = store.create({key: value for key, value in LIDO.items() if key != missing})
    assert (refusal.code, refusal.param) == ("invalid_value", missing)


@pytest.mark.parametrize(
    ("llm", "fine"),
    [
        (None, True),
        ([], True),
        ([{"base_url": "https://a", "model": "m"}], True),
        ([{"base_url": "https://a", "model": "m"}] * 2, False),
        ([{"base_url": "http://a", "model": "m"}], False),
        ([{"base_url": "https://a", "model": ""}], False),
        (["https://a"], False),
        ({}, False),
    ],
)
def test_endpoints_of_models(store, llm, fine):
    assert isinstance(store.create({**LIDO, "llm": llm}), Refusal) is not fine


def test_voices_are_those_of_the_profile():
    live = AgentStore(Identifiers(1), Still(FIXED_START), LIVE)
    refused = live.create(LIDO)
    assert refused.param == "voice.voice_id"
    assert "george" in refused.message
    assert "james" not in refused.message
    assert live.create({**LIDO, "voice": "alba"})["voice"] == {"voice_id": "alba"}


def test_nobody_s_agent(store):
    assert store.update("agent_unknown", {}) is None
    assert store.get("agent_unknown") is None
    assert store.delete("agent_unknown") is False


def test_deleted_is_gone(store):
    agent = store.create(LIDO)
    assert store.delete(agent["id"]) is True
    assert store.get(agent["id"]) is None
    assert store.page(10, "") == ([], "")


def test_pages_go_on_where_the_last_one_ended_though_agents_come(store):
    ids = [store.create(LIDO)["id"] for _ in range(3)]
    first, cursor = store.page(2, "")
    store.create(LIDO)
    second, end = store.page(2, cursor)
    assert [agent["id"] for agent in first + second] == ids[::-1]
    assert end == ""
