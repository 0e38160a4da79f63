"""The reception: what the service sends, noted, understood and acted upon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from voicenb.errors import MalformedMessage, ServiceError, ServiceUnreachable
from voicenb.protocol import messages as m
from voicenb.protocol.actions import Action, Dropped, Ended, Failed, Flush, Play
from voicenb.protocol.codec import decode_server
from voicenb.protocol.failures import RETRYABLE
from voicenb.session.events import EventLog
from voicenb.session.failure import to_wire
from voicenb.session.floor import Floor
from voicenb.session.formats import Convert, decoder
from voicenb.session.lost import lost
from voicenb.session.milestones import Milestones
from voicenb.session.reconnection import Reconnection
from voicenb.session.speaker import Speaker
from voicenb.session.transport import ConnectionClosed, Mirrored, SoundSent, Stamped, Transport
from voicenb.session.updates import Updates

SERVER_FAULT = 1011
"""The code with which a service closes that has failed."""


class GivesWay(Protocol):
    """Whoever has an ear of its own for the caller."""

    def confirmed(self, *, audible: bool) -> None:
        """The service hears the caller, over the agent or not."""
        ...


class Reception:
    """Takes the service's frames and does what the conversation makes of them.

    Args:
        log: keeps them.
        floor: the conversation.
        milestones: are reached by them.
        speaker: plays what is in them.
        updates: waits for answers among them.
        reconnection: looks for another connection where this one is lost.
        sent: takes sound of the caller's that whoever holds the connection has sent by itself.
        explained: a refusal of the service's, with the remedy that fits its address.
        gives_way: is told when the service hears the caller, if that is not None.

    Attributes:
        received: types that came before ``session.ready``, should that never come.
    """

    def __init__(
        self,
        log: EventLog,
        floor: Floor,
        milestones: Milestones,
        speaker: Speaker,
        updates: Updates,
        reconnection: Reconnection,
        sent: Callable[[SoundSent], object] = lambda sound: None,
        explained: Callable[[ServiceError], ServiceError] = lambda error: error,
        gives_way: GivesWay | None = None,
    ) -> None:
        self._gives_way = gives_way
        self._sent = sent
        self._explained = explained
        self.received: list[str] = []
        self._left_out = 0  # frames before ``session.ready``
        self._why = ""  # the first of them was left out
        self._code, self._words = 1006, ""  # with which the connection was closed
        self._fault: ServiceError | None = None  # of the service's, which another session makes good
        self._log = log
        self._floor = floor
        self._milestones = milestones
        self._speaker = speaker
        self._updates = updates
        self._reconnection = reconnection
        self._decode: Convert | None = None

    @property
    def so_far(self) -> str:
        """What came before ``session.ready``, as an error's message names it."""
        frames = f"{self._left_out} frame{'s' if self._left_out != 1 else ''}"
        were = "were" if self._left_out != 1 else "was"
        if not self._left_out:
            return ", ".join(self.received) or "nothing"
        if not self.received:
            return f"only {frames} that {were} left out ({self._why})"
        return f"{', '.join(self.received)}; {frames} {were} left out ({self._why})"

    async def receive(self, transport: Transport, within: float | None = None) -> bool:
        """Take frames until the connection is closed.

        Args:
            transport: the connection.
            within: seconds in which the session must be ready, or the connection is as good as closed.

        Returns:
            Whether the conversation may go on over another connection.
        """
        try:
            async with asyncio.timeout(within) as patience:
                mirrored = transport if isinstance(transport, Mirrored) else None
                while True:
                    if mirrored is not None:
                        self._happened(await mirrored.receive_mirrored())
                    else:
                        self._take(await transport.receive(), self._log.now())
                    if self._fault is not None:
                        return self._broken(self._fault)
                    if self._floor.conversation.may_send_audio:
                        patience.reschedule(None)
        except ConnectionClosed as closed:
            return self.closed(closed)
        except TimeoutError:
            await transport.close()
            return self.closed(ConnectionClosed(1006, f"no session.ready within {within:g} s"))

    def _broken(self, fault: ServiceError) -> bool:
        """The service has failed: the connection is as good as closed, whether it says so or not.

        Of a session that has not begun nothing is lost with it.
        """
        self._fault = None
        if self._is_beginning:
            self._reconnection.put_off(fault)
            return True
        return self.closed(ConnectionClosed(SERVER_FAULT, fault.message))

    def _happened(self, event: Stamped | SoundSent) -> None:
        """Take what whoever holds the connection tells."""
        match event:
            case SoundSent():
                self._sent(event)
            case Stamped(frame, at):
                self._take(frame, self._floor.moment(at))

    def closed(self, closed: ConnectionClosed) -> bool:
        """The connection is closed; returns whether the conversation may go on over another one."""
        self._code, self._words = closed.code, closed.reason
        if closed.code == SERVER_FAULT and self._is_beginning and self._reconnection.begins_again:
            self._reconnection.put_off(self._unasked(f"closed with {closed.code}"))
            return True
        self._reconnection.closed(closed)
        silent = {"silent": round(closed.silent, 3)} if closed.silent else {}
        actions = self._close(closed.code, closed.reason, **silent)
        dropped = any(isinstance(action, Dropped) for action in actions)
        if dropped and self._milestones.over.done():
            self.give_up(lost=False)
            return False
        if dropped:
            self._updates.lost()
        self._do(actions)
        return dropped

    def give_up(self, *, lost: bool) -> None:
        """No other connection takes the place of the one that was closed; whoever follows is told so.

        Args:
            lost: whether that was wanted by nobody.
        """
        if self._floor.conversation.state != "ended":
            self._floor.lost = lost
        while self._floor.conversation.state != "ended":
            self._do(self._close(self._code, self._words, final=True))

    def _close(self, code: int, reason: str, **facts: Any) -> list[Action]:
        at = self._log.now()
        self._log.put("local", "closed", {"code": code, "reason": reason, **facts}, at=at)
        return self._floor.conversation.closed(code, reason, at)

    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            self._act(action)
        self._floor.show()

    def _take(self, frame: str | bytes, at: float) -> None:
        try:
            message, record = decode_server(frame)
        except MalformedMessage as error:
            text = f"The service sent a frame that was left out. {error}"
            self._log.put("local", "log", {"text": text}, at=at)
            if not self._milestones.ready.done():
                self._left_out += 1
                self._why = self._why or str(error).rstrip(".")
            return
        pcm = self._sound(message.data) if isinstance(message, m.ReplyAudio) else None
        self._log.put("in", message.type, record, at=at, pcm=pcm)
        conversation = self._floor.conversation
        if not self._milestones.ready.done():
            self.received.append(message.type)
        actions = conversation.receive(message, at, None if pcm is None else len(pcm) // 2)
        for action in actions:
            self._act(action, pcm)
        flushed = any(isinstance(action, Flush) for action in actions)
        if self._gives_way is not None and (flushed or isinstance(message, m.SpeechStarted)):
            self._gives_way.confirmed(audible=flushed)
        match message:
            case m.SessionReady():
                self._decode = decoder(conversation.config)
                self._milestones.become_ready()
                self._reconnection.succeeded()
            case m.SessionUpdated(config=config) if self._milestones.ready.done():
                self._updates.acknowledged(config)
            case m.ReplyDone(reply_id=reply_id):
                self._done(reply_id)
            case m.Unknown(type="reply.error", fields=fields):
                self._done(str(fields.get("reply_id") or ""))
            case _:
                pass
        self._floor.show(at)

    def _done(self, reply_id: str) -> None:
        self._speaker.done(reply_id or next(reversed(self._floor.conversation.replies), ""))

    def _sound(self, data: bytes) -> bytes:
        return self._decode(data) if self._decode is not None else data[: len(data) & ~1]

    def _act(self, action: Action, pcm: bytes | None = None) -> None:
        match action:
            case Play(reply_id=reply_id) if not self._milestones.over.done():
                self._speaker.play(reply_id, pcm or b"")
            case Flush():
                self._speaker.flush()
            case Failed(error=error) if self._reconnection.under_way:
                self._reconnection.failed(error)
            case Failed(error=told, fatal=fatal):
                error = self._explained(told)
                # Only the first update was sent before the session is ready: it is what was refused. The
                # service waits for a better one after some refusals; we have none.
                if fatal and self._may_be_made_good(error):
                    self._fault = error
                    self._log.put("local", "error", {**to_wire(error), "fatal": False})
                elif fatal or not self._milestones.ready.done():
                    self._milestones.end(error)
                elif not self._updates.refused(error):
                    self._log.put("local", "error", {**to_wire(error), "fatal": False})
            case Ended(reason=reason):
                clean = reason == "ended" or self._milestones.over.done()
                self._milestones.end(None if clean else self._unasked(reason))
            case _:
                pass  # tools run where the session's object lives: it sees the same message

    @property
    def _is_beginning(self) -> bool:
        return not self._milestones.ready.done() and not self._milestones.over.done()

    def _may_be_made_good(self, error: ServiceError) -> bool:
        """Whether another session takes the place of this one, which the service could not begin or hold."""
        if self._milestones.over.done() or error.code not in RETRYABLE:
            return False
        if self._milestones.ready.done():
            return self._reconnection.restarts
        return self._reconnection.begins_again

    def _unasked(self, reason: str) -> ServiceUnreachable:
        ready = self._milestones.ready.done()
        why = f"{reason}: {self._words}" if self._words else reason
        return lost(
            why,
            after=round(self._log.now(), 3) if ready else None,
            again=self._reconnection.why,
            gone=self._reconnection.gone,
        )
