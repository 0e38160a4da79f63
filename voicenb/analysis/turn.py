"""A turn of the caller's or the agent's, with its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from voicenb.analysis.answer import EndedBy
from voicenb.analysis.wait import Wait, lasting
from voicenb.protocol.replies import Kind


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence of 0.2 to 5 s inside a caller's turn, on the acoustic clock.

    Attributes:
        start: the speech end before it, in the engine's seconds.
        end: the onset after it.
    """

    start: float
    end: float

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that was called in a turn.

    Attributes:
        call_id: the service's id of the call.
        name: the tool.
        round_trip: seconds from ``tool.call`` received to ``tool.result`` sent (both on the wire); None
            where no result was sent.
        own_time: seconds that the function itself took, on the clock of the process that ran it; None where
            that was not captured.
        is_error: whether the result told of a failure.
    """

    call_id: str
    name: str
    round_trip: float | None
    own_time: float | None
    is_error: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn. Times are the engine's seconds, figures are seconds; what was not captured is None.

    Three clocks: *acoustic* (a sample's place in the recorded track), *wire* (sent or received by the
    engine), *heard* (played, output latency included). A figure that has nothing to do with the turn's side
    is None too.

    Attributes:
        number: 1 for the first turn of either side.
        role: ``"user"`` (the caller) or ``"agent"``.
        kind: of an agent's turn why it speaks (``"greeting"``, ``"turn"``, ``"tool"``, ``"requested"``); of a
            caller's ``"tool"`` where tools were called for it, else ``"plain"``.
        start: of the caller the acoustic onset; of the agent when its first audible sample was heard.
        end: of the caller the acoustic speech end; of the agent when its last audible sample had been heard.
        text: the transcript; of the agent what was heard of it (to about one word).
        unheard: of the agent the words that were not heard, about, of those that the service had told.
        item_id: the service's history item.
        reply_id: of an agent's turn.
        replies: of a caller's turn, the ids of the replies to it.
        pauses: mid-turn pauses, silences of 0.2 to 5 s inside the turn (acoustic).
        decided: when the service decided that the turn was over: ``input.speech.stopped``, else
            ``transcript.user`` (wire).
        turn_detection: the settings in force then, as the service had confirmed them; None for the adaptive
            default.
        taken_back: when the service had decided so before, inside this turn (wire); each time the caller then
            went on.
        ended_by: which limit ended the turn; ``"unknown"`` where the decision is told late and either may
            have; ``"resumed"`` where the caller went on behind the decision
            before anyone spoke, so that another turn holds the rest.
        configured_silence: the silence which the limit demands that the service decided by; where nobody can
            tell which it was, the one that ``min_silence`` demands in any case.
        end_of_turn_delay: acoustic speech end → decision (wire).
        transcription_delay: acoustic speech end → ``transcript.user`` (wire).
        reply_latency: decision (wire) → first ``reply.audio`` received (wire) of the reply heard first.
        service_first_audio: the service's own figure, from its timeline: where it heard the speech end →
            first audio sent (its clock); None without a timeline, and in tool turns. Beside the response
            latency it leaves out the way to and from the service, and what was played later.
        playback_delay: first ``reply.audio`` received (wire) → its first sample heard; None where nobody
            noted what was heard. Its sound then counts as heard when it came, in all figures that tell of
            hearing.
        leading_silence: that sample heard → first audible sample heard. With the end-of-turn delay, the reply
            latency and the playback delay it makes up the response latency.
        response_latency: acoustic speech end → first audible sample heard; negative where the agent came in
            early. In a tool turn that may be an announcement: see the next two.
        first_sound: in a tool turn, acoustic speech end → first audible sample heard.
        first_answer: in a tool turn, acoustic speech end → first audible sample heard of the reply that uses
            the tool's result.
        announcement: in a tool turn, seconds of the agent's that were heard before that answer.
        tools: the calls.
        waits: in a tool turn, what lay between the decision and that answer: when results were waited for,
            and when the agent was heard otherwise; each moment is in one of them at most.
        gap: acoustic speech end → the agent's next audible sample heard, whatever it answers; None where the
            caller spoke again before.
        talk_over: seconds of this turn in which the other side was heard too (acoustic and heard).
        false_cutoffs: how often the service took it for ended inside a pause: the caller went on with words,
            back-channels aside, before anyone spoke, within 5 s. Behind a silent reply that is another turn.
        candidate_cut: whether the caller went on with words over the first second of the agent's answer:
            perhaps it was cut off, perhaps that was an interruption; None where nobody spoke then.
        unanswered: whether no audible reply came before the caller spoke again, or within 10 s; None where
            the call ended before that, and of a "mm-hm" beside what the agent says, in a call from elsewhere.
        reaction: of a turn that interrupted the agent: acoustic onset over its speech (its first audible
            sample heard, where the caller had begun before that) → the service's event (wire).
        flush: the service's event (wire) → the agent's last sample heard.
        yield_latency: the sum of the two.
        yielded: whether that is within 2 s.
        interrupted: of an agent's turn, whether it was cut off while it was heard.
        cancelled: of an agent's turn, whether it was taken back before any of it was audible, as where the
            caller went on: nobody was interrupted.
        false_interruption: whether what it was cut off for held no words, or only back-channels; None where
            that cannot be told, or it was not cut off.
        silent: of an agent's turn, whether the service ended it without an audible sample; None where it
            did, but called a tool in it, or took it back.
    """

    number: int
    role: Literal["user", "agent"]
    kind: Kind | Literal["plain"]
    start: float | None
    end: float | None
    text: str
    unheard: str = ""
    item_id: str = ""
    reply_id: str = ""
    replies: tuple[str, ...] = ()
    pauses: tuple[Pause, ...] = ()
    decided: float | None = None
    taken_back: tuple[float, ...] = ()
    turn_detection: dict[str, object] | None = field(default=None, repr=False)
    ended_by: EndedBy | None = None
    configured_silence: float | None = None
    end_of_turn_delay: float | None = None
    transcription_delay: float | None = None
    reply_latency: float | None = None
    service_first_audio: float | None = None
    playback_delay: float | None = None
    leading_silence: float | None = None
    response_latency: float | None = None
    first_sound: float | None = None
    first_answer: float | None = None
    announcement: float | None = None
    tools: tuple[ToolUse, ...] = ()
    waits: tuple[Wait, ...] = ()
    gap: float | None = None
    talk_over: float | None = None
    false_cutoffs: int | None = None
    candidate_cut: bool | None = None
    unanswered: bool | None = None
    reaction: float | None = None
    flush: float | None = None
    yield_latency: float | None = None
    yielded: bool | None = None
    interrupted: bool | None = None
    cancelled: bool | None = None
    false_interruption: bool | None = None
    silent: bool | None = None

    @property
    def length(self) -> float | None:
        """Seconds from its first sound to its last."""
        return None if self.start is None or self.end is None else self.end - self.start

    @property
    def tool_time(self) -> float | None:
        """Seconds in which results of tools were waited for; None without tools, and where one never came.

        From ``tool.call`` received to ``tool.result`` sent (both wire); where calls overlap they count once.
        A result that was sent only when the answer had begun is none that it waited for.
        """
        if not self.tools or any(tool.round_trip is None for tool in self.tools):
            return None
        return round(lasting(self.waits, "tool"), 6)

    @property
    def wait(self) -> float | None:
        """Seconds that the caller waited for an answer, in a tool turn for the one that uses the result.

        Acoustic speech end → first audible sample heard. None where no answer was heard, and where one came
        only when the caller had spoken again, or after 10 s (``unanswered``).
        """
        if self.unanswered:
            return None
        return self.first_answer if self.kind == "tool" else self.response_latency
