"""``voicenb talk``: an agent from a file, in a browser tab, without Jupyter."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from voicenb.agent import Agent
from voicenb.agent_file import read_agent
from voicenb.errors import VoicenbError
from voicenb.service.address import Address, Service
from voicenb.tools import HttpTool, Tool

if TYPE_CHECKING:
    from voicenb.session.session import Session
    from voicenb.widgets.talk import Talk


def run_talk(path: Path, *, service: Service | Address | str | None = None, browser: bool = True) -> int:
    """Talk to the agent of a file until Ctrl+C, or until the tab has been closed and no call runs.

    Args:
        path: the file (see :func:`voicenb.agent_file.read_agent`).
        service: ``"hosted"``, ``"emulator"``, a service, an address, or None to have one found.
        browser: whether to open the tab.

    Returns:
        The exit code.

    Raises:
        InvalidConfiguration: the file holds no agent, or that is no service.
        VoicenbError: the service or the helper did not start.
    """
    from voicenb.service.resolve import resolve
    from voicenb.session.emulator_child import emulator_child
    from voicenb.session.opening import locate
    from voicenb.widgets.talk import Talk

    agent, left_out = read_agent(path)
    answers = _service(service)
    if resolve(answers) in (None, emulator_child()):
        print("Starting an emulator on this machine …", flush=True)
    address, _ = locate(answers)
    agent, notes = prepared(agent, address, left_out)
    talk = Talk(agent, answers)
    calls: list[Session] = []
    talk.observe(lambda change: calls.extend([change.new] if change.new else []), "_session")
    print(f"{agent.name}: {told(address)}")
    for note in notes:
        print(note)
    _open(talk, browser=browser)
    try:
        talk.wait()
    except KeyboardInterrupt:
        print()
    try:
        talk.end()
    except VoicenbError as error:  # it may still be open, and billed
        print(f"{error}")
    talk.close()
    talk.wait(1.0)  # the tab hears how it ended
    for call in calls:
        if call.failure is not None:
            print(f"A call failed: {call.failure}")
        if call.recording is not None:
            print(f"Recording: {call.recording.folder}")
    if not calls:
        print("There was no call.")
    return int(any(call.failure is not None for call in calls))


def _service(named: Service | Address | str | None) -> Service | Address | str | None:
    from voicenb.service.hosted import Hosted
    from voicenb.session.emulator_child import emulator_child

    match named:
        case "hosted":
            return Hosted()
        case "emulator":
            return emulator_child()
        case _:
            return named


def told(address: Address) -> str:
    """Which service answers, in a sentence."""
    match address.kind:
        case "hosted":
            return f"the hosted service answers ({urlsplit(address.url).hostname}); an open call is billed."
        case "emulator":
            return f"an emulator on this machine answers ({address.profile} profile, brain: {address.brain})."
        case _:
            place = urlsplit(address.url).netloc
            return f"calls go to the service at {place}, which has not been asked yet whether it is there."


def prepared(agent: Agent, address: Address, left_out: list[str]) -> tuple[Agent, list[str]]:
    """An agent of a file as it can talk to a service, and what has to be said about that.

    Args:
        agent: as it was read.
        address: the service's.
        left_out: what stands in the file and is not sent.
    """
    if agent.id is not None and (address.kind == "hosted" or not (agent.system_prompt or agent.tools)):
        return agent, [f"The agent {agent.id} talks as the service has stored it, not as the file has it."]
    agent = agent.replace(id=None)
    notes = [f"Not sent: {', '.join(left_out)}."] if left_out else []
    if agent.tools:
        names = ", ".join(tool.name for tool in agent.tools)
        notes.append(
            f"Nothing runs its tools here ({names}): the agent is told so when it calls one. HTTP tools are "
            "run by the hosted service, for a stored agent; Python's belong into a script with talk.open()."
        )
    return agent.replace(tools=[_without_function(tool) for tool in agent.tools]), notes


def _without_function(tool: Tool | HttpTool) -> Tool:
    """The tool as one that a client would run: an inline session takes no other."""
    return Tool(
        name=tool.name,
        description=tool.description,
        parameters=tool.parameters,
        timeout_seconds=tool.timeout_seconds,
        execution_mode=tool.execution_mode,
        response_instructions=tool.response_instructions,
    )


def _open(talk: Talk, *, browser: bool) -> None:
    from voicenb.widgets.tab import open_browser

    opened = browser and open_browser(talk.open(browser=False))
    address = talk.open(browser=False)
    if opened:
        print("It talks in a browser tab that has just been opened; another one, once:")
    else:
        print("Open this address in a browser; it opens one tab, once:")
    print(f"  {address}")
    if "SSH_CONNECTION" in os.environ:
        port = urlsplit(address).port
        print(f"From the machine that you sit at: ssh -L {port}:127.0.0.1:{port} … first.")
    print("Closing the tab ends it, and so does Ctrl+C here.", flush=True)
