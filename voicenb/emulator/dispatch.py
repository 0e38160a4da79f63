"""A brain's tool calls on their way to whoever runs them: the client, the service itself, or nobody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from voicenb.emulator.argument_checks import plain, unfit
from voicenb.emulator.brain import Line
from voicenb.emulator.calls import Calls
from voicenb.emulator.checks import JSONObject
from voicenb.emulator.outlet import Outlet
from voicenb.emulator.resources import Resources
from voicenb.emulator.timeline import ToolRecord
from voicenb.emulator.wire import Wire

log = logging.getLogger(__name__)

REFUSALS = 3
"""Calls in a row with arguments that do not fit, before the brain is told to stop."""

NO_TOOL = "There is no such tool."
NO_OBJECT = "The arguments are no JSON object."
NOT_RUN = "The tool was not run. Ask the caller."
NOT_AGAIN = "The tool was not run. Do not call it again; tell the caller that it did not work."
"""What the brain is told instead of a result."""

Spawn = Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]]


class Dispatch:
    """Sends calls, and takes their results.

    Args:
        resources: calls tools over HTTP; knows whether clients are told of that.
        wire: to the client.
        outlet: held while a tool in hold mode runs.
        spawn: starts a task of the session.
        on_answer: told of the history line that an answer (or its absence) makes.

    Attributes:
        calls: those that are open.
    """

    def __init__(
        self,
        resources: Resources,
        wire: Wire,
        outlet: Outlet,
        spawn: Spawn,
        on_answer: Callable[[Line], None],
    ) -> None:
        self.calls = Calls(on_answer)
        self._resources = resources
        self._wire = wire
        self._outlet = outlet
        self._spawn = spawn
        self._own: set[str] = set()  # calls that the service makes by itself
        self._refused = 0  # calls in a row

    def send(self, record: ToolRecord, tool: JSONObject | None) -> None:
        """Send a call of a tool; None is one that nobody has."""
        arguments = plain(record.arguments)
        record.arguments = arguments or {}
        refusal = NO_TOOL if tool is None else self._unfit(tool, arguments)
        if tool is None or refusal:
            if tool is None:
                log.warning("The brain called %r, which is no tool of the agent", record.name)
            self.calls.add(record, timeout=0.0)
            self.calls.answer(record.call_id, refusal, is_error=True)
            return
        hold = tool["execution_mode"] == "hold"
        hints = {key: text for key, text in (tool["response_instructions"] or {}).items() if text}
        self.calls.add(record, timeout=tool["timeout_seconds"], hold=hold, instructions=hints)
        http = tool.get("http")
        if http is None or self._resources.profile.http_calls_told:
            self._wire.emit("tool.call", call_id=record.call_id, name=record.name, arguments=record.arguments)
        if http is not None:
            self._own.add(record.call_id)
            self._spawn(self._over_http(record, http, tool["timeout_seconds"]))
        if hold:
            self._outlet.hold(True)

    def take(self, call_id: str, result: str, *, is_error: bool) -> None:
        """The client answered; what nobody waits for from it is ignored."""
        if call_id in self._own or not self.calls.answer(call_id, result, is_error=is_error):
            log.info("A result for the call %s is ignored", call_id)

    def _unfit(self, tool: JSONObject, arguments: JSONObject | None) -> str:
        """What the brain is told of a call whose arguments the tool does not take; empty where it does."""
        wrong = NO_OBJECT if arguments is None else unfit(tool["parameters"], arguments)
        self._refused = self._refused + 1 if wrong else 0
        if not wrong:
            return ""
        return f"{wrong} {NOT_RUN if self._refused < REFUSALS else NOT_AGAIN}"

    async def _over_http(self, record: ToolRecord, http: JSONObject, patience: float) -> None:
        tools, arguments = self._resources.http_tools, record.arguments
        outcome = await self._resources.waiting.run(lambda: tools.call(http, arguments, patience), cost=0.0)
        self._own.discard(record.call_id)
        self.calls.answer(record.call_id, outcome.text, is_error=outcome.is_error)
