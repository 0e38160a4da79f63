"""What a session needs before it begins: which service, which settings, where the recording goes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from voicenb.agent import Agent
from voicenb.errors import InvalidConfiguration
from voicenb.protocol.barge_in import USUAL, BargeInMode
from voicenb.service.address import Address, InMemoryService, Service
from voicenb.service.identify import identified
from voicenb.service.resolve import resolve
from voicenb.session.transport import Connect
from voicenb.tools import Tool

AgentLike = Agent | Mapping[str, Any] | str
"""An agent; or a ``session`` object as the contract has it; or the id of a stored agent."""

ServiceLike = Service | Address | str | None
"""What ``service=`` takes: ``"hosted"``, ``"emulator"``, an address, ``vn.Hosted(…)``, ``vn.Emulator()``, or
None to have one found."""


def locate(service: ServiceLike) -> tuple[Address, Connect | None]:
    """Where to connect to, and how; None is the web.

    Without a service it is the hosted one where there is a key, and the emulator elsewhere. A service that
    lives in this process and does not listen anywhere is talked to in memory.

    Raises:
        InvalidConfiguration: that is no service.
        ServiceUnreachable: the service is not running.
        MissingExtra: the emulator is not installed.
    """
    found = resolve(service)
    if found is None:
        from voicenb.session.emulator_child import emulator_child

        return emulator_child().address(), None
    address = found.address()
    if isinstance(found, InMemoryService) and urlsplit(address.url).port == 0:
        from voicenb.session.asgi import connector

        return address, connector(found.app)
    return identified(address), None


def settings_of(agent: AgentLike) -> dict[str, Any]:
    """The first update's ``session`` object.

    Raises:
        InvalidConfiguration: that is no agent.
    """
    if isinstance(agent, str):
        return {"agent_id": agent}
    if isinstance(agent, Mapping):
        # The service refuses a null there; left out, it means the same.
        return {name: value for name, value in agent.items() if value is not None}
    if isinstance(agent, Agent):
        return agent.to_session()
    raise InvalidConfiguration(f"{agent!r} is no agent.", remedy="Make one with vn.Agent(...).")


def tools_of(agent: AgentLike) -> dict[str, Tool]:
    """The tools of an agent that run here, by name."""
    if not isinstance(agent, Agent):
        return {}
    return {tool.name: tool for tool in agent.tools if isinstance(tool, Tool)}


def name_of(agent: AgentLike) -> str:
    """What people call the agent."""
    return agent.name if isinstance(agent, Agent) else agent if isinstance(agent, str) else "Agent"


def about(
    agent: AgentLike,
    settings: Mapping[str, Any],
    address: Address,
    microphone: str,
    speaker: str,
    barge_in: BargeInMode = USUAL,
) -> dict[str, Any]:
    """What the recording says of the session."""
    return {
        "agent": {"name": name_of(agent), **settings},
        "service": address.label,
        "microphone": microphone,
        "speaker": speaker,
        "barge_in": barge_in,
    }


def folder_for(agent: AgentLike, recording: str | os.PathLike[str] | bool | None) -> Path | None:
    """Where the recording goes: what is named, nowhere when False, else among the calls nobody has saved yet.

    It is absolute: who writes it and who reads it may stand elsewhere.

    Raises:
        InvalidConfiguration: what is named is no path.
        RecordingError: the library of recordings cannot be written to.
    """
    if recording is False:
        return None
    if recording is None or recording is True:
        from voicenb.recording.library import new_folder

        return new_folder(name_of(agent))
    from voicenb.recording.recording import as_path

    return as_path(recording, "recording=").absolute()
