"""Sessions on one background thread of this process: for files, CI, and callers that are no browser."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from voicenb.errors import SessionNotOpen
from voicenb.session.engine import Engine
from voicenb.session.events import Publish
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.loop_thread import LoopThread, session_thread


class ThreadCall:
    """One session on the thread (see :class:`voicenb.session.host.Call`)."""

    def __init__(self, thread: LoopThread, plan: Plan, publish: Publish) -> None:
        self._thread = thread
        self._engine: Engine | None = None
        self._done = thread.submit(hold(plan, publish, self._begun))

    def _begun(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def done(self) -> Future[None]:
        """Done when the session is over."""
        return self._done

    def request(self, command: Mapping[str, Any]) -> Future[Any]:
        """Give the engine a command."""
        return self._thread.submit(self._do(command))

    async def _do(self, command: Mapping[str, Any]) -> Any:
        if self._engine is None:  # it could not begin
            raise SessionNotOpen("The session has not begun.")
        return await self._engine.command(command)


class ThreadHost:
    """Holds sessions on the process's session thread."""

    def hold(self, plan: Plan, publish: Publish) -> ThreadCall:
        """Begin a session; returns at once."""
        return ThreadCall(session_thread(), plan, publish)
