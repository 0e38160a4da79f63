"""Who holds the floor: the conversation, its state as it is told, and a bell for those who wait."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from voicenb.protocol.conversation import Conversation
from voicenb.session.events import EventLog
from voicenb.session.speaker import Ducked, Heard, Unheard


class Floor:
    """The conversation and its state.

    Args:
        log: is told each new state and each note of what was heard.
        began: when the engine began, in the loop's seconds.

    Attributes:
        conversation: the conversation as it stands.
        state: what was told last.
        lost: whether the connection was lost.
        closed: whether nothing more will happen.
    """

    def __init__(self, log: EventLog, began: float) -> None:
        self.conversation = Conversation()
        self.state = ""
        self.lost = False
        self.closed = False
        self._log = log
        self._began = began
        self._loop = asyncio.get_running_loop()
        self._waiters: list[asyncio.Future[None]] = []

    async def changed(self) -> None:
        """Wait for the next message, heard note or change of state."""
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._waiters.append(waiter)
        await waiter

    async def until_connected(self, over: asyncio.Future[None]) -> None:
        """Wait while the connection is lost, but no longer than until ``over``."""
        while self.conversation.state == "reconnecting" and not over.done():
            changed = asyncio.ensure_future(self.changed())
            either: set[asyncio.Future[None]] = {changed, over}
            try:
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            finally:
                changed.cancel()

    def moment(self, at: float) -> float:
        """A time of the loop's in seconds since the engine began, rounded as they are recorded."""
        return round(at - self._began, 6)

    def show(self, at: float | None = None) -> None:
        """Tell the state when it is another one, and wake whoever waits for a change.

        Args:
            at: since when it is so, where that is not now.
        """
        state: str = self.conversation.state
        if self.closed or state == "ended":
            state = "lost" if self.lost else "ended"
        elif state == "idle":
            state = "connecting"
        if state != self.state:
            self.state = state
            self._log.put("local", "state", {"state": state}, at=at)
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def heard(self, note: Heard | Unheard | Ducked) -> None:
        """Take a speaker's note."""
        if self.closed:
            return
        if isinstance(note, Unheard):
            self._unheard(replace(note, at=self.moment(note.at)))
            return
        note = replace(note, at=self.moment(note.at), uncertainty=round(note.uncertainty, 6))
        if isinstance(note, Ducked):
            self._log.put(
                "local", "ducked", {"gain": note.gain, "t": note.at, "uncertainty": note.uncertainty}
            )
            return
        self.conversation.heard(note)
        record = {
            "reply_id": note.reply_id,
            "from": note.start,
            "to": note.stop,
            "t": note.at,
            "uncertainty": note.uncertainty,
        }
        self._log.put("local", "heard", record)
        self.show()

    def _unheard(self, note: Unheard) -> None:
        self.conversation.unheard(note)
        record = {"reply_id": note.reply_id, "from": note.start, "to": note.stop, "t": note.at}
        self._log.put("local", "unheard", record)
        self.show()
