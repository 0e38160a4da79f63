"""One client's session: who it is, what it may say when, how it begins and ends."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Coroutine, Iterable
from typing import Any, Literal, TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from voicenb.emulator import configuration, errors, journal
from voicenb.emulator.auth import Pass, credential
from voicenb.emulator.brain import BrainMismatch
from voicenb.emulator.configuration import Configuration
from voicenb.emulator.errors import Refusal
from voicenb.emulator.faults import CODES
from voicenb.emulator.faults_session import SessionFaults
from voicenb.emulator.history_log import SessionLog
from voicenb.emulator.ignored_keys import beside, ignored_keys
from voicenb.emulator.intake import BAD_AUDIO, Intake
from voicenb.emulator.journal import SessionJournal
from voicenb.emulator.resources import Resources
from voicenb.emulator.timeline import TurnRecord
from voicenb.emulator.turns import Turns
from voicenb.emulator.wire import Wire
from voicenb.errors import MalformedMessage, VoicenbError
from voicenb.protocol import messages as m
from voicenb.protocol.codec import decode_client

log = logging.getLogger(__name__)

PATIENCE = 4
"""Messages of one client in a row, before others have their turn: a backlog must not silence every agent."""

ABORT = "voicenb.abort"
"""The extension of ASGI by which a server offers to drop a connection together with what it has not sent."""

GRACE = 30.0
"""Seconds for which a session is kept whose client has gone without ``session.end``; it may come back."""

FAREWELL = 5.0
"""Seconds that a client which reads slowly may take for what is said to it at the end."""

UNAUTHORIZED = Refusal("UNAUTHORIZED", "Authentication failed", close=errors.POLICY)

NOT_FOUND = Refusal(
    "session_not_found", "Session not found or grace window has expired", "session_id", errors.POLICY
)

T = TypeVar("T")
State = Literal["new", "starting", "ready", "over"]


class EmulatedSession:
    """One session. Tests and the panel look at it while it runs and after it ended.

    Attributes:
        id: ``sess_…``.
        state: ``"new"`` until the first update, ``"starting"`` until ready.
        config: the configuration in force, None before the first update.
        ended_by: ``"session.end"``, ``"close"`` (the client went away, or does not read), ``"duration"``,
            ``"refused"``, ``"fault"``, ``"stop"``; empty while it runs.
        turns: the conversation, None before it is ready.
        away: whether its client has gone and may still come back.
        came_back: the session that this one's socket was for, by ``session.resume``; None for any other.
    """

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.id = resources.ids.session()
        self.state: State = "new"
        self.config: Configuration | None = None
        self.ended_by = ""
        self.turns: Turns | None = None
        self.away = False
        self.came_back: EmulatedSession | None = None
        self.wire = Wire(resources.stamps, self._stalled)
        self._journal = SessionJournal(self.id)
        self._log: SessionLog | None = None  # what it leaves behind, from ready on
        self._socket: WebSocket | None = None
        self._left = asyncio.Event()  # its connection is not wanted any more
        self._rested = asyncio.Event()  # and nobody serves it any more
        self._faults = SessionFaults(resources.faults, self.wire, self._left.set, self._refuse)
        self._grace: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._writer: asyncio.Task[None] | None = None
        self._began = self._expires = 0.0
        self._pass = Pass()
        self._intake = Intake(resources, self._refuse)
        self._cap: asyncio.TimerHandle | None = None
        self._unacknowledged = 0  # updates accepted before it was ready

    @property
    def received_audio(self) -> float:
        """Seconds of sound that it has taken."""
        return self._intake.received

    @property
    def timeline(self) -> list[TurnRecord]:
        """What the emulator knows of each turn."""
        return [] if self.turns is None else self.turns.timeline

    # --- life ---

    async def run(self, socket: WebSocket) -> None:
        """Serve one socket until it is closed."""
        self._began = self.resources.stamps.loop_time()
        await socket.accept()
        self._faults.begin()
        candidate, now = credential(socket.headers, socket.query_params), self.resources.stamps.now()
        admitted = self.resources.door.admit(candidate, now=now)
        if admitted is None or self.resources.faults.take("expired-token") is not None:
            self._refuse(UNAUTHORIZED)
            await self.wire.run(socket.send)
            return
        if (barred := self.resources.faults.take("error", "connection")) is not None:
            self._refuse(barred.refusal)
            await self.wire.run(socket.send)
            return
        self._pass = admitted
        await self._serve(socket)
        if self.came_back is not None and not await self.came_back._come_back(socket):
            self._refuse(NOT_FOUND)
            await self.wire.run(socket.send)

    async def _serve(self, socket: WebSocket) -> None:
        """Serve a connection until one of both sides has enough of it."""
        self._socket = socket
        self._left.clear()
        self._rested.clear()
        writer = self._writer = self.spawn(self.wire.run(socket.send))
        reader, left = self.spawn(self._read(socket)), self.spawn(self._left.wait())
        try:
            await asyncio.wait({reader, writer, left}, return_when=asyncio.FIRST_COMPLETED)
            if not writer.done() and self.ended_by and not self.wire.gone:
                held = max(0.0, self.wire.held_until - self.resources.stamps.loop_time())
                await asyncio.wait({writer}, timeout=held + FAREWELL)
        except asyncio.CancelledError:
            await self._clean_up()
            self._rested.set()
            raise
        finally:
            self._socket = None
            self._faults.leave()
        await self._let_go(reader, writer, left)
        self._rested.set()

    async def _let_go(self, *tasks: asyncio.Task[Any]) -> None:
        """Nobody is served any more: wait for who may come back, or clean up."""
        if self.state == "ready" and self.resources.profile.resumable:
            await self._rest(*tasks)
        elif self.came_back is not None:
            self._faults.end()
            await self._cancel(self._tasks)
        else:
            await self._clean_up()

    def _stalled(self) -> None:
        """The client does not read: nothing that is sent gets through any more."""
        log.warning("Session %s: the client does not read, its connection is cut", self.id)
        self._over("close")
        if self._writer is not None:
            self._writer.cancel()
        scope = {} if self._socket is None else self._socket.scope
        abort = scope.get("extensions", {}).get(ABORT, {}).get("call")
        if abort is not None:
            abort()

    # --- a client that goes, and comes back ---

    async def _rest(self, *tasks: asyncio.Task[Any]) -> None:
        """The client has gone without a word; for a while it may come back."""
        self.away = True
        self._journal.away()
        self.wire.lose()
        self._intake.hear_out()
        if self.turns is not None:
            self.turns.leave(True)
        await self._cancel(tasks)
        self._grace = asyncio.get_running_loop().call_later(GRACE, self._forget)

    def _forget(self) -> None:
        """It did not come back."""
        self._over("close")
        for task in self._tasks:
            task.cancel()

    def _resume(self, session_id: str) -> None:
        """Another session's client is back, on this socket."""
        if self.state != "new":
            self._refuse(errors.shape("'session.resume' is only allowed as the first message"))
            return
        known = self.resources.sessions.get(session_id)
        if known is None or known.state != "ready" or not self.resources.profile.resumable:
            self._refuse(NOT_FOUND)
        elif not self._may_return_to(known):
            message = "This session belongs to another key"
            self._refuse(Refusal("session_forbidden", message, "session_id", errors.POLICY))
        else:
            self.came_back = known
            self._left.set()

    def _may_return_to(self, known: EmulatedSession) -> bool:
        """Whether it is this client's: by the token that came with it, or by the same key."""
        if self._pass.returns_to:
            return self._pass.returns_to == known.id
        return self._pass.owner == known._pass.owner

    async def _come_back(self, socket: WebSocket) -> bool:
        """The client is back: go on where the connection was lost; False when it is too late for that."""
        while True:
            self._left.set()  # perhaps nobody here has noticed that it had gone
            await self._rested.wait()
            if self._rested.is_set():
                break  # and not already serving another who came back: the last to come has the session
        if self._grace is not None:
            self._grace.cancel()
        if self.ended_by or self.turns is None or self.config is None:  # in this very moment
            return False
        self.away = False
        self._journal.back()
        self.wire.find()
        self._intake.begin()
        self._tell_ready(self.config.echo())
        self.turns.leave(False)
        await self._serve(socket)
        return True

    async def _clean_up(self) -> None:
        self._over("close")
        await self._cancel(self._tasks)

    @staticmethod
    async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
        running = [task for task in tasks if not task.done()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    def _over(self, why: str) -> bool:
        """The session is over, for the first reason given; whether this was it."""
        if self.ended_by:
            return False
        self.ended_by, self.state = why, "over"
        for timer in (self._cap, self._grace):
            if timer is not None:
                timer.cancel()
        self.away = False
        self._faults.end()
        self.resources.sessions.pop(self.id, None)
        self._intake.close()
        if self.turns is not None:
            self.turns.stop()
        if self._log is not None:
            self._log.end(why, self.timeline)
            self._journal.ended(why, self.resources.stamps.loop_time() - self._began)
        return True

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a task that ends with the session at the latest; a fault in it ends the session."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        fault = task.exception()
        mismatch = _mismatch(fault)
        told = (
            fault if mismatch is None else mismatch.with_traceback(None)
        )  # where it was raised says nothing
        log.error("Session %s failed", self.id, exc_info=told)
        if not self._over("fault"):
            return
        if mismatch is not None:
            self._refuse(Refusal("agent_init_failed", str(mismatch), close=errors.FAULT))
        else:
            self._refuse(Refusal("INTERNAL_ERROR", "Internal server error", close=errors.FAULT))

    def end(self, why: str) -> None:
        """End cleanly: ``session.ended``, close 1000."""
        if not self._over(why):
            return
        told = self.resources.profile.audio_duration_told
        self.wire.emit(
            "session.ended",
            session_duration_seconds=round(self.resources.stamps.loop_time() - self._began, 3),
            audio_duration_seconds=round(self.received_audio, 3) if told else None,
        )
        self.wire.close(1000)

    def _refuse(self, refusal: Refusal) -> None:
        code = refusal.code
        if refusal.close is not None and self.resources.profile.lower_case_codes:
            code = code.lower()
        self._journal.refused(code, refusal)
        self.wire.emit(
            "session.error",
            code=code,
            message=refusal.message,
            param=refusal.param,
            session_id=None if self.state == "new" else self.id,
        )
        if refusal.close is not None:
            self._over("refused")
            self.wire.close(refusal.close, refusal.message)

    # --- what comes in ---

    async def _read(self, socket: WebSocket) -> None:
        for count in itertools.count():
            if self.ended_by or self.came_back is not None:  # what follows a resume is for that session
                return
            if count % PATIENCE == 0:
                await asyncio.sleep(0)
            try:
                message = await socket.receive()
            except (WebSocketDisconnect, RuntimeError):
                return
            if message["type"] != "websocket.receive":
                return
            text = message.get("text")
            self._take(text if text is not None else message.get("bytes") or b"")
            await self._intake.hear()

    def _take(self, frame: str | bytes) -> None:
        try:
            message, record = decode_client(frame)
        except MalformedMessage as malformed:
            self._malformed(malformed)
            return
        if journal.on():
            self._journal.ignored(beside(message, record))
        if isinstance(message, m.InputAudio):
            self._intake.take(message.audio)
        elif isinstance(message, m.SessionUpdate):
            self._update(message.session)
        elif isinstance(message, m.SessionResume):
            self._resume(message.session_id)
        elif self.state == "new":
            self._refuse(errors.shape(f"'{message.type}' is not allowed before the first session.update"))
        elif isinstance(message, m.SessionEnd):
            self.end("session.end")
        elif self.turns is None:
            self._refuse(errors.shape(f"'{message.type}' is not allowed before session.ready"))
        elif isinstance(message, m.ToolResult):
            self.turns.tool_result(message.call_id, message.result, is_error=message.is_error)
        elif isinstance(message, m.ReplyCreate):
            self.turns.create_reply(message.instructions)
        elif self.resources.profile.messages_count:
            self.turns.add_message(message.role, message.content)

    def _malformed(self, malformed: MalformedMessage) -> None:
        is_audio = "'input.audio'" in malformed.message
        if is_audio and self.state != "ready":
            return
        if is_audio and "base64" in str(malformed.facts.get("detail", "")):
            self._refuse(BAD_AUDIO)
            return
        path = malformed.facts.get("path")
        self._refuse(errors.shape(malformed.message, None if path in (None, "type") else str(path)))

    # --- configuration ---

    def _update(self, session: dict[str, Any]) -> None:
        profile, local = self.resources.profile, self.resources.http_tools.local
        if self.config is None:
            if self._pass.returns_to:  # it is no key
                self._refuse(UNAUTHORIZED)
                return
            find = self.resources.agents.get
            first = configuration.first(session, self.id, profile, find, local_tools=local)
            if isinstance(first, Refusal):
                self._refuse(first)
            elif (full := self.resources.faults.take("capacity")) is not None:
                self._refuse(Refusal(full.code, CODES[full.code], close=errors.POLICY))
            elif (unusable := self._fault_of_an_update()) is not None:
                self._refuse(unusable)
            else:
                self.config, self.state = first, "starting"
                self._tell_ignored(session)
                self.spawn(self._begin())
            return
        changed = configuration.later(self.config, session, profile, local_tools=local)
        if not isinstance(changed, Refusal):
            changed = self._fault_of_an_update() or changed
        if isinstance(changed, Refusal):
            self._refuse(changed)
            return
        self.config = changed
        self._tell_ignored(session)
        if self.turns is None:
            self._unacknowledged += 1
            return
        if self._log is not None:
            self._log.changed(session, changed)
        self.turns.configure(changed)
        self.wire.emit("session.updated", config=changed.echo())

    def _fault_of_an_update(self) -> Refusal | None:
        """How an update that is in order is refused all the same, where that is wanted."""
        fault = self.resources.faults.take("error", "update")
        return None if fault is None else fault.refusal

    def _tell_ignored(self, session: dict[str, Any]) -> None:
        """Tell of what an accepted update has that nobody looks at."""
        if journal.on():
            self._journal.ignored(ignored_keys(session))

    async def _begin(self) -> None:
        resources = self.resources
        if (stuck := resources.faults.take("never-ready")) is not None:
            await self._stay_unready(stuck.seconds)
            return
        try:
            await resources.warm()
        except VoicenbError as error:  # a part is not installed, or its file is none
            self._refuse(Refusal("agent_init_failed", str(error), close=errors.FAULT))
            return
        await asyncio.sleep(resources.profile.ready_delay)
        config = self.config
        if config is None or self.ended_by:
            return
        now = resources.stamps.loop_time()
        self._cap = asyncio.get_running_loop().call_later(
            max(0.0, self._began + self._pass.longest_session - now), self.end, "duration"
        )
        self.turns = Turns(resources, self.wire, config, self.spawn)
        self.state = "ready"
        resources.sessions[self.id] = self
        self._log = SessionLog(resources, self.id, config, self._began)
        self.wire.overhear, self.wire.overhear_hush = self._log.sent, self._log.hushed
        self._intake.open(self.turns, self._log.heard)
        echo = config.echo()
        expires_in = resources.profile.expires_in
        self._expires = self._began + self._pass.longest_session if expires_in is None else now + expires_in
        if resources.profile.updated_before_ready:
            self.wire.emit("session.updated", config=echo)
        self._journal.begun(config.id)
        self._tell_ready(echo)
        for _ in range(self._unacknowledged):
            self.wire.emit("session.updated", config=echo)
        self.turns.begin()

    async def _stay_unready(self, seconds: float) -> None:
        """Do not become ready; after so many seconds say so, where it is more than none."""
        if seconds:
            await asyncio.sleep(seconds)
            self._refuse(Refusal("agent_timeout", "The agent was not ready in time", close=errors.FAULT))

    def _tell_ready(self, echo: dict[str, Any]) -> None:
        expires = int(self.resources.stamps.at(self._expires))
        token = self.resources.door.return_token(self.id) if self.resources.profile.resumable else ""
        self.wire.emit(
            "session.ready", session_id=self.id, config=echo, expires_at=expires, resume_token=token
        )
        self._faults.ready()


def _mismatch(fault: BaseException | None) -> BrainMismatch | None:
    """What a brain that does not fit its agent has said, somewhere in a group of exceptions."""
    if isinstance(fault, BaseExceptionGroup):
        return next((found for inner in fault.exceptions if (found := _mismatch(inner))), None)
    return fault if isinstance(fault, BrainMismatch) else None
