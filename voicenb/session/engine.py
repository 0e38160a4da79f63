"""The engine: one session with the service, from connect to the end, as one task group on one loop.

It owns all state of the session. Whoever wants to know watches its numbered events; whoever wants something
done gives a command. It asks its loop for the time and nothing else, so it runs live and on a virtual clock
alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from voicenb.errors import (
    MalformedMessage,
    ServiceUnreachable,
    SessionNotOpen,
    VoicenbError,
    WaitTimeout,
)
from voicenb.protocol import messages as m
from voicenb.protocol.actions import Action, Dropped, Ended, Failed, Flush, Play
from voicenb.protocol.codec import decode_server, encode, record_of
from voicenb.protocol.conversation import Conversation
from voicenb.service.address import Address
from voicenb.session.caller_line import CallerLine
from voicenb.session.commands import perform
from voicenb.session.events import EventLog, Keeper, Publish
from voicenb.session.failure import to_wire
from voicenb.session.formats import Convert, decoder, encoder
from voicenb.session.frame_report import FrameReport
from voicenb.session.microphone import FrameCount, Microphone
from voicenb.session.speaker import Heard, Speaker
from voicenb.session.transport import Connect, ConnectionClosed, Transport
from voicenb.session.updates import Updates


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that the engine waits.

    Attributes:
        ready: for ``session.ready`` after the first update.
        update: for the answer to a later one.
        goodbye: for ``session.ended`` after ``session.end``.
    """

    ready: float = 10.0
    update: float = 5.0
    goodbye: float = 2.0


class Engine:
    """One session. Made and used on the loop that runs it; also the room that its microphone is in.

    Args:
        address: where the service is.
        session: the first update's ``session`` object.
        connect: opens the transport.
        microphone: the caller's voice; the session ends when it does.
        speaker: takes the agent's voice.
        publish: takes every event, in order, on the engine's loop; must return at once.
        keeper: the recorder, or None.
        limits: how long to wait for what.

    Attributes:
        conversation: the conversation as it stands.
        error: what ended the session, or None.
    """

    def __init__(
        self,
        address: Address,
        session: Mapping[str, Any],
        *,
        connect: Connect,
        microphone: Microphone,
        speaker: Speaker,
        publish: Publish,
        keeper: Keeper | None = None,
        limits: Limits = Limits(),
    ) -> None:
        self.conversation = Conversation()
        self.error: BaseException | None = None
        self._address = address
        self._session = dict(session)
        self._connect = connect
        self._microphone = microphone
        self._speaker = speaker
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._log = EventLog(self._clock, publish, keeper)
        self._line = CallerLine()
        self._updates = Updates()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._finished: asyncio.Future[None] = self._loop.create_future()
        self._transport: Transport | None = None
        self._encode: Convert | None = None
        self._decode: Convert | None = None
        self._waiters: list[asyncio.Future[None]] = []
        self._received: list[
            str
        ] = []  # the first types that came, for the letter about a session that is not ready
        self._task: asyncio.Task[Any] | None = None
        self._state = ""
        self._lost = False
        self._frames = FrameReport(microphone, self._clock, self._tell_count)

    def _clock(self) -> float:
        return round(self._loop.time() - self._began, 6)

    # --- the room
    # ----------------------------------------------------------------------------------------------------

    @property
    def audible(self) -> bool:
        """Whether the agent is heard at this moment."""
        return self._speaker.audible

    async def changed(self) -> None:
        """Wait for the next message, heard note or change of state."""
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._waiters.append(waiter)
        await waiter

    def _show(self) -> None:
        """Publish the state when it is another one, and wake whoever waits for a change."""
        state: str = self.conversation.state
        if self._finished.done() or state == "ended":
            state = "lost" if self._lost else "ended"
        elif state == "idle":
            state = "connecting"
        if state != self._state:
            self._state = state
            self._log.put("local", "state", {"state": state})
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    # --- the life of the session
    # -------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Hold the session; returns when it is over and its recording is closed.

        A cancelled engine ends the session in good order first.

        Raises:
            Exception: what ended the session, where it was not ended on purpose.
        """
        self._task = asyncio.current_task()
        self._show()
        try:
            async with asyncio.TaskGroup() as group:
                await self._hold(group)
        except BaseExceptionGroup as group_error:  # nothing but a bug of the engine itself
            self.error = self.error or group_error.exceptions[0]
        finally:
            self._finish()
        if self.error is not None:
            raise self.error

    async def _hold(self, group: asyncio.TaskGroup) -> None:
        transport = await self._reach()
        if transport is None:
            return
        self._transport = transport
        receiving = group.create_task(self._guard(self._receive(transport)), name="voicenb-receive")
        hearing: asyncio.Task[None] | None = None
        try:
            self._speaker.open(self._heard)
            await self._guard(self._send(m.SessionUpdate(session=self._session)))
            if await self._becomes_ready():
                hearing = group.create_task(self._guard(self._hear()), name="voicenb-hear")
                await asyncio.wait({self._over})
        finally:
            if not self._over.done():  # cancelled
                self._over.set_result(None)
            if hearing is not None:
                hearing.cancel()
            self._speaker.close()
            await self._goodbye(transport, receiving)
            receiving.cancel()

    async def _reach(self) -> Transport | None:
        """Connect; None when that failed, or when the session was ended meanwhile."""
        connecting = asyncio.ensure_future(self._connect(self._address))
        either: set[asyncio.Future[Any]] = {connecting, self._over}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not connecting.done():
                connecting.cancel()
        if not connecting.done() or connecting.cancelled():
            return None
        if (error := connecting.exception()) is not None:
            self._stop(error)
            return None
        return connecting.result()

    async def _becomes_ready(self) -> bool:
        await asyncio.wait(
            {self._ready, self._over}, timeout=self._limits.ready, return_when=asyncio.FIRST_COMPLETED
        )
        if not self._ready.done() and not self._over.done():
            got = ", ".join(self._received) or "nothing"
            self._stop(
                WaitTimeout(
                    "The service never became ready: "
                    f"no session.ready within {self._limits.ready:g} s. Received: {got}.",
                    remedy="Check the address and the agent's settings, and try again.",
                    seconds=self._limits.ready,
                )
            )
        return not self._over.done()

    async def _goodbye(self, transport: Transport, receiving: asyncio.Task[None]) -> None:
        """End the session at the service: an open one is billed. What still comes in is taken until then."""
        if self.error is not None and not receiving.done():
            await asyncio.wait(
                {receiving}, timeout=self._limits.goodbye / 4
            )  # after an error it closes by itself
        if not receiving.done() and self.conversation.state not in ("idle", "ended"):
            try:
                async with asyncio.timeout(self._limits.goodbye / 2):
                    await self._send(m.SessionEnd())
            except (ConnectionClosed, VoicenbError, TimeoutError):
                pass
        if not receiving.done():
            await asyncio.wait({receiving}, timeout=self._limits.goodbye)
        await transport.close()
        if not receiving.done():
            await asyncio.wait({receiving}, timeout=self._limits.goodbye / 4)
        if self.conversation.state != "ended":
            self._closed(ConnectionClosed(1000, "closed by the client"))

    def _finish(self) -> None:
        if not self._over.done():
            self._over.set_result(None)
        if not self._ready.done():
            self._ready.cancel()
        self._updates.over()
        self._transport = None
        self._frames.look(last=True)
        self._finished.set_result(None)
        self._show()
        reason = "lost" if self._lost else "error" if self.error is not None else "ended"
        self._log.close({"reason": reason, "t": self._clock(), "session_id": self.conversation.session_id})

    def _stop(self, error: BaseException | None = None) -> None:
        """The session is to end; the first reason counts."""
        if self._over.done():
            return
        self.error = error
        if error is not None:
            self._log.put("local", "error", {**to_wire(error), "fatal": True})
        self._over.set_result(None)

    async def _guard(self, work: Awaitable[None]) -> None:
        """Do the work; an error in it ends the session instead of tearing down the task group."""
        try:
            await work
        except ConnectionClosed:
            pass  # the receiving task hears of it too, and knows what it means
        except Exception as error:
            self._stop(error)

    # --- in
    # -------------------------------------------------------------------------------------------------------

    async def _receive(self, transport: Transport) -> None:
        while True:
            try:
                frame = await transport.receive()
            except ConnectionClosed as closed:
                self._closed(closed)
                return
            self._take(frame)

    def _take(self, frame: str | bytes) -> None:
        at = self._clock()
        try:
            message, record = decode_server(frame)
        except MalformedMessage as error:
            self._log.put(
                "local", "log", {"text": f"The service sent a frame that was left out. {error}"}, at=at
            )
            return
        pcm = self._sound(message.data) if isinstance(message, m.ReplyAudio) else None
        self._log.put("in", message.type, record, at=at, pcm=pcm)
        if not self._ready.done():
            self._received.append(message.type)
        for action in self.conversation.receive(message, at):
            self._act(action, pcm)
        match message:
            case m.SessionReady():
                self._become_ready()
            case m.SessionUpdated() if self._ready.done():
                self._updates.acknowledged()
            case m.ReplyDone(reply_id=reply_id):
                self._speaker.done(reply_id or next(reversed(self.conversation.replies), ""))
            case _:
                pass
        self._show()

    def _become_ready(self) -> None:
        self._encode = encoder(self.conversation.config)
        self._decode = decoder(self.conversation.config)
        if not self._ready.done():
            self._ready.set_result(None)

    def _sound(self, data: bytes) -> bytes:
        return self._decode(data) if self._decode is not None else data[: len(data) & ~1]

    def _act(self, action: Action, pcm: bytes | None = None) -> None:
        match action:
            case Play(reply_id=reply_id) if not self._over.done():
                self._speaker.play(reply_id, pcm or b"")
            case Flush():
                self._speaker.flush()
            case Failed(error=error, fatal=fatal):
                if fatal:
                    self._stop(error)
                elif not self._updates.refused(error):
                    self._log.put("local", "error", {**to_wire(error), "fatal": False})
            case Ended(reason=reason):
                clean = reason == "ended" or self._over.done()
                self._stop(None if clean else self._unasked(reason))
            case _:
                pass  # tools run where the session's object lives: it sees the same message

    def _closed(self, closed: ConnectionClosed) -> None:
        record = {"code": closed.code, "reason": closed.reason}
        at = self._clock()
        self._log.put("local", "closed", record, at=at)
        actions = self.conversation.closed(closed.code, closed.reason, at)
        if any(isinstance(action, Dropped) for action in actions):
            # Resuming is not offered yet: the loss is the end, and both sides of the conversation are told
            # so.
            self._lost = True
            self._log.put("local", "closed", record | {"final": True}, at=at)
            actions = self.conversation.closed(closed.code, closed.reason, at)
        for action in actions:
            self._act(action)
        self._show()

    def _unasked(self, reason: str) -> ServiceUnreachable:
        when = "before the session was ready" if not self._ready.done() else f"after {self._clock():.1f} s"
        return ServiceUnreachable(
            f"The connection to the service was lost {when} ({reason}).",
            remedy="Start a new session. What was said until then is in the recording.",
        )

    def _heard(self, note: Heard) -> None:
        if self._finished.done():
            return
        note = replace(note, at=round(note.at - self._began, 6), uncertainty=round(note.uncertainty, 6))
        self.conversation.heard(note)
        record = {
            "reply_id": note.reply_id,
            "from": note.start,
            "to": note.stop,
            "t": note.at,
            "uncertainty": note.uncertainty,
        }
        self._log.put("local", "heard", record)
        self._show()

    # --- out
    # -------------------------------------------------------------------------------------------------------

    async def _send(self, message: m.ClientMessage, *, pcm: bytes | None = None) -> None:
        transport = self._transport
        if transport is None:
            raise SessionNotOpen(f"{message.type} cannot be sent: the session is {self._state}.")
        at = self._clock()
        self.conversation.send(message, at)
        record = record_of(message) if pcm is None else {"type": message.type}
        self._log.put("out", message.type, record, at=at, pcm=pcm)
        self._show()
        await transport.send(encode(message))

    async def _hear(self) -> None:
        frames = self._microphone.frames(self)
        try:
            async for frame in frames:
                if not self.conversation.may_send_audio:
                    break
                pcm = self._line.through(frame)
                audio = pcm if self._encode is None else self._encode(pcm)
                if audio:
                    await self._send(m.InputAudio(audio=audio), pcm=pcm)
                self._frames.look()
        finally:
            if (close := getattr(frames, "aclose", None)) is not None:
                await close()
        self._stop()  # the microphone has hung up

    def _tell_count(self, count: FrameCount) -> None:
        self._log.put("local", "frames", {"late": count.late, "lost": count.lost})

    # --- commands
    # ----------------------------------------------------------------------------------------------------

    async def command(self, command: Mapping[str, Any]) -> None:
        """Do a command that came as a plain object (see :func:`voicenb.session.commands.perform`)."""
        await perform(self, command)

    async def update(self, session: Mapping[str, Any]) -> None:
        """Change settings; returns when the service has acknowledged the change.

        Raises:
            InvalidConfiguration: the service would refuse it; nothing was sent.
            ServiceError: the service refused it.
            WaitTimeout: no answer came.
        """
        await self._until_ready()
        async with self._updates.one(self._limits.update):
            await self._say(m.SessionUpdate(session=dict(session)))

    async def reply(self, instructions: str | None = None) -> None:
        """Make the agent speak."""
        await self._until_ready()
        await self._say(m.ReplyCreate(instructions=instructions))

    async def send_audio(self, pcm: bytes) -> None:
        """Audio of the caller, given by hand; returns when there is room for it behind what waits."""
        while not self._line.has_room(pcm) and not self._over.done():
            await self.changed()
        if self._over.done():
            raise SessionNotOpen("The session has ended; no audio can be sent.", remedy="Start a new one.")
        self._line.give(pcm)

    async def tool_result(
        self, call_id: str, result: str, is_error: bool = False, own_time: float | None = None
    ) -> None:
        """Answer a tool call."""
        await self._say(m.ToolResult(call_id=call_id, result=result, is_error=is_error))
        if own_time is not None:
            self._log.put("local", "tool", {"call_id": call_id, "own_time": round(own_time, 6)})

    def mute(self, muted: bool) -> None:
        """Send silence in place of the microphone's frames, or no longer."""
        if muted != self._line.muted:
            self._line.muted = muted
            self._log.put("local", "muted", {"muted": muted})

    def log(self, text: str, **facts: Any) -> None:
        """Put a line into the log of the session."""
        if not self._finished.done():
            self._log.put("local", "log", {"text": text, **facts})

    def complain(self, error: VoicenbError) -> None:
        """Tell of an error that the session survives, soon."""
        self._loop.call_soon(self._complain, error)

    def _complain(self, error: VoicenbError) -> None:
        if not self._finished.done():
            self._log.put("local", "error", {**to_wire(error), "fatal": False})

    async def end(self) -> None:
        """End the session; returns when it is over."""
        self._stop()
        await asyncio.wait({self._finished})

    def end_soon(self) -> None:
        """End the session; returns at once."""
        self._stop()

    def abandon(self) -> None:
        """End at once, without waiting for the service any longer; the recording is closed all the same."""
        self._stop()
        if self._task is not None and not self._finished.done():
            self._task.cancel()

    async def _say(self, message: m.ClientMessage) -> None:
        try:
            await self._send(message)
        except ConnectionClosed:
            raise SessionNotOpen(f"{message.type} was not sent: the connection is lost.") from None

    async def _until_ready(self) -> None:
        await asyncio.wait({self._ready, self._over}, return_when=asyncio.FIRST_COMPLETED)
        if self._over.done():
            if isinstance(self.error, VoicenbError):
                raise self.error
            raise SessionNotOpen("The session has ended.", remedy="Start a new one.")
