"""The desk: what may be asked of a running session."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from voicenb.errors import InvalidConfiguration, SessionNotOpen
from voicenb.protocol import messages as m
from voicenb.protocol.turn_defaults import whole_update
from voicenb.session.caller_line import CallerLine
from voicenb.session.events import EventLog
from voicenb.session.floor import Floor
from voicenb.session.milestones import Milestones
from voicenb.session.transport import ConnectionClosed
from voicenb.session.updates import Updates
from voicenb.session.wire import Wire


class Desk:
    """Takes wishes; each method returns when the wish is fulfilled, or raises why it will not be.

    Args:
        wire: the way out.
        floor: the conversation.
        milestones: of the session.
        log: of the session.
        update_seconds: how long an update may stay without an answer.
        accepted: takes each change that the service has acknowledged.

    Attributes:
        line: the caller's line, which can be muted and spoken on.
        updates: the update under way.
    """

    def __init__(
        self,
        wire: Wire,
        floor: Floor,
        milestones: Milestones,
        log: EventLog,
        update_seconds: float,
        accepted: Callable[[Mapping[str, Any]], object] = lambda session: None,
    ) -> None:
        self.line = CallerLine()
        self.updates = Updates()
        self._wire = wire
        self._floor = floor
        self._milestones = milestones
        self._log = log
        self._update_seconds = update_seconds
        self._accepted = accepted

    async def update(self, session: Mapping[str, Any], by: str = "") -> int:
        """Change settings; returns when the service has acknowledged the change.

        ``turn_detection`` goes out whole: with the service's defaults for what it leaves out.

        Args:
            session: a ``session`` object.
            by: the policy that wants it; that is noted.

        Returns:
            The number of the last event by then: who has seen that has seen the acknowledgement.

        Raises:
            InvalidConfiguration: the service would refuse it; nothing was sent.
            ServiceError: the service refused it.
            WaitTimeout: no answer came.
        """
        await self._until_ready()
        session = whole_update(session, self._floor.conversation.config)
        async with self.updates.one(session, self._update_seconds):
            if by:
                self._log.put("local", "policy", {"name": by, "session": session})
            await self._wire.say(m.SessionUpdate(session=session))
        self._accepted(session)
        return self._log.last

    async def reply(self, instructions: str | None = None) -> None:
        """Make the agent speak.

        Raises:
            InvalidConfiguration: the instructions are no text; nothing was sent.
        """
        if not isinstance(instructions, str | None):
            raise InvalidConfiguration(
                f"instructions must be text, not {instructions!r}.", param="instructions"
            )
        await self._until_ready()
        await self._wire.say(m.ReplyCreate(instructions=instructions))

    async def message(self, text: str) -> None:
        """Words that the caller types: they go into the history, and the reply to them is asked for.

        Raises:
            InvalidConfiguration: there are no words in it; nothing was sent.
        """
        if not isinstance(text, str) or not text.strip():
            raise InvalidConfiguration(f"A message needs words, not {text!r}.", param="text")
        await self._until_ready()
        await self._wire.say(m.ConversationMessage(role="user", content=text))
        await self._wire.say(m.ReplyCreate())

    async def send_audio(self, pcm: bytes) -> None:
        """Audio of the caller, given by hand; returns when there is room for it behind what waits."""
        over = self._milestones.over
        while not self.line.has_room(pcm) and not over.done():
            await self._floor.changed()
        if over.done():
            raise self._milestones.why_not()
        self.line.give(pcm)

    async def tool_result(
        self, call_id: str, result: str, is_error: bool = False, own_time: float | None = None
    ) -> None:
        """Answer a tool call.

        Args:
            call_id: of the call.
            result: the text for the model.
            is_error: whether it tells of a failure.
            own_time: seconds that the function itself took.

        A connection that is lost meanwhile is no error: the result is sent again on the next one.
        """
        await self._floor.until_connected(self._milestones.over)
        call = self._floor.conversation.calls.get(call_id)
        if call is not None and call.lost:
            self.note(f"{call.name}: its result was not sent, for the session that asked for it was lost.")
            return
        with contextlib.suppress(ConnectionClosed):
            await self._wire.send(m.ToolResult(call_id=call_id, result=result, is_error=is_error))
        if own_time is not None:
            self._log.put("local", "tool", {"call_id": call_id, "own_time": round(own_time, 6)})

    async def answer_again(self) -> None:
        """Send the results again of which nothing shows that they had come before the connection was lost.

        What the service has already it ignores.
        """
        conversation = self._floor.conversation
        with contextlib.suppress(ConnectionClosed, SessionNotOpen):  # lost again, or over
            for call in [call for call in conversation.pending_calls if call.again]:
                result = m.ToolResult(call_id=call.call_id, result=call.result or "", is_error=call.is_error)
                await self._wire.send(result)
                self.note(f"{call.name}: its result was sent again, for the connection may have lost it.")

    def mute(self, muted: bool) -> None:
        """Send silence in place of the microphone's frames, or no longer."""
        if muted != self.line.muted and not self._milestones.finished.done():
            self.line.muted = muted
            self._log.put("local", "muted", {"muted": muted})

    def note(self, text: str, **facts: Any) -> None:
        """Put a line into the log of the session."""
        if not self._milestones.finished.done():
            self._log.put("local", "log", {"text": text, **facts})

    async def _until_ready(self) -> None:
        if await self._milestones.until_ready():
            await self._floor.until_connected(self._milestones.over)
        if self._milestones.over.done():
            raise self._milestones.why_not()
