"""A conversation as a value machine: messages in, actions out; no socket, clock or thread.

The driver says what it sends and what it receives, each with the time in its own seconds, and does what the returned
actions ask for. The live session drives it from a socket, the kernel's mirror and the analysis from numbered events,
tests from a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

from voicenb.errors import InvalidConfiguration, SessionNotOpen
from voicenb.protocol import messages as m
from voicenb.protocol.actions import Action, Dropped, Ended, Failed, Flush, Play, RunTool
from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.configuration import Configuration, samples_in
from voicenb.protocol.events import Closed, Received, Sent, read_event
from voicenb.protocol.failures import is_fatal, service_error
from voicenb.protocol.lines import Line
from voicenb.protocol.replies import Kind, Replies, Reply, Word
from voicenb.protocol.settings import DEFAULT_TOOL_TIMEOUT, check_update
from voicenb.protocol.transcript import Transcript

State = Literal["idle", "connecting", "listening", "thinking", "speaking", "ended"]

SAME_MOMENT = 0.05
"""Seconds within which the messages of one end of turn come, in any order."""


class HeardLike(Protocol):
    """A stretch of a reply that was played, as ``voicenb.session.speaker.Heard`` says it."""

    @property
    def reply_id(self) -> str:
        """The reply."""
        ...

    @property
    def start(self) -> int:
        """First sample played, at 24 kHz."""
        ...

    @property
    def stop(self) -> int:
        """One past the last sample played."""
        ...

    @property
    def at(self) -> float:
        """When ``start`` was heard, in the driver's seconds."""
        ...


class Conversation:
    """Who holds the floor, what was said, what may be sent and what must be silenced.

    Args:
        hears: whether notes of what was heard will be given to :meth:`heard`. Without them (a recording of a program
            that kept none) sound counts as heard when it comes.

    Attributes:
        ready: the ``session.ready``, or None.
        session_id: the service's id of the session, or empty.
        calls: tool calls by id.
        ready_at: when the session became ready, or None.
        ended_at: when it ended, or None.
        dropped_audio: chunks that came too late to be played.
        last_turn_at: when the caller's last turn was taken as ended, or None.
    """

    def __init__(self, *, hears: bool = True) -> None:
        self.ready: m.SessionReady | None = None
        self.session_id = ""
        self.calls: dict[str, ToolCallState] = {}
        self.ready_at: float | None = None
        self.ended_at: float | None = None
        self.dropped_audio = 0
        self.last_turn_at: float | None = None
        self._phase: Literal["idle", "connecting", "open", "ending", "dropped", "ended"] = "idle"
        self._replies = Replies(hears=hears)
        self._transcript = Transcript()
        self._configuration = Configuration()
        self._asked_at: float | None = None  # since then a turn or a tool result waits for its answer
        self._speech_at: float | None = None  # since then the caller speaks
        self._anyone_spoke = False
        self._requested = False
        self._waiting_calls: list[ToolCallState] = []
        self._last_error = ""
        self._now = 0.0

    # --- what one can ask ---

    @property
    def state(self) -> State:
        """Who holds the floor.

        ``"connecting"`` until ``session.ready``, ``"thinking"`` from the end of the caller's turn to the first sound of
        the reply and while tools run, ``"speaking"`` while a reply is played, else ``"listening"``.
        """
        if self._phase == "idle" or self._phase == "ended":
            return self._phase
        if self._phase in ("connecting", "dropped"):
            return "connecting"
        if self.agent_audible:
            return "speaking"
        if self.pending_calls:
            return "thinking"
        if self._speech_at is not None:
            return "listening"
        last = self._replies.last
        coming = last is not None and not last.finished and not last.flushed and last.samples == 0
        return "thinking" if coming or self._asked_at is not None else "listening"

    @property
    def config(self) -> dict[str, Any]:
        """The ``session`` object in force: what the service echoed, else what was sent."""
        return self._configuration.settings

    @property
    def may_send_audio(self) -> bool:
        """Whether the microphone's audio may be sent: from ``session.ready`` until the end."""
        return self._phase == "open"

    @property
    def agent_audible(self) -> bool:
        """Whether sound of a reply is playing, waits to be played, or is still to come behind what was played."""
        return any(self._replies.audible(reply) for reply in self._replies.unsettled)

    @property
    def user_speaking(self) -> bool:
        """Whether the service hears the caller speak."""
        return self._speech_at is not None

    @property
    def lines(self) -> list[Line]:
        """The transcript, in the order in which people spoke."""
        return self._transcript.lines

    @property
    def revision(self) -> int:
        """Counts the changes to the lines."""
        return self._transcript.revision

    def changed_since(self, revision: int) -> list[Line]:
        """Lines that are new or different since that :attr:`revision`."""
        return self._transcript.changed_since(revision)

    @property
    def replies(self) -> dict[str, Reply]:
        """Replies by id, oldest first."""
        return self._replies.all

    @property
    def pending_calls(self) -> list[ToolCallState]:
        """Calls of tools that this client offered and has not answered, within their timeout."""
        if self._waiting_calls:
            self._waiting_calls = [call for call in self._waiting_calls if call.pending(self._now)]
        return self._waiting_calls

    @property
    def mark(self) -> float:
        """When the last thing happened that asks for an answer: a turn of the caller's, or a tool result."""
        return max(self.last_turn_at or 0.0, self._last_result_at())

    @property
    def answered(self) -> bool:
        """Whether the caller's last turn, or the last tool result, is answered: :meth:`answered_since` its mark."""
        return self.answered_since(self.mark)

    def answered_since(self, mark: float) -> bool:
        """Whether a reply that began at or after ``mark`` was heard to its end (or ended without audio).

        A reply that calls a tool is no answer, and nothing is answered while tools run or a result was not taken up.

        Args:
            mark: driver's seconds, e.g. when the caller's speech ended. 0 asks for any reply, the greeting included.
        """
        if self.pending_calls:
            return False
        since = max(mark, self._last_result_at()) - SAME_MOMENT
        for reply in reversed(self._replies.all.values()):
            if reply.started_at < since:
                return False
            if reply.heard_out and not reply.calls:
                return True
        return False

    def _last_result_at(self) -> float:
        return max(
            (call.result_at for call in self.calls.values() if call.result_at is not None), default=0.0
        )

    # --- what is sent ---

    def send(self, message: m.ClientMessage, at: float) -> None:
        """Say what is about to be sent.

        Raises:
            SessionNotOpen: the session is not at a point where this may be sent.
            ImmutableField: an update of a field that is frozen by now.
            InvalidConfiguration: an update that the service would refuse, or a result for no open call.
        """
        self._check(message)
        self._record(message, at)

    def _check(self, message: m.ClientMessage) -> None:
        if self._phase == "ended":
            raise SessionNotOpen(
                f"The session has ended; {message.type} cannot be sent.", remedy="Start a new one."
            )
        match message:
            case m.SessionUpdate(session=session):
                check_update(session, first=self.ready is None)
            case m.SessionResume() | m.SessionEnd():
                return
            case m.ToolResult(call_id=call_id):
                call = self.calls.get(call_id)
                if call is None or call.result is not None:
                    what = "was answered already" if call else "was never made"
                    raise InvalidConfiguration(f"The tool call {call_id!r} {what}.", call_id=call_id)
            case _:
                pass
        if not isinstance(message, m.SessionUpdate) and self._phase != "open":
            raise SessionNotOpen(f"{message.type} cannot be sent while the session is {self.state}.")

    def _record(self, message: m.ClientMessage, at: float) -> None:
        self._now = max(self._now, at)
        match message:
            case m.SessionUpdate(session=session):
                self._configuration.sent(session)
                if self._phase == "idle":
                    self._phase = "connecting"
            case m.SessionResume(session_id=session_id):
                self.session_id = session_id
                self._phase = "connecting"
            case m.SessionEnd():
                self._phase = "ending"
            case m.ReplyCreate():
                self._requested = True
                self._asked_at = at
            case m.ToolResult(call_id=call_id) if call_id in self.calls:
                call = self.calls[call_id]
                if call.pending(at):  # the service does not take a late result
                    self._asked_at = call.result_at = at
                call.result, call.is_error = message.result, message.is_error
            case _:
                pass

    # --- what is received ---

    def receive(self, message: m.ServerMessage | m.Unknown, at: float) -> list[Action]:
        """Take a message of the service; returns what to do about it."""
        return self._receive(message, at, None)

    def _receive(self, message: m.ServerMessage | m.Unknown, at: float, samples: int | None) -> list[Action]:
        self._now = max(self._now, at)
        if self._phase == "ended":
            self.dropped_audio += isinstance(message, m.ReplyAudio)
            return []
        match message:
            case m.ReplyAudio():
                if samples is None:
                    samples = samples_in(message.data, self._configuration.encoding)
                return self._audio(message, at, samples)
            case m.SessionReady():
                self._ready(message, at)
            case m.SessionUpdated(config=config):
                self._configuration.acknowledged(config)
            case m.SessionEnded():
                return self._end("ended", at)
            case m.SessionErrorMessage() | m.LegacyError():
                return self._failed(message.code, message.message, message.param)
            case m.SpeechStarted():
                return self._speech_started(at)
            case m.SpeechStopped():
                self._speech_stopped(at)
            case m.TranscriptUserDelta():
                self._user_words(message.text, message.item_id, final=False, at=at)
            case m.TranscriptUser():
                self._user_words(message.text, message.item_id, final=True, at=at)
            case m.ReplyStarted():
                self._start(message.reply_id, at, message.item_id)
            case m.TranscriptAgentDelta() | m.TranscriptAgent():
                return self._agent_words(message, at)
            case m.ReplyDone():
                return self._done(message.reply_id, message.status, at)
            case m.ToolCall():
                return self._call(message, at)
            case m.Unknown(type="reply.error", fields=fields):
                actions = self._done(str(fields.get("reply_id") or ""), "failed", at)
                return actions + self._failed(
                    str(fields.get("code", "")), str(fields.get("message", "")), None
                )
            case _:
                pass
        return []

    def heard(self, note: HeardLike) -> None:
        """Take note of what was heard of a reply; notes may come late, also after a flush or the end."""
        self._now = max(self._now, note.at)
        reply = self._replies.named(note.reply_id)
        if reply is None:
            return
        for changed in self._replies.note(reply, note.stop, note.at):
            self._transcript.agent(changed, note.at)
        self._replies.sweep()

    def closed(self, code: int, reason: str, at: float) -> list[Action]:
        """The connection is over.

        Returns:
            ``Dropped`` when the session can be resumed (say so again by another ``closed`` when it will not be), else
            ``Ended``, unless that was returned before.
        """
        if self._phase == "ended":
            return []
        if self._phase == "open" and not self._last_error and code not in (1000, 1008):
            self._phase = "dropped"
            self._speech_at = None
            return [Dropped(self.session_id, code, reason)]
        clean = code == 1000 or (self._phase == "ending" and code in (1001, 1005))
        return self._end(self._last_error or ("ended" if clean else f"closed with {code}"), at)

    # --- from a recording ---

    def apply(self, event: Mapping[str, Any]) -> list[Action]:
        """Take one numbered event (see :func:`voicenb.protocol.events.read_event`); what was sent is not checked."""
        at = float(event["t"])
        match read_event(event):
            case Sent(message):
                self._record(message, at)
            case Received(message, samples):
                return self._receive(message, at, samples)
            case Closed(code, reason):
                return self.closed(code, reason, at)
            case None:
                pass
            case note:
                self.heard(note)
        return []

    @classmethod
    def replay(cls, events: Iterable[Mapping[str, Any]], *, hears: bool = True) -> Conversation:
        """The conversation that those numbered events amount to."""
        conversation = cls(hears=hears)
        for event in events:
            conversation.apply(event)
        return conversation

    # --- the session ---

    def _ready(self, message: m.SessionReady, at: float) -> None:
        self.ready, self.session_id = message, message.session_id
        self.ready_at = at if self.ready_at is None else self.ready_at
        self._last_error = ""
        self._configuration.acknowledged(message.config)
        if self._phase != "ending":
            self._phase = "open"

    def _failed(self, code: str, text: str, param: str | None) -> list[Action]:
        fatal = is_fatal(code, first=self.ready is None)
        if fatal:
            self._last_error = code.lower()
        self._configuration.refused(code)
        return [Failed(service_error(code, text, param=param, session_id=self.session_id), fatal)]

    def _end(self, reason: str, at: float) -> list[Action]:
        self._phase = "ended"
        self.ended_at = at
        self._speech_at = self._asked_at = None
        self._waiting_calls = []
        for reply in self._replies.abandon():
            self._transcript.agent(reply, at)
        return [Ended(reason)]

    # --- the caller ---

    def _speech_started(self, at: float) -> list[Action]:
        self._speech_at = at
        self._anyone_spoke = True
        cut = self._replies.flush() if self._configuration.interrupts else []
        for reply in cut:
            self._transcript.agent(reply, at)
        self._replies.sweep()
        if not self.agent_audible:
            self._asked_at = None
        return [Flush(cut[0].reply_id if len(cut) == 1 else None, "speech")] if cut else []

    def _speech_stopped(self, at: float) -> None:
        # After a noise, a lone input.speech.stopped is followed by nothing: only words are worth waiting for.
        line = self._transcript.lines[-1] if self._transcript.lines else None
        if line is not None and line.role == "user" and not line.final:
            self._asked_at = at
        self._speech_at = None
        self._anyone_spoke = True

    def _user_words(self, text: str, item_id: str | None, *, final: bool, at: float) -> None:
        started = at if self._speech_at is None else self._speech_at
        self._anyone_spoke = True
        line = self._transcript.user(text, item_id, final=final, started=started, at=at)
        if not final:
            return
        self._speech_at = None
        if line is None or not text.strip():
            self._asked_at = None
            return
        self.last_turn_at = at
        last = self._replies.last
        answered = last is not None and last.finished and last.started_at >= at - SAME_MOMENT
        self._asked_at = None if answered else at

    # --- the agent ---

    def _start(self, reply_id: str, at: float, item_id: str | None = None) -> Reply:
        kind: Kind = "turn"
        if self._requested:
            kind = "requested"
        elif not self._replies.all and not self._anyone_spoke:
            kind = "greeting"
        elif self._last_result_at() > (self.last_turn_at or 0.0):
            kind = "tool"
        before = self._replies.last
        reply = self._replies.start(reply_id, at, kind, item_id)
        if reply is not before:
            self._requested = False
            self._speech_at = None
        return reply

    def _named(self, reply_id: str, at: float) -> Reply:
        return self._replies.named(reply_id) or self._start(reply_id, at)

    def _audio(self, message: m.ReplyAudio, at: float, samples: int) -> list[Action]:
        reply = self._named(message.reply_id, at)
        if not self._replies.sound(reply, samples, at):
            self.dropped_audio += 1
            return []
        self._taken_up(reply)
        return [Play(reply.reply_id, message.data, samples)]

    def _agent_words(self, message: m.TranscriptAgentDelta | m.TranscriptAgent, at: float) -> list[Action]:
        reply = self._named(message.reply_id, at)
        reply.item_id = reply.item_id or message.item_id
        cut = False
        if isinstance(message, m.TranscriptAgentDelta):
            reply.words.append(Word(message.delta, message.start_ms, message.end_ms))
        else:
            reply.text = message.text
            cut = message.interrupted and self._replies.cut(reply)
        self._settle(reply, at)
        return [Flush(reply.reply_id, "interrupted")] if cut else []

    def _done(self, reply_id: str, status: str, at: float) -> list[Action]:
        reply = self._named(reply_id, at)
        cut = self._replies.done(reply, status, at)
        self._settle(reply, at)
        return [Flush(reply.reply_id, "interrupted")] if cut else []

    def _settle(self, reply: Reply, at: float) -> None:
        self._transcript.agent(reply, at)
        self._replies.sweep()
        if reply.finished and not reply.calls:
            self._taken_up(reply)

    def _taken_up(self, reply: Reply) -> None:
        """What waited for an answer has it, unless the reply is older than the question."""
        if self._asked_at is not None and reply.started_at >= self._asked_at - SAME_MOMENT:
            self._asked_at = None

    def _call(self, message: m.ToolCall, at: float) -> list[Action]:
        if message.call_id in self.calls:
            return []
        last = self._replies.last
        tools = self._configuration.tools
        known, timeout = message.name in tools, tools.get(message.name, DEFAULT_TOOL_TIMEOUT)
        call = ToolCallState(message.call_id, message.name, message.arguments, at, timeout, known)
        if last is not None and not last.done:
            call.reply_id = last.reply_id
            last.calls.append(call.call_id)
        self.calls[call.call_id] = call
        if known:
            self._waiting_calls.append(call)
        return [RunTool(call.call_id, call.name, call.arguments, call.timeout, known)]
