"""What ``voicenb talk`` makes of a file's agent, and says of its service."""

from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from voicenb.cli import main
from voicenb.service.address import Address
from voicenb.tab_program import prepared, told
from voicenb.tools import HttpTool, Tool

EMULATOR = Address("ws://127.0.0.1:1/v1/ws", key="k", kind="emulator", profile="contract", brain="rules")
HOSTED = Address("wss://agents.assemblyai.com/v1/ws", key="secret-key", kind="hosted")
TOOLS = [
    Tool(name="free_tables", description="Get the free times.", parameters={"type": "object"}),
    HttpTool(name="weather", url="https://example.com", description="Get the weather.", timeout_seconds=9),
]


def test_tools_stay_offered_and_nothing_is_said_to_run_them() -> None:
    agent, notes = prepared(vn.Agent(tools=TOOLS), EMULATOR, [])
    offered = agent.to_session()["tools"]
    assert [(tool["name"], tool["description"]) for tool in offered] == [
        ("free_tables", "Get the free times."),
        ("weather", "Get the weather."),
    ]
    assert offered[1]["timeout_seconds"] == 9
    (note,) = notes
    assert "free_tables, weather" in note


def test_what_is_not_sent_is_said() -> None:
    _, notes = prepared(vn.Agent(greeting="Hello."), EMULATOR, ["llm"])
    assert notes == ["Not sent: llm."]


def test_a_stored_agent_is_bound_where_it_is_stored() -> None:
    stored = vn.Agent(id="agent_1", system_prompt="x", tools=TOOLS)
    bound, notes = prepared(stored, HOSTED, [])
    assert bound.to_session() == {"agent_id": "agent_1"}
    assert "agent_1 talks as the service has stored it" in notes[0]
    copied, _ = prepared(stored, EMULATOR, [])
    assert copied.to_session()["system_prompt"] == "x"
    only_named, _ = prepared(vn.Agent(id="agent_1"), EMULATOR, [])
    assert only_named.to_session() == {"agent_id": "agent_1"}


def test_which_service_answers() -> None:
    assert told(EMULATOR) == "an emulator on this machine answers (contract profile, brain: rules)."
    assert told(HOSTED) == "the hosted service answers (agents.assemblyai.com); an open call is billed."


def test_of_an_address_that_nobody_has_asked_it_is_not_said_that_it_answers() -> None:
    said = told(Address("ws://host:9/v1/ws", key="k", kind="address"))
    assert said == "calls go to the service at host:9, which has not been asked yet whether it is there."


def test_a_bad_file_is_one_line_and_exit_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["talk", "/nowhere/agent.json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "voicenb: /nowhere/agent.json cannot be read: No such file or directory.\n"


def test_the_hosted_service_needs_a_key(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ASSEMBLYAI_API_KEY", raising=False)
    file = tmp_path / "agent.json"
    file.write_text('{"greeting": "Hello."}', encoding="utf-8")
    assert main(["talk", str(file), "--service", "hosted"]) == 1
    assert "needs an API key" in capsys.readouterr().err
