"""A conversation as a value machine: messages in, actions out; no socket, clock or thread.

The driver says what it sends and what it receives, each with the time in its own seconds, and does what the
returned actions ask for. The live session drives it from a socket, the kernel's mirror and the analysis from
numbered events, tests from a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

from voicenb.errors import InvalidConfiguration, SessionNotOpen
from voicenb.protocol import messages as m
from voicenb.protocol.actions import Action, Dropped, Ended, Failed, Flush, Play, RunTool
from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.configuration import Configuration, samples_in
from voicenb.protocol.events import Closed, HeardNote, Received, Sent, UnheardNote, read_event
from voicenb.protocol.failures import is_fatal, service_error
from voicenb.protocol.floor import SAME_MOMENT as SAME_MOMENT
from voicenb.protocol.floor import Floor
from voicenb.protocol.lines import Line
from voicenb.protocol.replies import Reply, Word
from voicenb.protocol.settings import DEFAULT_TOOL_TIMEOUT, check_update
from voicenb.protocol.transcript import Transcript

State = Literal["idle", "connecting", "listening", "thinking", "speaking", "ended"]


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
        hears: whether notes of what was heard will be given to :meth:`heard`. Without them (a recording of a
            program that kept none) sound counts as heard when it comes.

    Attributes:
        ready: the ``session.ready``, or None.
        session_id: the service's id of the session, or empty.
        ready_at: when the session became ready, or None.
        ended_at: when it ended, or None.
        dropped_audio: chunks that came too late to be played.
    """

    def __init__(self, *, hears: bool = True) -> None:
        self.ready: m.SessionReady | None = None
        self.session_id = ""
        self.ready_at: float | None = None
        self.ended_at: float | None = None
        self.dropped_audio = 0
        self._phase: Literal["idle", "connecting", "open", "ending", "dropped", "ended"] = "idle"
        self._configuration = Configuration()
        self._floor = Floor(hears=hears)
        self._transcript = Transcript()
        self._fatal = ""

    # --- what one can ask --------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Who holds the floor.

        ``"connecting"`` until ``session.ready``, ``"thinking"`` from the end of the caller's turn to the
        reply's first sound and while tools run, ``"speaking"`` while a reply is played, else ``"listening"``.
        """
        if self._phase == "idle" or self._phase == "ended":
            return self._phase
        return "connecting" if self._phase in ("connecting", "dropped") else self._floor.holder

    @property
    def may_send_audio(self) -> bool:
        """Whether the microphone's audio may be sent: from ``session.ready`` until the end."""
        return self._phase == "open"

    @property
    def config(self) -> dict[str, Any]:
        """The ``session`` object in force: what the service echoed, else what was sent."""
        return self._configuration.settings

    @property
    def agent_audible(self) -> bool:
        """Whether sound of a reply is playing, waits to be played, or is still to come."""
        return self._floor.audible

    @property
    def user_speaking(self) -> bool:
        """Whether the service hears the caller speak."""
        return self._floor.speech_at is not None

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
        return self._floor.replies.all

    @property
    def calls(self) -> dict[str, ToolCallState]:
        """Tool calls by id, oldest first."""
        return self._floor.calls

    @property
    def pending_calls(self) -> list[ToolCallState]:
        """Calls of tools that this client offered and has not answered, within their timeout."""
        return self._floor.pending_calls

    @property
    def last_turn_at(self) -> float | None:
        """When the caller's last turn was taken as ended, or None."""
        return self._floor.last_turn_at

    @property
    def mark(self) -> float:
        """When the last thing happened that asks for an answer: a turn of the caller's, or a tool result."""
        return max(self.last_turn_at or 0.0, self._floor.last_result_at)

    @property
    def answered(self) -> bool:
        """Whether the caller's last turn, or the last tool result, has been answered."""
        return self.answered_since(self.mark)

    def answered_since(self, mark: float) -> bool:
        """Whether a reply that began at or after ``mark`` was heard to its end (or ended without audio).

        A reply that calls a tool is no answer, and nothing is answered while tools run or a result was not
        taken up.

        Args:
            mark: driver's seconds, e.g. when the caller's speech ended. 0 asks for any reply, the greeting
                included.
        """
        return self._floor.answered_since(mark)

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
                check_update(session, first=self.ready is None)
                return
            case m.SessionResume() | m.SessionEnd():
                return
            case m.ToolResult(call_id=call_id):
                call = self.calls.get(call_id)
                if call is None or call.result is not None:
                    what = "was answered already" if call else "was never made"
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
                self._configuration.sent(session)
                if self._phase == "idle":
                    self._phase = "connecting"
            case m.SessionResume(session_id=session_id):
                self.session_id = session_id
                self._phase = "connecting"
            case m.SessionEnd():
                self._phase = "ending"
            case m.ReplyCreate():
                self._floor.request(at)
            case m.ToolResult(call_id=call_id) if call_id in self.calls:
                self._floor.result(self.calls[call_id], message.result, at, is_error=message.is_error)
            case _:
                pass

    # --- what is received --------------------------------------------------------------------------------

    def receive(self, message: m.ServerMessage | m.Unknown, at: float) -> list[Action]:
        """Take a message of the service; returns what to do about it."""
        samples = 0
        if isinstance(message, m.ReplyAudio):
            samples = samples_in(message.data, self._configuration.encoding)
        return self._received(message, samples, at)

    def heard(self, note: HeardLike) -> None:
        """Take note of what was heard of a reply; notes may come late, also after a flush or the end."""
        self._tick(note.at)
        replies = self._floor.replies
        reply = replies.named(note.reply_id)
        if reply is None:
            return
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
            ``Dropped`` when the session can be resumed (call ``closed`` once more when it will not be), else
            ``Ended``, unless that was returned before.
        """
        self._tick(at)
        if self._phase == "ended":
            return []
        if self._phase == "open" and not self._fatal and code not in (1000, 1008):
            self._phase = "dropped"
            self._floor.speech_at = None
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

    def _failed(self, code: str, text: str, param: str | None) -> list[Action]:
        fatal = is_fatal(code, first=self.ready is None)
        if fatal:
            self._fatal = code.lower()
        self._configuration.refused(code)
        return [Failed(service_error(code, text, param=param, session_id=self.session_id), fatal)]

    def _end(self, reason: str, at: float) -> list[Action]:
        self._phase = "ended"
        self.ended_at = at
        for reply in self._floor.over():
            self._transcript.agent(reply, at)
        return [Ended(reason)]

    # --- the two sides -----------------------------------------------------------------------------------

    def _speech_started(self, at: float) -> list[Action]:
        cut = self._floor.speech_started(at, interrupts=self._configuration.interrupts)
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
            cut = message.interrupted and self._floor.replies.cut(reply)
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
        self._floor.call(ToolCallState(message.call_id, message.name, message.arguments, at, timeout, known))
        return [RunTool(message.call_id, message.name, message.arguments, timeout, known)]
