"""One call on one loop: the engine, and the agent's tools beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from voicenb.policy import Policy
from voicenb.protocol.actions import RunTool
from voicenb.session.engine import Engine
from voicenb.session.events import Event
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.patches import patch_of
from voicenb.session.policing import Policing
from voicenb.session.tool_runner import ToolRunner, Workers
from voicenb.tools import Tool


class Call:
    """Holds a session on the running loop, from its beginning to its end.

    Args:
        plan: the session.
        tools: what the agent offers, by name.
        workers: where tools that are not async run.
        policy: changes settings while it runs.
    """

    def __init__(
        self, plan: Plan, tools: Mapping[str, Tool], workers: Workers, policy: Policy | None = None
    ) -> None:
        self._plan = plan
        self._runner = ToolRunner(tools, self._command, workers)
        self._engine: Engine | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen: set[str] = set()
        self._policing = None if policy is None else Policing(policy, self._change, self._complain)

    async def run(self) -> None:
        """Hold the call.

        Raises:
            Exception: what ended it, where it was not ended on purpose.
        """
        try:
            await hold(self._plan, self._take, self._begun)
        finally:
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)
        if self._engine is not None and self._engine.error is not None:
            raise self._engine.error

    def _begun(self, engine: Engine) -> None:
        self._engine = engine

    def _change(self, policy: str, changes: Mapping[str, Any]) -> asyncio.Task[None]:
        patch, tools = patch_of(None, changes)
        self._runner.offer({tool.name: tool for tool in tools})
        return self._command({"do": "update", "session": patch, "by": policy})

    def _complain(self, text: str) -> None:
        self._command({"do": "log", "text": text})

    def _take(self, event: Event) -> None:
        if self._policing is not None:
            self._policing.take(event)
        if event["type"] == "tool.call" and event["dir"] == "in":
            # The conversation takes the message behind this event; it knows the tool's timeout.
            asyncio.get_running_loop().call_soon(self._run_tool, str(event["msg"].get("call_id")))

    def _run_tool(self, call_id: str) -> None:
        assert self._engine is not None
        call = self._engine.conversation.calls.get(call_id)
        if call is None or call_id in self._seen:
            return
        self._seen.add(call_id)
        self._spawn(
            self._runner.run(
                RunTool(call.call_id, call.name, call.arguments, call.timeout, call.known, call.theirs)
            )
        )

    def _command(self, command: dict[str, Any]) -> asyncio.Task[Any]:
        assert self._engine is not None
        return self._spawn(self._engine.command(command))

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # a result for a call that has ended meanwhile is no news
