"""The engine: one session with the service, from connect to the end, as one task group on one loop.

It owns all state of the session. Whoever wants to know watches its numbered events; whoever wants something
done asks at its desk. It asks its loop for the time and nothing else, so it runs live and on a virtual clock
alike.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Mapping
from typing import Any

from voicenb.audio.processor import Processor
from voicenb.errors import SessionNotOpen, VoicenbError, WaitTimeout
from voicenb.protocol import messages as m
from voicenb.protocol.barge_in import USUAL, BargeInMode
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.settings import in_two
from voicenb.service.address import Address
from voicenb.session import owed_answer
from voicenb.session.backlog import Backlog, Keeping
from voicenb.session.clock_report import ClockReport
from voicenb.session.commands import perform
from voicenb.session.desk import Desk
from voicenb.session.events import EventLog, Keeper, Publish
from voicenb.session.failure import to_wire
from voicenb.session.floor import Floor
from voicenb.session.formats import Encoder
from voicenb.session.frame_report import FrameReport
from voicenb.session.giving_way import GivingWay
from voicenb.session.limits import Limits
from voicenb.session.microphone import Abrupt, FrameCount, Microphone
from voicenb.session.milestones import Futures, Milestones
from voicenb.session.on_lost import OnLost
from voicenb.session.reception import Reception
from voicenb.session.reconnection import Reconnection
from voicenb.session.renewal import Renewal
from voicenb.session.speaker import Speaker
from voicenb.session.thrift import Thrift
from voicenb.session.transport import Connect, ConnectionClosed, SoundSent, Transport
from voicenb.session.wire import Wire


class Engine:
    """One session. Made and used on the loop that runs it; also the room that its microphone is in.

    Args:
        address: where the service is.
        session: the first update's ``session`` object. What it says beside the binding of a stored agent goes
            behind it, as soon as that is ready.
        connect: opens the transport.
        microphone: the caller's voice; the session ends when it does.
        speaker: takes the agent's voice.
        publish: takes every event, in order, on the engine's loop; must return at once.
        keeper: the recorder, or None.
        limits: how long to wait for what.
        on_lost: what follows where a lost connection cannot be had back: ``"restart"`` (another session that
            is told what was said so far) or ``"end"``.
        barge_in: what becomes of the agent's voice while the caller speaks over it.
        processor: where an own ear works, which ``barge_in="duck"`` has; by default a thread.

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
        limits: Limits | None = None,
        on_lost: OnLost = "end",
        barge_in: BargeInMode = USUAL,
        processor: Processor | None = None,
    ) -> None:
        limits = limits or Limits()
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._log = EventLog(lambda: round(loop.time() - began, 6), publish, keeper)
        self._floor = Floor(self._log, began)
        self._milestones = Milestones(self._log)
        self._wire = Wire(self._floor, self._log)
        renewal = Renewal(session)
        self.desk = Desk(
            self._wire, self._floor, self._milestones, self._log, limits.update, renewal.accepted
        )
        self._thrift = Thrift(self._floor, self._milestones, limits)
        self._backlog = microphone.backlog if isinstance(microphone, Keeping) else Backlog()
        self._reconnection = Reconnection(
            address,
            connect,
            self._wire,
            self._floor,
            self._log,
            self._backlog,
            renewal,
            limits,
            on_lost,
            self._resumed,
            self._renewed,
        )
        self._address = address
        self._first, self._second = in_two(session)
        self._connect = connect
        self._microphone = microphone
        self._speaker = speaker
        self._limits = limits
        self._frames = FrameReport(microphone, self._log.now, self._tell_count)
        self._clocks = ClockReport(microphone, self._log.now, began, self._log.clocks)
        self._barge_in: BargeInMode = barge_in
        self._giving_way = GivingWay(self._floor, self._log, speaker, processor)
        self._reception = Reception(
            self._log,
            self._floor,
            self._milestones,
            speaker,
            self.desk.updates,
            self._reconnection,
            self._sent_elsewhere,
            address.explained,
            self._giving_way,
        )
        self._task: asyncio.Task[Any] | None = None
        self._group: asyncio.TaskGroup | None = None
        self._going_on: asyncio.Task[None] | None = None

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
            self._giving_way.begin(self._barge_in)
            async with asyncio.TaskGroup() as group:
                await self._hold(group)
        finally:
            self._finish()
        if self.error is not None:
            raise self.error

    async def _hold(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        transport = await self._reach()
        if transport is None:
            return
        self._wire.transport = transport
        receiving = group.create_task(self._guard(self._converse(transport)), name="voicenb-receive")
        tasks: list[asyncio.Task[None]] = []
        try:
            self._speaker.open(self._floor.heard)
            await self._guard(self._wire.send(m.SessionUpdate(session=self._first)))
            if await self._becomes_ready():
                tasks.append(group.create_task(self._guard(self._hear()), name="voicenb-hear"))
                listening = self._guard(self._giving_way.listen())
                tasks.append(group.create_task(listening, name="voicenb-listen"))
                tasks.append(group.create_task(self._guard(self._thrift.watch()), name="voicenb-thrift"))
                if self._second:
                    tasks.append(
                        group.create_task(self._guard(self._adjust(self._second)), name="voicenb-adjust")
                    )
                await asyncio.wait({self._milestones.over})
        finally:
            self._milestones.end()  # where it was cancelled
            for task in tasks:
                task.cancel()
            self._speaker.close()
            await self._goodbye(receiving)
            receiving.cancel()

    async def _converse(self, transport: Transport) -> None:
        """Take what the service says, over one connection after the other."""
        patience: float | None = None
        while await self._receive(transport, patience):
            if self._milestones.over.done() or (again := await self._reconnection.next()) is None:
                if self._reconnection.fault is not None:
                    self._milestones.end(self._reconnection.fault)
                break
            transport, patience = again, self._limits.ready
        self._reception.give_up(lost=not self._milestones.over.done())

    async def _receive(self, transport: Transport, patience: float | None) -> bool:
        try:
            return await self._reception.receive(transport, patience)
        finally:
            await transport.close()

    def _resumed(self) -> None:
        """The session goes on over another connection."""
        if self._group is not None:
            self._group.create_task(self._guard(self.desk.answer_again()), name="voicenb-answer-again")

    def _renewed(self, second: Mapping[str, Any]) -> None:
        """Another session has begun in the place of a lost one, and is to be told this as well."""
        if self._going_on is not None:
            self._going_on.cancel()
        if self._group is not None:
            work = self._guard(self._go_on(second))
            self._going_on = self._group.create_task(work, name="voicenb-go-on")

    async def _reach(self) -> Transport | None:
        """Connect; None when that failed, or when the session was ended meanwhile."""
        connecting = asyncio.ensure_future(self._connect(self._address))
        either: Futures = {connecting, self._milestones.over}
        wanted = False
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            wanted = not self._milestones.over.done()
        finally:
            if not wanted:
                await self._call_off(connecting)
        if not wanted:
            return None
        if (error := connecting.exception()) is not None:
            self._milestones.end(error)
            return None
        return connecting.result()

    async def _call_off(self, connecting: asyncio.Future[Transport]) -> None:
        """Nobody wants the connection any more, not even if it comes in this moment."""
        connecting.cancel()
        await asyncio.wait({connecting})
        if not connecting.cancelled() and connecting.exception() is None:
            await connecting.result().close()

    async def _becomes_ready(self) -> bool:
        seconds = self._limits.ready
        asked = 0
        while asked < self._reconnection.beginnings:  # each time that it is asked for counts from its own
            asked = self._reconnection.beginnings
            if await self._milestones.until_ready(seconds):
                return True
        got = self._reception.so_far
        error = WaitTimeout(
            f"The service never became ready: no session.ready within {seconds:g} s. Received: {got}.",
            remedy="Check the address and the agent's settings, and try again.",
            seconds=seconds,
        )
        self._milestones.end(error)
        return False

    async def _adjust(self, session: Mapping[str, Any]) -> None:
        """Send what goes over a stored agent. Refused, it ends the session, as a first update does."""
        try:
            await self.desk.update(session)
        except (WaitTimeout, SessionNotOpen) as error:
            self.complain(error)

    async def _go_on(self, second: Mapping[str, Any]) -> None:
        """What follows once another session has taken the place of a lost one."""
        if second:
            await self._adjust(second)
        await owed_answer.ask(self._floor, self.desk, self._milestones.over)

    async def _goodbye(self, receiving: asyncio.Task[None]) -> None:
        """End the session at the service: an open one is billed. What still comes in is taken until then."""
        patience = self._limits.goodbye
        cut = self.error is None and isinstance(self._microphone, Abrupt) and self._microphone.hung_up
        if cut:
            self.desk.note("The caller hung up without a word: no session.end was sent.")
        if cut or self._reconnection.away:  # there is nobody to say it to
            receiving.cancel()
        if self.error is not None:  # then it closes by itself
            await asyncio.wait({receiving}, timeout=patience / 4)
        if not cut and not receiving.done() and self.conversation.state not in ("idle", "ended"):
            with contextlib.suppress(ConnectionClosed, VoicenbError, TimeoutError):
                async with asyncio.timeout(patience / 2):
                    await self._wire.send(m.SessionEnd())
        await asyncio.wait({receiving}, timeout=patience)
        if self._wire.transport is not None:
            await self._wire.transport.close()
        await asyncio.wait({receiving}, timeout=patience / 4)
        if self.conversation.state != "ended" and not self._reception.closed(
            ConnectionClosed(1000, "closed by the client")
        ):
            return
        self._reception.give_up(lost=False)

    def _finish(self) -> None:
        self._wire.transport = None
        self._giving_way.close()
        try:
            self._frames.look(last=True)
            self._clocks.look(last=True)
        finally:  # whatever a listener does, nobody waits for ever and the recording is closed
            self._milestones.finish()
            self.desk.updates.over()
            self._floor.closed = True
            try:
                self._floor.show()
            finally:
                self._close()

    def _close(self) -> None:
        reason = "lost" if self._floor.lost else "error" if self.error is not None else "ended"
        self._log.close({"reason": reason, "t": self._log.now(), "session_id": self.conversation.session_id})

    async def _guard(self, work: Awaitable[None]) -> None:
        """Do the work; an error in it ends the session instead of tearing down the task group."""
        try:
            await work
        except ConnectionClosed:
            pass  # the receiving task hears of it too, and knows what it means
        except Exception as error:
            self._milestones.end(error)

    # --- from the microphone ---

    async def _hear(self) -> None:
        encode = Encoder()
        frames = self._microphone.frames(self)
        try:
            async for frame in frames:
                if not (self.conversation.may_send_audio or self.state == "reconnecting"):
                    break
                self._backlog.put(self.desk.line.through(frame))
                await self._send_waiting(encode)
                self._frames.look()
                self._clocks.look()
        finally:
            if (close := getattr(frames, "aclose", None)) is not None:
                await close()
        self._milestones.end()  # the microphone has hung up

    async def _send_waiting(self, encode: Encoder) -> None:
        """Send what the caller has said, as far as there is a connection that carries it."""
        while self._can_send and (pcm := self._backlog.take()) is not None:
            audio = encode(pcm, self.conversation.input_encoding)
            if audio:
                with contextlib.suppress(ConnectionClosed):  # who receives hears of it too
                    await self._wire.send(m.InputAudio(audio=audio), pcm=pcm)
                    self._giving_way.hear(pcm)

    @property
    def _can_send(self) -> bool:
        return self.conversation.may_send_audio and not self._wire.in_doubt

    def _sent_elsewhere(self, sound: SoundSent) -> None:
        """Whoever holds the connection has sent this of the caller's."""
        self._wire.note(sound.pcm, self._floor.moment(sound.at))
        self._giving_way.hear(sound.pcm, self._floor.moment(sound.at))
        self.desk.line.through(sound.pcm)  # of what was given by hand, so much is said now
        self._frames.look()
        self._clocks.look()

    def _tell_count(self, count: FrameCount) -> None:
        self._log.put("local", "frames", {"late": count.late, "lost": count.lost})

    # --- from whoever holds it ---

    def give_way(self, mode: BargeInMode) -> int:
        """Do something else with the agent's voice, from now on, while the caller speaks over it.

        Returns:
            The number of the last event by then.

        Raises:
            InvalidConfiguration: there is no such mode, or the speaker cannot do it.
        """
        self._giving_way.change(mode)
        return self._log.last

    async def command(self, command: Mapping[str, Any]) -> int | None:
        """Do a command that came as a plain object (see :func:`voicenb.session.commands.perform`)."""
        return await perform(self, command)

    def complain(self, error: VoicenbError) -> None:
        """Tell, soon, of an error that the session survives."""
        asyncio.get_running_loop().call_soon(self._complain, error)

    def _complain(self, error: VoicenbError) -> None:
        if not self._milestones.finished.done():
            self._log.put("local", "error", {**to_wire(error), "fatal": False})

    async def end(self) -> None:
        """End the session; returns when it is over."""
        self._milestones.end()
        await asyncio.wait({self._milestones.finished})

    def end_soon(self) -> None:
        """End the session; returns at once."""
        self._milestones.end()

    def forsaken(self, why: str) -> None:
        """Note that nobody is there any more, before the session is ended for it.

        Where the connection is lost as well, nothing has happened since: the recording ends with that.
        """
        if self._reconnection.under_way:
            self._log.stop_clock()
        self.desk.note(why)

    def abandon(self) -> None:
        """End at once, without waiting for the service any longer; the recording is closed all the same."""
        self._milestones.end()
        if self._task is not None and not self._milestones.finished.done():
            self._task.cancel()
