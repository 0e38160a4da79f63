"""The milestones of a session: ready, over, finished; and what it ended of."""

from __future__ import annotations

import asyncio
from typing import Any

from voicenb.errors import SessionNotOpen, VoicenbError
from voicenb.session.events import EventLog
from voicenb.session.failure import to_wire

Futures = set[asyncio.Future[Any]]


class Milestones:
    """What of a session has come to pass.

    Args:
        log: is told what ends the session.

    Attributes:
        ready: ``session.ready`` has come.
        over: the session is to end, whatever is still to be said.
        finished: nothing more happens; the recording is closed.
        error: what ended it, or None.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()
        self.finished: asyncio.Future[None] = loop.create_future()
        self.error: BaseException | None = None

    def become_ready(self) -> None:
        """The session is ready; a second time means nothing."""
        if not self.ready.done():
            self.ready.set_result(None)

    def end(self, error: BaseException | None = None) -> None:
        """The session is to end; the first reason counts."""
        if self.over.done():
            return
        self.error = error
        self.over.set_result(None)
        if error is not None:
            self._log.put("local", "error", {**to_wire(error), "fatal": True})

    def finish(self) -> None:
        """Nothing more happens."""
        self.end()
        self.ready.cancel()
        if not self.finished.done():
            self.finished.set_result(None)

    async def until_ready(self, seconds: float | None = None) -> bool:
        """Wait until it is ready or over, ``seconds`` at most; whether it is ready and not over."""
        either: Futures = {self.ready, self.over}
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return self.ready.done() and not self.over.done()

    def why_not(self) -> VoicenbError:
        """Why nothing can be asked of it any more."""
        if isinstance(self.error, VoicenbError):
            return self.error
        return SessionNotOpen("The session has ended.", remedy="Start a new one.")
