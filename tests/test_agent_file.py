"""Agents in files: both shapes of the service, and files that hold none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from voicenb.agent_file import read_agent
from voicenb.protocol.turn_defaults import whole_update
from voicenb.turn_detection import TurnDetection

TOOL = {
    "type": "function",
    "name": "free_tables",
    "description": "Get the free times on a day.",
    "parameters": {"type": "object", "properties": {"day": {"type": "string"}}},
}
SESSION = {
    "system_prompt": "You take bookings.",
    "greeting": "Lido, good evening.",
    "input": {"keyterms": ["Lido"], "turn_detection": {"min_silence": 500, "max_silence": 1400}},
    "output": {"voice": "ivy"},
    "tools": [TOOL],
}


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def file(content: Any) -> Path:
        path = tmp_path / "lido.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return file


def test_a_session_object(write: Any) -> None:
    agent, left_out = read_agent(write(SESSION))
    assert agent.name == "lido"
    told = SESSION | {"tools": [tool.to_wire() for tool in agent.tools]}
    assert agent.to_session() == whole_update(told, {})
    assert agent.turn_detection == TurnDetection(min_silence=500, max_silence=1400)
    assert [tool.name for tool in agent.tools] == ["free_tables"]
    assert left_out == []


def test_a_session_update(write: Any) -> None:
    wrapped, _ = read_agent(write({"type": "session.update", "session": SESSION}))
    plain, _ = read_agent(write(SESSION))
    assert wrapped == plain


def test_an_agent_that_was_written_by_voicenb(write: Any) -> None:
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.", voice="ivy", keyterms=["gnocchi"])
    assert read_agent(write(agent.to_resource()))[0] == agent
    read, _ = read_agent(write(agent.to_session()))
    assert read.replace(name="Lido") == agent


def test_a_stored_agent_as_the_service_tells_of_it(write: Any) -> None:
    stored = {
        "id": "agent_1",
        "name": "Lido",
        "system_prompt": "You take bookings.",
        "voice": {"voice_id": "ivy"},
        "greeting": None,
        "tools": [{"name": "weather", "http": {"url": "https://example.com", "http_method": "GET"}}],
        "input": {"type": "audio", "format": {}, "turn_detection": None, "keyterms": None},
        "output": {"type": "audio", "voice": "ivy", "volume": None},
        "llm": [{"model": "m"}],
        "pre_connect_requests": [],
        "created_at": "2026-01-01T00:00:00",
        "updated_at": "2026-01-01T00:00:00",
    }
    agent, left_out = read_agent(write(stored))
    assert (agent.id, agent.name, agent.voice) == ("agent_1", "Lido", "ivy")
    assert [type(tool).__name__ for tool in agent.tools] == ["HttpTool"]
    assert left_out == ["llm"]


def test_the_id_of_a_stored_agent(write: Any) -> None:
    assert read_agent(write({"agent_id": "agent_1"}))[0].to_session() == {"agent_id": "agent_1"}


def test_what_no_session_is_told_of_is_named(write: Any) -> None:
    assert read_agent(write(SESSION | {"input": {"continuous_partials": True}}))[1] == [
        "input.continuous_partials"
    ]


def test_a_mark_of_windows_before_the_text_is_no_harm(write: Any) -> None:
    assert read_agent(write("\ufeff" + json.dumps(SESSION)))[0].greeting == "Lido, good evening."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is no JSON: Expecting value, line 1, column 1"),
        ('{"system_prompt": "x",\n}', "line 2, column 1"),
        ("[" * 100_000, "nests too deep"),
        ('{"name": ' + "9" * 5000 + "}", "is no agent: Exceeds the limit"),
        ([SESSION], "is no agent. A file holds"),
        ({}, "is no agent"),
        ("null", "is no agent"),
        ({"sytem_prompt": "x"}, "has no sytem_prompt. Did you mean 'system_prompt'"),
        ({"name": "Lido", "promt": "x"}, "has no promt"),
        ({"session": SESSION, "greetin": "x"}, "has no greetin"),
        ({"type": "session.update", "session": "x"}, "no object"),
        ({"system_prompt": 7}, "system_prompt must be text, not 7"),
        ({"input": []}, "input must be a dict"),
        ({"input": {"keyterm": ["x"]}}, "has no keyterm. Did you mean 'keyterms'"),
        ({"output": {"voise": "ivy"}}, "has no voise"),
        ({"output": {"voice": 7}}, "voice must be text"),
        ({"name": "Lido", "voice": {"voice": "ivy"}}, "voice"),
        ({"input": {"turn_detection": {"min_silense": 1}}}, "has no min_silense"),
        ({"input": {"turn_detection": {"min_silence": 1}}}, "min_silence 1 is not within"),
        ({"tools": {}}, "tools must be a list"),
        ({"tools": ["x"]}, "tools must hold a dict"),
        ({"tools": [{"description": "x"}]}, "The tool at place 1 has no name"),
        ({"tools": [TOOL, TOOL]}, "Two tools are called 'free_tables'"),
        ({"tools": [TOOL | {"timeout_seconds": 900}]}, "timeout_seconds 900"),
        ({"tools": [TOOL | {"http": {}}]}, "url"),
        ({"tools": [TOOL | {"parameters": 7}]}, "parameters"),
        ({"agent_id": "agent_1", "greeting": "x"}, "agent_id stands alone"),
    ],
)
def test_a_file_that_holds_no_agent_says_why(write: Any, content: Any, told: str) -> None:
    path = write(content)
    with pytest.raises(vn.InvalidConfiguration) as refused:
        read_agent(path)
    assert str(path) in str(refused.value)
    assert told in str(refused.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="cannot be read: No such file"):
        read_agent(tmp_path / "none.json")
    with pytest.raises(vn.InvalidConfiguration, match="cannot be read"):
        read_agent(tmp_path)
    (tmp_path / "image.json").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(vn.InvalidConfiguration, match="is no text"):
        read_agent(tmp_path / "image.json")
