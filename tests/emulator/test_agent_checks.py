"""What a stored agent may be."""

from __future__ import annotations

import pytest

from voicenb.emulator import agent_checks
from voicenb.emulator.profiles import CONTRACT

LIDO = {"name": "Lido", "system_prompt": "You take bookings.", "voice": {"voice_id": "ivy"}}
HTTP = {"url": "https://api.example.com/look"}
MODEL = {"base_url": "https://llm.example.com/v1", "model": "small"}


def refused(**change):
    """The field of the refusal of an agent; None where there is none."""
    refusal = agent_checks.creation({**LIDO, **change}, CONTRACT, local=False)
    return None if refusal is None else refusal.param


@pytest.mark.parametrize(
    "change",
    [
        {"greeting": None, "tools": None, "input": None, "output": None, "llm": None},
        {"voice": "ivy"},
        {"llm": [MODEL]},
        {"llm": [{**MODEL, "api_key": "sk-1"}]},
        {"pre_connect_requests": [{"http": HTTP, "timeout_ms": 800}, {"http": HTTP}]},
        {"transfer_targets": [{"name": "desk", "kind": "human", "phone_number": "+15550100"}]},
        {"outbound_trunk_id": "trunk_1", "caller_id": None},
    ],
)
def test_agents_that_may_be(change):
    assert refused(**change) is None


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"name": None}, "name"),
        ({"system_prompt": 5}, "system_prompt"),
        ({"caller_id": 5}, "caller_id"),
        ({"outbound_trunk_id": []}, "outbound_trunk_id"),
        ({"voice": {}}, "voice.voice_id"),
        ({"input": "loud"}, "input"),
        ({"llm": MODEL}, "llm"),
        ({"llm": ["small"]}, "llm"),
        ({"llm": [MODEL, MODEL]}, "llm"),
        ({"llm": [{**MODEL, "model": ""}]}, "llm[0].model"),
        ({"llm": [{**MODEL, "api_key": 5}]}, "llm[0].api_key"),
        ({"llm": [{**MODEL, "api_key": ""}]}, "llm[0].api_key"),
        ({"llm": [{**MODEL, "api_key": "sk-1\r\nX: 1"}]}, "llm[0].api_key"),
        ({"llm": [{**MODEL, "base_url": "https://10.0.0.1/v1"}]}, "llm[0].base_url"),
        ({"pre_connect_requests": [{"http": HTTP}] * 3}, "pre_connect_requests"),
        ({"pre_connect_requests": [{}]}, "pre_connect_requests[0].http"),
        ({"pre_connect_requests": [{"http": {"url": "http://x"}}]}, "pre_connect_requests[0].http.url"),
        ({"pre_connect_requests": [{"http": HTTP, "timeout_ms": 801}]}, "pre_connect_requests[0].timeout_ms"),
        ({"transfer_targets": {}}, "transfer_targets"),
        ({"transfer_targets": [{"name": "desk", "kind": "robot"}]}, "transfer_targets[0].kind"),
        ({"transfer_targets": [{"kind": "human"}]}, "transfer_targets[0].name"),
    ],
)
def test_agents_that_may_not(change, param):
    assert refused(**change) == param


def test_a_change_needs_nothing_and_a_creation_three_fields():
    assert agent_checks.change({}, CONTRACT, local=False) is None
    for key in LIDO:
        rest = {name: value for name, value in LIDO.items() if name != key}
        assert agent_checks.creation(rest, CONTRACT, local=False).param == key
        assert agent_checks.change(rest, CONTRACT, local=False) is None


@pytest.mark.parametrize("change", [agent_checks.creation, agent_checks.change])
@pytest.mark.parametrize("body", [None, [], "agent", 5])
def test_a_body_is_an_object(change, body):
    assert change(body, CONTRACT, local=False).code == "invalid_value"
