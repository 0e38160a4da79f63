"""Who holds the floor: the caller's turns, the agent's replies and the tools between them."""

from __future__ import annotations

from typing import Literal

from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.replies import Kind, Replies, Reply

SAME_MOMENT = 0.05
"""Seconds within which the messages of one end of turn come, in any order."""

SEQUEL = 3.0
"""Seconds of quiet behind a reply after which no other follows of itself, where the service runs tools."""


class Floor:
    """Follows the caller's speech, what waits for an answer, and what answers it.

    Attributes:
        replies: the agent's replies.
        calls: tool calls by id.
        now: the latest time that was told.
        speech_at: since then the caller speaks; None when the caller is silent.
        onset_at: when the speech began that has no transcript yet.
        last_turn_at: when the caller's last turn was taken as ended.
        owed: whether a connection was lost before the agent had said all, and it has not spoken since.
    """

    def __init__(self, *, hears: bool) -> None:
        self.replies = Replies(hears=hears)
        self.calls: dict[str, ToolCallState] = {}
        self.now = 0.0
        self.speech_at: float | None = None
        self.onset_at: float | None = None
        self.last_turn_at: float | None = None
        self.owed = False
        self._asked_at: float | None = None  # since then a turn, a result or a request waits for its answer
        self._requested = False
        self._typed = False  # words of the caller's that nobody has asked to be answered yet
        self._caller_was_heard = False
        self._untold = False  # speech has stopped whose transcript is still to come
        self._waiting: list[ToolCallState] = []
        self._sent: list[ToolCallState] = []  # with a result behind which no reply has begun yet

    # --- asked -------------------------------------------------------------------------------------------

    @property
    def holder(self) -> Literal["listening", "thinking", "speaking"]:
        """What the agent does at the moment."""
        if self.audible:
            return "speaking"
        if self.pending_calls:
            return "thinking"
        if self.speech_at is not None:
            return "listening"
        last = self.replies.last
        coming = (
            last is not None and not last.samples and not (last.finished or last.flushed or last.superseded)
        )
        return "thinking" if coming or self._asked_at is not None else "listening"

    @property
    def audible(self) -> bool:
        """Whether sound of a reply is playing, waits to be played, or is to come behind what was played."""
        return any(self.replies.audible(reply) for reply in self.replies.unsettled)

    @property
    def pending_calls(self) -> list[ToolCallState]:
        """Calls that the service waits for."""
        if self._waiting:
            self._waiting = [call for call in self._waiting if call.pending(self.now)]
        return self._waiting

    @property
    def last_result_at(self) -> float:
        """When the last tool result was sent in time, for the first time; 0 before any was."""
        return max(
            (call.result_at for call in self.calls.values() if call.result_at is not None), default=0.0
        )

    @property
    def over_since(self) -> float | None:
        """When the last reply was over; None while one is under way, and before the first."""
        return None if self.replies.last is None else self.replies.last.over_at

    def answered_since(self, mark: float) -> bool:
        """Whether a reply that began at or after ``mark`` was heard to its end (or ended without audio)."""
        if self.pending_calls:
            return False
        since = max(mark, self.last_result_at) - SAME_MOMENT
        for reply in reversed(self.replies.all.values()):
            if reply.started_at < since:
                return False
            if reply.heard_out and not reply.calls:
                return True
        return False

    # --- told --------------------------------------------------------------------------------------------

    def speech_started(self, at: float, *, interrupts: bool) -> list[Reply]:
        """The caller speaks; returns the replies that this cut off."""
        self.speech_at = self.onset_at = at
        self._caller_was_heard = True
        cut = self.replies.flush(at) if interrupts else []
        self.replies.sweep()
        if not self.audible:
            self._asked_at = None
        return cut

    def speech_stopped(self, at: float, *, words: bool) -> None:
        """The caller is silent; after a noise without words nothing follows, so only words wait."""
        self.speech_at = None
        self._caller_was_heard = True
        self._untold = words
        if words:
            self._asked_at = at

    def turn(self, at: float, *, words: bool) -> None:
        """The caller's turn has its transcript."""
        late, self._untold = self._untold and self.speech_at is not None, False
        if not late:  # else it is of the speech before the one that goes on
            self.speech_at = self.onset_at = None
        self._caller_was_heard = True
        if not words:
            self._asked_at = None
            return
        self.last_turn_at = at
        last = self.replies.last
        answered = last is not None and last.finished and last.started_at >= at - SAME_MOMENT
        self._asked_at = None if answered else at

    def typed(self) -> None:
        """The caller has typed; the service answers that only when it is asked to."""
        self._typed = self._caller_was_heard = True

    def request(self, at: float) -> None:
        """A reply was asked for; with typed words before it, that was a turn of the caller's."""
        self._requested = True
        if self._typed:
            self._typed, self.last_turn_at = False, at
        self._asked_at = at

    def result(self, call: ToolCallState, text: str, at: float, *, is_error: bool) -> None:
        """A tool's result was sent, or sent again; the service does not take a late one."""
        call.known = True  # who answers it has a tool of that name, whatever the service told
        if call.pending(at):
            self._asked_at = at
            if not call.again:
                call.result_at = at
                self._sent.append(call)
        call.result, call.is_error, call.again = text, is_error, False

    def call(self, call: ToolCallState) -> None:
        """A tool was called, in the reply that is open."""
        last = self.replies.last
        if last is not None and not last.done:
            call.reply_id = last.reply_id
            last.calls.append(call.call_id)
        self.calls[call.call_id] = call
        if call.known:
            self._waiting.append(call)

    def reply(self, reply_id: str, at: float, item_id: str | None = None) -> Reply:
        """A reply begins."""
        before = self.replies.last
        reply = self.replies.start(reply_id, at, self._kind(), item_id)
        if self.replies.last is not before:
            self._requested = self.owed = False
            self.speech_at = None
            for call in self._sent:
                call.again = False
            self._sent = []
        return reply

    def taken_up(self, reply: Reply) -> None:
        """What waited for an answer has it, unless the reply is older than the question."""
        if self._asked_at is not None and reply.started_at >= self._asked_at - SAME_MOMENT:
            self._asked_at = None

    def lost(self, *, words: bool) -> None:
        """The connection is lost: of what was under way nothing more may come, and nobody waits for it.

        Whether a tool's result has come shows by the reply behind it; without one it is due again.

        Args:
            words: whether the caller has said something that is no turn yet.
        """
        cut = any(not (reply.finished or reply.flushed) for reply in self.replies.unsettled)
        self.owed = self.owed or cut or words or self._asked_at is not None or bool(self.pending_calls)
        self.speech_at = self._asked_at = None
        for reply in self.replies.unsettled:
            reply.superseded = True
        for call in self._sent:
            call.again = True
        self._waiting += [call for call in self._sent if call not in self._waiting]

    def over(self) -> list[Reply]:
        """The session is over; returns the replies that it cut short."""
        self.speech_at = self._asked_at = None
        self._waiting = []
        return self.replies.abandon()

    def _kind(self) -> Kind:
        if self._requested:
            return "requested"
        if not self.replies.all and not self._caller_was_heard:
            return "greeting"
        # In no time at all, as on the virtual clock, a result comes in the moment of the turn.
        result = self.last_result_at
        return "tool" if result and result >= (self.last_turn_at or 0.0) else "turn"
