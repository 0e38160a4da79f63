from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration
from voicenb.session.opening import about, folder_for, locate, name_of, settings_of, tools_of


def test_with_a_key_it_is_the_hosted_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "key-1")
    address, connect = locate(None)
    assert (address.kind, address.key, connect) == ("hosted", "key-1", None)


def test_addresses_are_taken_as_they_are() -> None:
    at = vn.Address("ws://x/v1/ws", key="k")
    assert locate(at) == (at, None)
    assert locate("ws://127.0.0.1:8765")[0].url == "ws://127.0.0.1:8765/v1/ws"


def test_the_key_of_the_environment_goes_to_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "key-1")
    assert locate("wss://elsewhere.example/v1/ws")[0].key != "key-1"


def test_a_service_that_does_not_listen_is_reached_in_memory() -> None:
    address, connect = locate(vn.Emulator(brain="rules"))
    assert address.kind == "emulator"
    assert connect is not None


@pytest.mark.parametrize("service", [42, object(), vn.Emulator])
def test_what_is_no_service(service: Any) -> None:
    with pytest.raises(InvalidConfiguration, match="no service"):
        locate(service)


def test_what_an_agent_may_be() -> None:
    agent = vn.Agent(name="Lido", system_prompt="You.", tools=[vn.tools.Tool(name="look")])
    assert settings_of(agent) == agent.to_session()
    assert settings_of("agent_1") == {"agent_id": "agent_1"}
    assert settings_of({"greeting": "Hi."}) == {"greeting": "Hi."}
    assert [name_of(a) for a in (agent, "agent_1", {})] == ["Lido", "agent_1", "Agent"]
    assert set(tools_of(agent)) == {"look"}
    assert tools_of("agent_1") == {}
    with pytest.raises(InvalidConfiguration, match="no agent"):
        settings_of(42)  # type: ignore[arg-type]


def test_where_the_recording_goes(tmp_path: Path) -> None:
    assert folder_for("x", False) is None
    assert folder_for("x", tmp_path / "call") == tmp_path / "call"
    with pytest.raises(InvalidConfiguration, match="recording= takes a path, not 5"):
        folder_for("x", 5)  # type: ignore[arg-type]
    kept = folder_for(vn.Agent(name="Lido"), None)
    assert kept is not None
    assert kept.parent == tmp_path / "library"
    assert "lido" in kept.name


def test_a_folder_is_meant_from_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The helper stands elsewhere, and whoever began the call may go elsewhere before it ends.
    monkeypatch.chdir(tmp_path)
    assert folder_for("x", "calls/lido") == tmp_path / "calls" / "lido"
    monkeypatch.setenv("VOICENB_RECORDINGS", "kept")
    kept = folder_for("x", None)
    assert kept is not None
    assert kept.parent == tmp_path / "kept"


def test_what_the_recording_says_holds_no_key() -> None:
    at = vn.Address("ws://x", key="secret", kind="emulator")
    said = about(vn.Agent(name="Lido"), {"greeting": "Hi."}, at, "silence", "captured")
    assert said["service"] == "emulator"
    assert said["agent"] == {"name": "Lido", "greeting": "Hi."}
    assert "secret" not in repr(said)
