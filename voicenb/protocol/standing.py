"""How a conversation stands: what one can ask of it, without changing it."""

from __future__ import annotations

from typing import Any, Literal

from voicenb.protocol import messages as m
from voicenb.protocol.barge_in import USUAL, BargeInMode
from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.configuration import Configuration
from voicenb.protocol.floor import Floor
from voicenb.protocol.lines import Line
from voicenb.protocol.replies import Reply
from voicenb.protocol.transcript import Transcript

State = Literal["idle", "connecting", "reconnecting", "listening", "thinking", "speaking", "ended"]
Phase = Literal["idle", "connecting", "open", "ending", "dropped", "resuming", "ended"]


class Standing:
    """The half of a :class:`~voicenb.protocol.conversation.Conversation` that is asked and changes nothing.

    Args:
        hears: whether notes of what was heard will come. Without them (a recording of a program that kept
            none) sound counts as heard when it comes.

    Attributes:
        ready: the ``session.ready``, or None.
        session_id: the service's id of the session, or empty.
        ready_at: when the session became ready, or None.
        ended_at: when it ended, or None.
        dropped_audio: chunks that came too late to be played.
        lost_at: when the connection was lost, each time, where another one may have taken its place.
        barge_in: what the client does with the agent's voice while the caller speaks over it.
    """

    def __init__(self, *, hears: bool = True) -> None:
        self.ready: m.SessionReady | None = None
        self.session_id = ""
        self.ready_at: float | None = None
        self.ended_at: float | None = None
        self.dropped_audio = 0
        self.lost_at: list[float] = []
        self.barge_in: BargeInMode = USUAL
        self._phase: Phase = "idle"
        self._configuration = Configuration()
        self._floor = Floor(hears=hears)
        self._transcript = Transcript()

    @property
    def state(self) -> State:
        """Who holds the floor.

        ``"connecting"`` until ``session.ready``, ``"thinking"`` from the end of the caller's turn to the
        reply's first sound and while tools run, ``"speaking"`` while a reply is played, else ``"listening"``;
        ``"reconnecting"`` while the connection is lost and may come back.
        """
        match self._phase:
            case "idle" | "ended":
                return self._phase
            case "open" | "ending" if self.ready_at is not None:
                return self._floor.holder
            case _:
                return "connecting" if self.ready_at is None else "reconnecting"

    @property
    def dropped(self) -> bool:
        """Whether the connection is lost, and a ``session.resume`` or ``session.update`` may come next."""
        return self._phase == "dropped"

    @property
    def may_send_audio(self) -> bool:
        """Whether the microphone's audio may be sent: from ``session.ready`` until the end."""
        return self._phase == "open"

    @property
    def config(self) -> dict[str, Any]:
        """The ``session`` object in force: what the service echoed, else what was sent."""
        return self._configuration.settings

    @property
    def input_encoding(self) -> str:
        """The encoding in which the caller's sound is sent, e.g. ``"audio/pcm"``."""
        return self._configuration.input_encoding

    @property
    def interruptible(self) -> bool:
        """Whether the caller's speech may cut the agent off, by the settings in force."""
        return self._configuration.interrupts

    @property
    def answer_owed(self) -> bool:
        """Whether a connection was lost before the agent had said all, and it has not spoken since."""
        return self._floor.owed

    @property
    def losses(self) -> str:
        """How often and when the connection was lost, in a sentence; empty where it was not."""
        if not self.lost_at:
            return ""
        often = "once" if len(self.lost_at) == 1 else f"{len(self.lost_at)} times"
        when = ", ".join(f"{at:.1f}" for at in self.lost_at)
        return f"The connection was lost {often} until then, at {when} s."

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
    def may_go_on(self) -> bool:
        """Whether the service has tools that it runs by itself, and need not tell of.

        What it says before such a tool's result ("Let me look.") is a reply like any other; the answer is
        then another one, which nothing announces. Behind a greeting none comes.
        """
        last = self._floor.replies.last
        greeted = last is not None and last.kind == "greeting"
        return self._configuration.runs_some_by_itself and not greeted

    @property
    def over_since(self) -> float | None:
        """When the last reply was over, heard as far as it will be; None while one is under way."""
        return self._floor.over_since

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
