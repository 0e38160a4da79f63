"""The timeline that the service keeps of a session: what each turn was, and how long its answer took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voicenb.service import wire as read


@dataclass(frozen=True, slots=True)
class TimelineCall:
    """A tool call, as the service tells of it afterwards.

    Moments are seconds from the session's beginning; what the service leaves out is None.

    Attributes:
        call_id: the service's id.
        name: the tool.
        arguments: as the service keeps them, an object as a rule.
        result: as the service keeps it, a text as a rule.
        dispatched_at: when the call was sent out.
        result_received_at: when its result came.
        duration: seconds between the two.
        is_error: whether the result told of a failure.
        timed_out: whether no result came in time.
        parallel_call_id: what links calls of one turn.
        wire: all that the service wrote.
    """

    call_id: str
    name: str
    arguments: Any = None
    result: Any = None
    dispatched_at: float | None = None
    result_received_at: float | None = None
    duration: float | None = None
    is_error: bool = False
    timed_out: bool = False
    parallel_call_id: str | None = None
    wire: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> TimelineCall:
        """Read the service's object."""
        return cls(
            call_id=read.text(wire, "call_id") or "",
            name=read.text(wire, "name") or "",
            arguments=wire.get("arguments"),
            result=wire.get("result"),
            dispatched_at=read.seconds(wire, "dispatched_at_ms"),
            result_received_at=read.seconds(wire, "result_received_at_ms"),
            duration=read.seconds(wire, "duration_ms"),
            is_error=bool(wire.get("is_error")),
            timed_out=bool(wire.get("timed_out")),
            parallel_call_id=read.text(wire, "parallel_call_id"),
            wire=wire,
        )


@dataclass(frozen=True, slots=True)
class TimelineTurn:
    """One reply and what it answers, as the service tells of them afterwards.

    Moments are seconds from the session's beginning; what the service leaves out is None.

    Attributes:
        turn_id: the service's id.
        trigger: what is answered: ``"greeting"``, ``"user_speech"``, ``"tool_result"``, ``"reply_create"``.
        status: of the reply.
        item_id: of the caller's line.
        user_transcript: what the caller said.
        user_speech_started: when they began.
        user_speech_ended: when they ended.
        user_confidence: of the recogniser, 0 to 1.
        agent_text: the reply, with words that were never played.
        agent_reply_started: when it began.
        agent_reply_ended: when it ended.
        interrupted_at: when the caller cut it off.
        time_to_first_audio: seconds that the caller waited, by the service's clock; None on tool turns.
        requested_instructions: of a reply that a client asked for.
        tool_calls: in order.
        wire: all that the service wrote; an emulator says more, under ``"emulator"``.
    """

    turn_id: str
    trigger: str = ""
    status: str | None = None
    item_id: str | None = None
    user_transcript: str | None = None
    user_speech_started: float | None = None
    user_speech_ended: float | None = None
    user_confidence: float | None = None
    agent_text: str | None = None
    agent_reply_started: float | None = None
    agent_reply_ended: float | None = None
    interrupted_at: float | None = None
    time_to_first_audio: float | None = None
    requested_instructions: str | None = None
    tool_calls: tuple[TimelineCall, ...] = ()
    wire: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> TimelineTurn:
        """Read the service's object."""
        return cls(
            turn_id=str(wire.get("turn_id") if wire.get("turn_id") is not None else ""),
            trigger=read.text(wire, "trigger") or "",
            status=read.text(wire, "status"),
            item_id=read.text(wire, "item_id"),
            user_transcript=read.text(wire, "user_transcript"),
            user_speech_started=read.seconds(wire, "user_speech_started_at_ms"),
            user_speech_ended=read.seconds(wire, "user_speech_ended_at_ms"),
            user_confidence=read.number(wire, "user_confidence"),
            agent_text=read.text(wire, "agent_text"),
            agent_reply_started=read.seconds(wire, "agent_reply_started_at_ms"),
            agent_reply_ended=read.seconds(wire, "agent_reply_ended_at_ms"),
            interrupted_at=read.seconds(wire, "interrupted_at_ms"),
            time_to_first_audio=read.seconds(wire, "time_to_first_audio_ms"),
            requested_instructions=read.text(wire, "requested_instructions"),
            tool_calls=tuple(map(TimelineCall.from_wire, read.entries(wire, "tool_calls"))),
            wire=wire,
        )

    @property
    def interrupted(self) -> bool:
        """Whether the caller cut the reply off."""
        return self.interrupted_at is not None or self.status == "interrupted"

    def __str__(self) -> str:
        wait = "" if self.time_to_first_audio is None else f"  first audio {self.time_to_first_audio:.2f} s"
        cut = "  interrupted" if self.interrupted else ""
        lines = [f"{self.turn_id}  {self.trigger or 'unknown'}{wait}{cut}"]
        lines += [f"    user   {self.user_transcript}"] if self.user_transcript else []
        lines += [f"    tool   {call.name} {_outcome(call)}".rstrip() for call in self.tool_calls]
        lines += [f"    agent  {self.agent_text}"] if self.agent_text else []
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, repr=False)
class Timeline:
    """What the service keeps of a session, turn by turn; printed, it is a page.

    Attributes:
        session_id: of the session.
        started: when it began, in epoch seconds.
        turns: in order.
        config_changes: what was changed meanwhile, as the service wrote it.
        reason: why it ended, e.g. ``"user_initiated"``.
        public_reason: the same in the words of its record, e.g. ``"client_end"``.
        duration: seconds that it was open.
        wire: all that the service wrote.
    """

    session_id: str
    started: float | None = None
    turns: tuple[TimelineTurn, ...] = ()
    config_changes: tuple[Any, ...] = ()
    reason: str | None = None
    public_reason: str | None = None
    duration: float | None = None
    wire: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Timeline:
        """Read the service's object."""
        ended, changes = read.part(wire, "ended"), wire.get("config_changes")
        return cls(
            session_id=read.text(wire, "session_id") or "",
            started=read.seconds(wire, "started_at_unix_ms"),
            turns=tuple(map(TimelineTurn.from_wire, read.entries(wire, "turns"))),
            config_changes=tuple(changes) if isinstance(changes, list) else (),
            reason=read.text(ended, "reason"),
            public_reason=read.text(ended, "public_reason"),
            duration=read.number(ended, "duration_seconds"),
            wire=wire,
        )

    @property
    def tool_calls(self) -> list[TimelineCall]:
        """Those of all turns, in order."""
        return [call for turn in self.turns for call in turn.tool_calls]

    def __repr__(self) -> str:
        return f"<Timeline of {self.session_id}, {len(self.turns)} turns; print() shows them>"

    def __str__(self) -> str:
        length = "" if self.duration is None else f", {self.duration:.1f} s"
        head = f"{self.session_id}{length}, {self.reason or 'no reason told'}"
        return "\n".join([head, *map(str, self.turns)])


def _outcome(call: TimelineCall) -> str:
    took = "" if call.duration is None else f"{call.duration:.2f} s"
    return " ".join(
        filter(None, [took, "timed out" if call.timed_out else "", "failed" if call.is_error else ""])
    )
