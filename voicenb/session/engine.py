"""The engine: one session with the service, from connect to the end, as one task group on one loop.

It owns all state of the session. Whoever wants to know watches its numbered events; whoever wants something
done asks at its desk. It asks its loop for the time and nothing else, so it runs live and on a virtual clock
alike.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from voicenb.errors import MalformedMessage, ServiceUnreachable, VoicenbError, WaitTimeout
from voicenb.protocol import messages as m
from voicenb.protocol.actions import Action, Dropped, Ended, Failed, Flush, Play
from voicenb.protocol.codec import decode_server
from voicenb.protocol.conversation import Conversation
from voicenb.service.address import Address
from voicenb.session.clock_report import ClockReport
from voicenb.session.commands import perform
from voicenb.session.desk import Desk
from voicenb.session.events import EventLog, Keeper, Publish
from voicenb.session.failure import to_wire
from voicenb.session.floor import Floor
from voicenb.session.formats import Convert, decoder, encoder
from voicenb.session.frame_report import FrameReport
from voicenb.session.microphone import FrameCount, Microphone
from voicenb.session.milestones import Futures, Milestones
from voicenb.session.speaker import Speaker
from voicenb.session.transport import Connect, ConnectionClosed, Transport
from voicenb.session.wire import Wire


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
        desk: what may be asked of it.
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
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._log = EventLog(lambda: round(loop.time() - began, 6), publish, keeper)
        self._floor = Floor(self._log, began)
        self._milestones = Milestones()
        self._wire = Wire(self._floor, self._log)
        self.desk = Desk(self._wire, self._floor, self._milestones, self._log, limits.update)
        self._address = address
        self._session = dict(session)
        self._connect = connect
        self._microphone = microphone
        self._speaker = speaker
        self._limits = limits
        self._frames = FrameReport(microphone, self._log.now, self._tell_count)
        self._clocks = ClockReport(microphone, self._log.now, began, self._log.clocks)
        self._encode: Convert | None = None
        self._decode: Convert | None = None
        self._received: list[str] = []  # types that came before session.ready, should that never come
        self._task: asyncio.Task[Any] | None = None

    # --- the room ---

    @property
    def conversation(self) -> Conversation:
        """The conversation as it stands."""
        return self._floor.conversation

    @property
    def audible(self) -> bool:
        """Whether the agent is heard at this moment."""
        return self._speaker.audible

    @property
    def state(self) -> str:
        """The state as it was told last."""
        return self._floor.state

    async def changed(self) -> None:
        """Wait for the next message, heard note or change of state."""
        await self._floor.changed()

    # --- the life of the session ---

    @property
    def error(self) -> BaseException | None:
        """What ended the session, or None."""
        return self._milestones.error

    async def run(self) -> None:
        """Hold the session; returns when it is over and its recording is closed.

        A cancelled engine ends the session in good order first.

        Raises:
            Exception: what ended the session, where it was not ended on purpose.
        """
        self._task = asyncio.current_task()
        self._floor.show()
        try:
            async with asyncio.TaskGroup() as group:
                await self._hold(group)
        finally:
            self._finish()
        if self.error is not None:
            raise self.error

    async def _hold(self, group: asyncio.TaskGroup) -> None:
        transport = await self._reach()
        if transport is None:
            return
        self._wire.transport = transport
        receiving = group.create_task(self._guard(self._receive(transport)), name="voicenb-receive")
        hearing: asyncio.Task[None] | None = None
        try:
            self._speaker.open(self._floor.heard)
            await self._guard(self._wire.send(m.SessionUpdate(session=self._session)))
            if await self._becomes_ready():
                hearing = group.create_task(self._guard(self._hear()), name="voicenb-hear")
                await asyncio.wait({self._milestones.over})
        finally:
            self._milestones.end()  # where it was cancelled
            if hearing is not None:
                hearing.cancel()
            self._speaker.close()
            await self._goodbye(transport, receiving)
            receiving.cancel()

    async def _reach(self) -> Transport | None:
        """Connect; None when that failed, or when the session was ended meanwhile."""
        connecting = asyncio.ensure_future(self._connect(self._address))
        either: Futures = {connecting, self._milestones.over}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            connecting.cancel()
        if not connecting.done() or connecting.cancelled():
            return None
        if (error := connecting.exception()) is not None:
            self._stop(error)
            return None
        if self._milestones.over.done():
            await connecting.result().close()
            return None
        return connecting.result()

    async def _becomes_ready(self) -> bool:
        seconds = self._limits.ready
        if await self._milestones.until_ready(seconds):
            return True
        got = ", ".join(self._received) or "nothing"
        error = WaitTimeout(
            f"The service never became ready: no session.ready within {seconds:g} s. Received: {got}.",
            remedy="Check the address and the agent's settings, and try again.",
            seconds=seconds,
        )
        if not self._milestones.over.done():
            self._stop(error)
        return False

    async def _goodbye(self, transport: Transport, receiving: asyncio.Task[None]) -> None:
        """End the session at the service: an open one is billed. What still comes in is taken until then."""
        patience = self._limits.goodbye
        if self.error is not None:  # then it closes by itself
            await asyncio.wait({receiving}, timeout=patience / 4)
        if not receiving.done() and self.conversation.state not in ("idle", "ended"):
            with contextlib.suppress(ConnectionClosed, VoicenbError, TimeoutError):
                async with asyncio.timeout(patience / 2):
                    await self._wire.send(m.SessionEnd())
        await asyncio.wait({receiving}, timeout=patience)
        await transport.close()
        await asyncio.wait({receiving}, timeout=patience / 4)
        if self.conversation.state != "ended":
            self._closed(ConnectionClosed(1000, "closed by the client"))

    def _finish(self) -> None:
        self._wire.transport = None
        self._frames.look(last=True)
        self._clocks.look(last=True)
        self._milestones.finish()
        self.desk.updates.over()
        self._floor.closed = True
        self._floor.show()
        reason = "lost" if self._floor.lost else "error" if self.error is not None else "ended"
        self._log.close({"reason": reason, "t": self._log.now(), "session_id": self.conversation.session_id})

    def _stop(self, error: BaseException | None = None) -> None:
        """The session is to end; the first reason counts."""
        if self._milestones.end(error) and error is not None:
            self._log.put("local", "error", {**to_wire(error), "fatal": True})

    async def _guard(self, work: Awaitable[None]) -> None:
        """Do the work; an error in it ends the session instead of tearing down the task group."""
        try:
            await work
        except ConnectionClosed:
            pass  # the receiving task hears of it too, and knows what it means
        except Exception as error:
            self._stop(error)

    # --- from the service ---

    async def _receive(self, transport: Transport) -> None:
        while True:
            try:
                frame = await transport.receive()
            except ConnectionClosed as closed:
                self._closed(closed)
                return
            self._take(frame)

    def _take(self, frame: str | bytes) -> None:
        at = self._log.now()
        try:
            message, record = decode_server(frame)
        except MalformedMessage as error:
            text = f"The service sent a frame that was left out. {error}"
            self._log.put("local", "log", {"text": text}, at=at)
            return
        pcm = self._sound(message.data) if isinstance(message, m.ReplyAudio) else None
        self._log.put("in", message.type, record, at=at, pcm=pcm)
        if not self._milestones.ready.done():
            self._received.append(message.type)
        for action in self.conversation.receive(message, at):
            self._act(action, pcm)
        match message:
            case m.SessionReady():
                self._encode = encoder(self.conversation.config)
                self._decode = decoder(self.conversation.config)
                self._milestones.become_ready()
            case m.SessionUpdated() if self._milestones.ready.done():
                self.desk.updates.acknowledged()
            case m.ReplyDone(reply_id=reply_id):
                self._speaker.done(reply_id or next(reversed(self.conversation.replies), ""))
            case _:
                pass
        self._floor.show()

    def _sound(self, data: bytes) -> bytes:
        return self._decode(data) if self._decode is not None else data[: len(data) & ~1]

    def _act(self, action: Action, pcm: bytes | None = None) -> None:
        match action:
            case Play(reply_id=reply_id) if not self._milestones.over.done():
                self._speaker.play(reply_id, pcm or b"")
            case Flush():
                self._speaker.flush()
            case Failed(error=error, fatal=fatal):
                if fatal:
                    self._stop(error)
                elif not self.desk.updates.refused(error):
                    self._log.put("local", "error", {**to_wire(error), "fatal": False})
            case Ended(reason=reason):
                clean = reason == "ended" or self._milestones.over.done()
                self._stop(None if clean else self._unasked(reason))
            case _:
                pass  # tools run where the session's object lives: it sees the same message

    def _closed(self, closed: ConnectionClosed) -> None:
        record = {"code": closed.code, "reason": closed.reason}
        at = self._log.now()
        self._log.put("local", "closed", record, at=at)
        actions = self.conversation.closed(closed.code, closed.reason, at)
        if any(isinstance(action, Dropped) for action in actions):
            # Resuming is not offered yet: the loss is the end, and whoever follows the events is told so.
            self._floor.lost = True
            self._log.put("local", "closed", record | {"final": True}, at=at)
            actions = self.conversation.closed(closed.code, closed.reason, at)
        for action in actions:
            self._act(action)
        self._floor.show()

    def _unasked(self, reason: str) -> ServiceUnreachable:
        ready = self._milestones.ready.done()
        when = f"after {self._log.now():.1f} s" if ready else "before the session was ready"
        return ServiceUnreachable(
            f"The connection to the service was lost {when} ({reason}).",
            remedy="Start a new session. What was said until then is in the recording.",
        )

    # --- from the microphone ---

    async def _hear(self) -> None:
        frames = self._microphone.frames(self)
        try:
            async for frame in frames:
                if not self.conversation.may_send_audio:
                    break
                pcm = self.desk.line.through(frame)
                audio = pcm if self._encode is None else self._encode(pcm)
                if audio:
                    await self._wire.send(m.InputAudio(audio=audio), pcm=pcm)
                self._frames.look()
                self._clocks.look()
        finally:
            if (close := getattr(frames, "aclose", None)) is not None:
                await close()
        self._stop()  # the microphone has hung up

    def _tell_count(self, count: FrameCount) -> None:
        self._log.put("local", "frames", {"late": count.late, "lost": count.lost})

    # --- from whoever holds it ---

    async def command(self, command: Mapping[str, Any]) -> None:
        """Do a command that came as a plain object (see :func:`voicenb.session.commands.perform`)."""
        await perform(self, command)

    def complain(self, error: VoicenbError) -> None:
        """Tell, soon, of an error that the session survives."""
        asyncio.get_running_loop().call_soon(self._complain, error)

    def _complain(self, error: VoicenbError) -> None:
        if not self._milestones.finished.done():
            self._log.put("local", "error", {**to_wire(error), "fatal": False})

    async def end(self) -> None:
        """End the session; returns when it is over."""
        self._stop()
        await asyncio.wait({self._milestones.finished})

    def end_soon(self) -> None:
        """End the session; returns at once."""
        self._stop()

    def abandon(self) -> None:
        """End at once, without waiting for the service any longer; the recording is closed all the same."""
        self._stop()
        if self._task is not None and not self._milestones.finished.done():
            self._task.cancel()
