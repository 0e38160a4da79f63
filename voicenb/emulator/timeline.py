"""What the emulator knows of each turn beyond what it says on the wire: when each part of it was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from voicenb.emulator.profiles import Trigger


@dataclass(slots=True)
class ToolRecord:
    """One tool call; moments in seconds of the emulator's loop."""

    call_id: str
    name: str
    arguments: dict[str, Any]
    dispatched_at: float
    result: str | None = None
    result_at: float | None = None
    is_error: bool = False
    timed_out: bool = False


@dataclass(slots=True)
class TurnRecord:
    """One reply and what it answers; moments in seconds of the emulator's loop, None where there was none.

    Attributes:
        trigger: what it answers.
        item_id: the user's item, for ``user_speech``.
        user_text: the final transcript.
        speech_started_at: when the user's onset came in, as the detector placed it: from a client that sends
            in real time, when they began to speak.
        speech_ended_at: when the end of the user's last speech frame came in.
        decided_at: when the turn was decided to be over.
        ended_by: which limit ended it: ``"min_silence"`` or ``"max_silence"`` of the ``turn_detection`` in
            force; ``"stand-in"`` where none was ever set, and the stand-in for the adaptive default decided.
        limit: how long a silence that asked for, in milliseconds.
        transcript_at: when the final transcript was there.
        transcript_work: seconds that the recogniser took for the final of the last segment.
        thought_at: the brain's first words.
        sound_at: the mouth's first clause.
        sent_at: the first ``reply.audio``.
        audible_at: the first audible sample, by the play-head.
        unsaid: what of the reply the mouth has no sound for, and was left out.
        ended_at: the last sample heard, or the interruption.
        passed: what the user said over the reply without taking the floor: back-channels, and words shorter
            than ``interruption_delay``. Nothing on the wire tells of it.
    """

    trigger: Trigger
    item_id: str = ""
    reply_id: str = ""
    user_text: str = ""
    speech_started_at: float | None = None
    speech_ended_at: float | None = None
    decided_at: float | None = None
    ended_by: str = ""
    limit: float | None = None
    transcript_at: float | None = None
    transcript_work: float | None = None
    thought_at: float | None = None
    sound_at: float | None = None
    sent_at: float | None = None
    audible_at: float | None = None
    ended_at: float | None = None
    interrupted_at: float | None = None
    requested_instructions: str | None = None
    agent_text: str = ""
    unsaid: str = ""
    status: str = ""
    gaps: list[float] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    tool_calls: list[ToolRecord] = field(default_factory=list)

    def again(self) -> TurnRecord:
        """What it answers, to be answered by another reply."""
        return TurnRecord(
            self.trigger,
            self.item_id,
            user_text=self.user_text,
            speech_started_at=self.speech_started_at,
            speech_ended_at=self.speech_ended_at,
            decided_at=self.decided_at,
            ended_by=self.ended_by,
            limit=self.limit,
            transcript_at=self.transcript_at,
            transcript_work=self.transcript_work,
            requested_instructions=self.requested_instructions,
        )

    @property
    def wait(self) -> float | None:
        """Seconds from the decision to the first audible sample."""
        if self.decided_at is None or self.audible_at is None:
            return None
        return self.audible_at - self.decided_at
