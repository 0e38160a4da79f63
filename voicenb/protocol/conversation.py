"""A conversation as a value machine: messages in, actions out; no socket, clock or thread.

The driver says what it sends and what it receives, each with the time in its own seconds, and does what the
returned actions ask for. The live session drives it from a socket, the kernel's mirror and the analysis from
numbered events, tests from a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from voicenb.errors import InvalidConfiguration, SessionNotOpen
from voicenb.protocol import messages as m
from voicenb.protocol.actions import Action, Dropped, Ended, Failed, Flush, Play, RunTool
from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.configuration import Configuration, samples_in
from voicenb.protocol.events import BargeInSet, Closed, HeardNote, Received, Sent, UnheardNote, read_event
from voicenb.protocol.events import HeardLike as HeardLike
from voicenb.protocol.failures import RETRYABLE, is_fatal, service_error
from voicenb.protocol.floor import SAME_MOMENT as SAME_MOMENT
from voicenb.protocol.replies import RATE, Reply, Word
from voicenb.protocol.settings import DEFAULT_TOOL_TIMEOUT, check_update
from voicenb.protocol.standing import Standing
from voicenb.protocol.standing import State as State


class Conversation(Standing):
    """Who holds the floor, what was said, what may be sent and what must be silenced.

    How it stands is told by the attributes and properties of :class:`~voicenb.protocol.standing.Standing`.

    Args:
        hears: whether notes of what was heard will be given to :meth:`heard`. Without them (a recording of a
            program that kept none) sound counts as heard when it comes.
    """

    def __init__(self, *, hears: bool = True) -> None:
        super().__init__(hears=hears)
        self._fatal = ""

    # --- what is sent ------------------------------------------------------------------------------------

    def send(self, message: m.ClientMessage, at: float) -> None:
        """Say what is about to be sent.

        Raises:
            SessionNotOpen: the session is not at a point where this may be sent.
            ImmutableField: an update of a field that is frozen by now.
            InvalidConfiguration: an update that the service would refuse, or a result for no open call.
        """
        self._check(message)
        self._sent(message, at)

    def _check(self, message: m.ClientMessage) -> None:
        if self._phase == "ended":
            what = f"The session has ended; {message.type} cannot be sent."
            raise SessionNotOpen(what, remedy="Start a new one.")
        match message:
            case m.SessionUpdate(session=session):
                check_update(session, first=self.ready is None or self._phase == "dropped")
                return
            case m.SessionResume() | m.SessionEnd():
                return
            case m.ToolResult(call_id=call_id):
                call = self.calls.get(call_id)
                if call is None or (call.result is not None and not call.again) or call.lost:
                    what = "was never made" if call is None else "was answered already"
                    what = "was made in a session that is lost" if call is not None and call.lost else what
                    raise InvalidConfiguration(f"The tool call {call_id!r} {what}.", call_id=call_id)
            case _:
                pass
        if self._phase != "open":
            state = "ending" if self._phase == "ending" else self.state
            raise SessionNotOpen(f"{message.type} cannot be sent while the session is {state}.")

    def _sent(self, message: m.ClientMessage, at: float) -> None:
        self._tick(at)
        match message:
            case m.SessionUpdate(session=session):
                if self._phase == "dropped":
                    self._begin_anew(at)
                self._configuration.sent(session)
                if self._phase == "idle":
                    self._phase = "connecting"
            case m.SessionResume(session_id=session_id):
                self.session_id = session_id
                self._phase = "resuming"
            case m.SessionEnd():
                self._phase = "ending"
            case m.ConversationMessage(role="user", content=text):
                self._floor.typed()
                self._transcript.typed(text, at)
            case m.ReplyCreate():
                self._floor.request(at)
            case m.ToolResult(call_id=call_id) if call_id in self.calls:
                self._floor.result(self.calls[call_id], message.result, at, is_error=message.is_error)
            case _:
                pass

    # --- what is received --------------------------------------------------------------------------------

    def receive(
        self, message: m.ServerMessage | m.Unknown, at: float, samples: int | None = None
    ) -> list[Action]:
        """Take a message of the service; returns what to do about it.

        Args:
            message: the message.
            at: when it came.
            samples: how long its sound is, at 24 kHz, where it was decoded; None: by the format in force.
        """
        if samples is None and isinstance(message, m.ReplyAudio):
            samples = samples_in(message.data, self._configuration.encoding)
        return self._received(message, samples or 0, at)

    def heard(self, note: HeardLike) -> None:
        """Take note of what was heard of a reply; notes may come late, also after a flush or the end."""
        self._tick(note.at)
        replies = self._floor.replies
        reply = replies.named(note.reply_id)
        if reply is None:
            return
        until = note.at + (note.stop - note.start) / RATE
        reply.heard_until = max(reply.heard_until or 0.0, until)
        for changed in replies.note(reply, note.stop, note.at):
            self._transcript.agent(changed, note.at)
        replies.sweep()

    def unheard(self, note: HeardLike) -> None:
        """Take note of sound that got lost on its way to the ear: what comes behind it may still be heard."""
        self._tick(note.at)
        reply = self._floor.replies.named(note.reply_id)
        if reply is not None:
            reply.lost = max(reply.lost, note.stop)
            self._transcript.agent(reply, note.at)
            self._floor.replies.sweep()

    def closed(self, code: int, reason: str, at: float) -> list[Action]:
        """The connection is over.

        Returns:
            ``Dropped`` when it can go on over another one, resumed or as a new session (call ``closed`` once
            more when it will not), else ``Ended``, unless that was returned before. After a fault of the
            service's, too, another session may do better.
        """
        self._tick(at)
        if self._phase == "ended":
            return []
        over = bool(self._fatal) and self._fatal not in RETRYABLE
        lost = self._phase == "open" and not over and code not in (1000, 1008)
        if lost or self._returning:
            if lost:
                self.lost_at.append(at)
                self._configuration.lost()
                self._floor.lost(words=self._transcript.caller_has_words)
            self._phase = "dropped"
            return [Dropped(self.session_id, code, reason)]
        clean = code == 1000 or (self._phase == "ending" and code in (1001, 1005))
        return self._end(self._fatal or ("ended" if clean else f"closed with {code}"), at)

    def apply(self, event: Mapping[str, Any]) -> list[Action]:
        """Take one numbered event, as :func:`voicenb.protocol.events.read_event` reads it.

        What was sent is not checked again.
        """
        at = float(event["t"])
        match read_event(event):
            case Sent(message):
                self._sent(message, at)
            case Received(received, samples):
                return self._received(received, samples, at)
            case Closed(code, reason):
                return self.closed(code, reason, at)
            case UnheardNote() as note:
                self.unheard(note)
            case HeardNote() as note:
                self.heard(note)
            case BargeInSet(mode):
                self.barge_in = mode
            case None:
                pass
        return []

    @classmethod
    def replay(cls, events: Iterable[Mapping[str, Any]], *, hears: bool = True) -> Conversation:
        """The conversation that those numbered events amount to."""
        conversation = cls(hears=hears)
        for event in events:
            conversation.apply(event)
        return conversation

    def _received(self, message: m.ServerMessage | m.Unknown, samples: int, at: float) -> list[Action]:
        self._tick(at)
        if self._phase == "ended":
            self.dropped_audio += isinstance(message, m.ReplyAudio)
            return []
        match message:
            case m.ReplyAudio():
                return self._audio(message, samples, at)
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
                self._floor.speech_stopped(at, words=self._transcript.caller_has_words)
            case m.TranscriptUserDelta():
                self._user_words(message.text, message.item_id, at, final=False)
            case m.TranscriptUser():
                self._user_words(message.text, message.item_id, at, final=True)
                self._floor.turn(at, words=bool(message.text.strip()))
            case m.ReplyStarted():
                self._floor.reply(message.reply_id, at, message.item_id)
            case m.TranscriptAgentDelta() | m.TranscriptAgent():
                return self._agent_words(message, at)
            case m.ReplyDone():
                return self._done(message.reply_id, message.status, at)
            case m.ToolCall():
                return self._call(message, at)
            case m.Unknown(type="reply.error", fields=fields):
                code, text = str(fields.get("code") or ""), str(fields.get("message") or "")
                return self._done(str(fields.get("reply_id") or ""), "failed", at) + self._failed(
                    code, text, None
                )
            case _:
                pass
        return []

    # --- the session -------------------------------------------------------------------------------------

    def _tick(self, at: float) -> None:
        self._floor.now = max(self._floor.now, at)

    def _ready(self, message: m.SessionReady, at: float) -> None:
        self.ready, self.session_id = message, message.session_id
        self.ready_at = at if self.ready_at is None else self.ready_at
        self._fatal = ""
        self._configuration.acknowledged(message.config)
        if self._phase != "ending":
            self._phase = "open"

    @property
    def _returning(self) -> bool:
        """Whether a connection is to take the place of one that was lost, and is not ready yet."""
        return self._phase == "resuming" or (self._phase == "connecting" and self.ready_at is not None)

    def _begin_anew(self, at: float) -> None:
        """The service begins another session, which knows nothing of what was under way in this one."""
        self.ready, self.session_id = None, ""
        self._configuration = Configuration()
        for call in self._floor.pending_calls:
            call.lost = True
        for reply in self._floor.over():
            self._transcript.agent(reply, at)
        self._transcript.break_off(at)
        self._phase = "connecting"

    def _failed(self, code: str, text: str, param: str | None) -> list[Action]:
        fatal = is_fatal(code, first=self.ready is None)
        if fatal and self._returning:
            fatal = False  # another attempt may succeed, or another session begin
        elif fatal:
            self._fatal = code.lower()
        self._configuration.refused(code)
        remedy = "Correct the agent's settings, and start again." if self.ready is None else ""
        error = service_error(code, text, param=param, remedy=remedy, session_id=self.session_id)
        return [Failed(error, fatal)]

    def _end(self, reason: str, at: float) -> list[Action]:
        self._phase = "ended"
        self.ended_at = at
        for reply in self._floor.over():
            self._transcript.agent(reply, at)
        return [Ended(reason)]

    # --- the two sides -----------------------------------------------------------------------------------

    def _speech_started(self, at: float) -> list[Action]:
        interrupts = self.interruptible and self.barge_in != "wait"
        cut = self._floor.speech_started(at, interrupts=interrupts)
        for reply in cut:
            self._transcript.agent(reply, at)
        return [Flush(cut[0].reply_id if len(cut) == 1 else None, "speech")] if cut else []

    def _user_words(self, text: str, item_id: str | None, at: float, *, final: bool) -> None:
        began = self._floor.onset_at
        self._transcript.user(text, item_id, final=final, started=at if began is None else began, at=at)

    def _named(self, reply_id: str, at: float) -> Reply:
        return self._floor.replies.named(reply_id) or self._floor.reply(reply_id, at)

    def _audio(self, message: m.ReplyAudio, samples: int, at: float) -> list[Action]:
        reply = self._named(message.reply_id, at)
        if not self._floor.replies.sound(reply, samples, at):
            self.dropped_audio += 1
            return []
        self._floor.taken_up(reply)
        return [Play(reply.reply_id, message.data, samples)]

    def _agent_words(self, message: m.TranscriptAgentDelta | m.TranscriptAgent, at: float) -> list[Action]:
        reply = self._named(message.reply_id, at)
        reply.item_id = reply.item_id or message.item_id
        cut = False
        if isinstance(message, m.TranscriptAgentDelta):
            reply.words.append(Word(message.delta, message.start_ms, message.end_ms))
        else:
            reply.text = message.text
            cut = message.interrupted and self._floor.replies.cut(reply, at)
        return self._settled(reply, at, cut=cut)

    def _done(self, reply_id: str, status: str, at: float) -> list[Action]:
        reply = self._named(reply_id, at)
        return self._settled(reply, at, cut=self._floor.replies.done(reply, status, at))

    def _settled(self, reply: Reply, at: float, *, cut: bool) -> list[Action]:
        self._transcript.agent(reply, at)
        self._floor.replies.sweep()
        if reply.finished and not reply.calls:
            self._floor.taken_up(reply)
        return [Flush(reply.reply_id, "interrupted")] if cut else []

    def _call(self, message: m.ToolCall, at: float) -> list[Action]:
        if message.call_id in self.calls:
            return []
        tools = self._configuration.tools
        known, timeout = message.name in tools, tools.get(message.name, DEFAULT_TOOL_TIMEOUT)
        theirs = not known and self._configuration.runs_by_itself(message.name)
        call = ToolCallState(
            message.call_id, message.name, message.arguments, at, timeout, known, theirs=theirs
        )
        self._floor.call(call)
        return [RunTool(call.call_id, call.name, call.arguments, timeout, known, theirs)]
