"""The configuration in force: what the service echoed, else what was sent and not refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicenb.protocol.fields import PLATFORM
from voicenb.protocol.settings import (
    Settings,
    at_path,
    client_tools,
    is_run_by_the_service,
    merge,
    tools_in,
)

REFUSALS = frozenset(
    {
        "invalid_value",
        "invalid_config",
        "invalid_format",
        "immutable_field",
        "agent_id_not_first",
        "invalid_webhook",
    }
)
"""Error codes that answer an update, of which nothing is then in force.

The service gives no number to an update, so these are read as the answer to the oldest one under way.
"""


class Configuration:
    """Follows the updates of one session and the service's echoes of them.

    Of tools an echo is not to be believed when it says that there are none: the service was seen to leave out
    those of the session, and a tool that is forgotten here is called and never answered. So the last list
    that was sent and not refused counts, and an echo adds to it and tells which ones the service runs.

    Attributes:
        settings: the ``session`` object in force.
        tools: client-run tools by name, with their timeouts in seconds; offered ones count before they are
            acknowledged.
    """

    def __init__(self) -> None:
        self.settings: Settings = {}
        self.tools: dict[str, float] = {}
        self._sent: list[Settings] = []
        self._begun = False  # an update was acknowledged
        self._own: list[Mapping[str, Any]] | None = None  # the last list of tools that was acknowledged
        self._told: list[Mapping[str, Any]] = []  # what was echoed of tools since

    def sent(self, session: Settings) -> None:
        """An update is under way.

        A session that the service could not begin is asked for again in the same words, and answered once.
        """
        if not self._begun and self._sent and self._sent[-1] == session:
            return
        self._sent.append(session)
        self.tools |= client_tools(session)

    def acknowledged(self, config: Settings | None) -> None:
        """The oldest update under way is in force; ``config`` is the echo, where the service sends one."""
        self._begun = True
        if self._sent:
            sent = self._sent.pop(0)
            self.settings = merge(self.settings, sent)
            if sent.get("tools") is not None:
                self._own, self._told = tools_in(sent), []
        if config is not None:
            self.settings = merge(self.settings, config)
            if config.get("tools") is not None:
                self._told = tools_in(config)
        if self._own is not None or self.settings.get("tools") is not None:
            self.settings["tools"] = self._in_force()
        self._offer()

    def refused(self, code: str) -> None:
        """The service reported an error, perhaps in answer to an update."""
        if self._sent and code.lower() in REFUSALS:
            self._sent.pop(0)
            self._offer()

    def lost(self) -> None:
        """The connection is lost, and with it the answers to the updates under way."""
        self._sent.clear()
        self._offer()

    def runs_by_itself(self, name: str) -> bool:
        """Whether the service has told that it runs a tool by itself."""
        told = (*self._told, *tools_in(self.settings))
        return name in PLATFORM or any(tool["name"] == name and is_run_by_the_service(tool) for tool in told)

    @property
    def runs_some_by_itself(self) -> bool:
        """Whether among the tools in force are some that the service runs by itself."""
        return any(self.runs_by_itself(tool["name"]) for tool in tools_in(self.settings))

    @property
    def interrupts(self) -> bool:
        """Whether the caller's speech cuts the agent off; on unless switched off."""
        return at_path(self.settings, "input.turn_detection.interrupt_response") is not False

    @property
    def encoding(self) -> str:
        """The format of the agent's voice on the wire."""
        return at_path(self.settings, "output.format.encoding") or "audio/pcm"

    @property
    def input_encoding(self) -> str:
        """The format of the caller's sound, that of an update under way where it has one.

        The service takes what it is sent in order: what is said behind an update comes to it in the new one.
        """
        place = "input.format.encoding"
        told = next(filter(None, (at_path(sent, place) for sent in reversed(self._sent))), None)
        return str(told or at_path(self.settings, place) or "audio/pcm")

    def _in_force(self) -> list[Mapping[str, Any]]:
        """The own tools, those that the service runs as it told of them, and behind them the others."""
        told = {tool["name"]: tool for tool in self._told}
        own = {tool["name"]: tool for tool in self._own or ()}
        run = {name: t for name, t in told.items() if is_run_by_the_service(t) or name not in own}
        return list((own | run).values())

    def _offer(self) -> None:
        self.tools = client_tools(self.settings)
        for session in self._sent:
            self.tools |= client_tools(session)


def samples_in(data: bytes, encoding: str) -> int:
    """Samples at 24 kHz that a chunk of the wire amounts to."""
    return len(data) // 2 if encoding == "audio/pcm" else 3 * len(data)
