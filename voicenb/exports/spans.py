"""A call as OpenTelemetry spans, with the attribute names that tools for LiveKit and for Pipecat read."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from voicenb import __version__
from voicenb.analysis.others.livekit import LiveKitTurn, livekit
from voicenb.analysis.others.pipecat import user_bot_latency
from voicenb.analysis.speech_probability import SpeechProbability
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns
from voicenb.exports.otlp import Span, Value, otlp_json

if TYPE_CHECKING:
    from voicenb.protocol.calls import ToolCallState
    from voicenb.recording.recording import Recording

FIGURES = (
    *("end_of_turn_delay", "configured_silence", "transcription_delay", "reply_latency", "playback_delay"),
    *("leading_silence", "response_latency", "first_sound", "first_answer", "gap", "talk_over"),
    *("reaction", "flush", "yield_latency"),
)
"""Of a caller's turn, in seconds and by our own definitions: ``voicenb.response_latency`` and so on."""


def otel(recording: Recording, found: Turns) -> str:
    """The call as a trace in OpenTelemetry's JSON (OTLP).

    ``conversation`` holds a ``turn`` for the greeting and for each turn of the caller's (Pipecat's names);
    in it are ``user_turn`` (onset to decision) with ``eou_wait`` (acoustic speech end to decision), an
    ``agent_turn`` for each reply with ``agent_speaking`` (as it was heard), and a ``function_tool`` for each
    call (LiveKit's names).

    Attributes have the names and the meaning of those two: ``lk.e2e_latency``, ``lk.end_of_turn_delay`` and
    ``lk.transcription_delay`` are by LiveKit's definitions, ``turn.user_bot_latency_seconds`` by Pipecat's
    (:attr:`voicenb.analysis.report.Report.other_tools` tells how they differ), and the words are there under
    LiveKit's names of before 2026 (``lk.user_transcript``) and since (``lk.pii.user_transcript``).
    ``metrics.ttfb`` and ``lk.response.ttfb`` are those of the service as a whole: decision → first
    ``reply.audio`` (both wire) of the reply that was heard first, for it does not tell model and voice apart;
    what was not captured is left out. Our own figures are beside them, as ``voicenb.response_latency``.

    Args:
        recording: of the call.
        found: its turns.
    """
    return otlp_json(
        spans(recording, found),
        call_id=_session(recording),
        began=_began(recording),
        resource={"service.name": recording.agent_name, "telemetry.sdk.name": "voicenb"},
        version=__version__,
    )


def spans(recording: Recording, found: Turns) -> list[Span]:
    """The spans of a call, parents before their children."""
    return _Trace(recording, found).spans


class _Trace:
    """Makes the spans of one call."""

    def __init__(self, recording: Recording, found: Turns) -> None:
        self.recording = recording
        heard = SpeechProbability(recording)
        self.livekit = {turn.number: turn for turn in livekit(recording, found, heard)}
        self.pipecat = user_bot_latency(recording, heard)
        self.replies = {turn.reply_id: turn for turn in found if turn.role == "agent"}
        self.calls = {call.call_id: call for call in recording.tool_calls}
        session = _session(recording)
        self.root = Span(
            "conversation",
            0.0,
            recording.duration,
            attributes={
                "conversation.id": session,
                "conversation.type": "voice",
                "session.id": session,
                "lk.agent_name": recording.agent_name,
                **self._gen_ai("invoke_agent"),
            },
        )
        self.spans = [self.root]
        self.number = 0
        answered: set[str] = set()
        for turn in found:
            if turn.role == "agent" and turn.kind == "greeting":
                self._turn([turn], None)
            elif turn.role == "user":
                mine = [self.replies[each] for each in turn.replies if each in self.replies]
                self._turn(mine, turn)
                answered |= {each.reply_id for each in mine}
        for turn in self.replies.values():
            if turn.reply_id not in answered and turn.kind != "greeting":
                self._agent(turn, self.root, None)

    def _turn(self, replies: list[Turn], caller: Turn | None) -> None:
        self.number += 1
        times = [at for each in [*replies, *([caller] if caller else [])] for at in _times(each)]
        begin, end = min(times, default=0.0), max(times, default=0.0)
        waits = (self.pipecat[each.reply_id] for each in replies if each.reply_id in self.pipecat)
        span = Span(
            "turn",
            begin,
            end,
            self.root,
            {
                "turn.number": self.number,
                "turn.type": "conversation",
                "turn.duration_seconds": end - begin,
                "turn.was_interrupted": self._was_interrupted(replies),
                "turn.user_bot_latency_seconds": next(waits, None),
                "conversation.id": str(self.root.attributes["conversation.id"]),
            },
        )
        self.spans.append(span)
        if caller is not None:
            self._caller(caller, span)
        for each in replies:
            self._agent(each, span, caller)
        for tool in () if caller is None else caller.tools:
            if tool.call_id in self.calls:
                self._tool(self.calls[tool.call_id], tool.own_time, span)

    def _caller(self, turn: Turn, parent: Span) -> None:
        if turn.start is None or turn.end is None:
            return
        over = turn.decided if turn.decided is not None else turn.end
        theirs: LiveKitTurn | None = self.livekit.get(turn.number)
        figures = {f"voicenb.{name}": getattr(turn, name) for name in FIGURES}
        span = Span(
            "user_turn",
            turn.start,
            max(over, turn.end),
            parent,
            {
                **_text("user_transcript", turn.text),
                "transcript": turn.text,
                "lk.transcription_delay": theirs.transcription_delay if theirs else None,
                "lk.end_of_turn_delay": theirs.end_of_turn_delay if theirs else None,
                **figures,
                "voicenb.turn": turn.number,
                "voicenb.ended_by": turn.ended_by,
                "voicenb.unanswered": turn.unanswered,
                "voicenb.false_cutoffs": turn.false_cutoffs,
            },
            [("voicenb.taken_back", at) for at in turn.taken_back],
        )
        self.spans.append(span)
        if turn.decided is not None and turn.decided > turn.end:
            wait = {"lk.eou.endpointing_delay": turn.configured_silence, "voicenb.ended_by": turn.ended_by}
            self.spans.append(Span("eou_wait", turn.end, turn.decided, span, dict(wait)))

    def _agent(self, turn: Turn, parent: Span, caller: Turn | None) -> None:
        reply = self.recording.conversation.replies[turn.reply_id]
        theirs = self.livekit.get(caller.number) if caller is not None else None
        sent = caller is not None and turn.reply_id == self._first_sent(caller)
        heard = caller is not None and turn.reply_id == self._first_heard(caller)
        ttfb = caller.reply_latency if caller is not None and heard else None
        span = Span(
            "agent_turn",
            reply.started_at,
            max(turn.end or 0.0, reply.done_at or reply.started_at),
            parent,
            {
                "lk.speech_id": turn.reply_id,
                **_text("response.text", turn.text),
                "lk.interrupted": turn.interrupted,
                "lk.e2e_latency": theirs.e2e_latency if theirs is not None and sent else None,
                "lk.response.ttfb": ttfb,
                "metrics.ttfb": ttfb,
                **self._gen_ai("chat"),
                "gen_ai.output.type": "speech",
                "voicenb.turn": turn.number,
                "voicenb.kind": turn.kind,
                "voicenb.unheard": turn.unheard or None,
                "voicenb.silent": turn.silent,
                "voicenb.false_interruption": turn.false_interruption,
            },
        )
        self.spans.append(span)
        if turn.start is not None and turn.end is not None:
            self.spans.append(Span("agent_speaking", turn.start, turn.end, span))

    def _was_interrupted(self, replies: list[Turn]) -> bool | None:
        """Whether one of them was; None where none of them tells."""
        told = [each.interrupted for each in replies if each.interrupted is not None]
        return any(told) if told or "interruptions" not in self.recording.absent else None

    def _first_sent(self, caller: Turn) -> str | None:
        """The reply to a turn whose sound came first."""
        sent = self.recording.conversation.replies
        return next((each for each in caller.replies if sent[each].first_audio_at is not None), None)

    def _first_heard(self, caller: Turn) -> str | None:
        """The reply to a turn that was heard first."""
        heard = [
            (reply.start, each)
            for each in caller.replies
            if (reply := self.replies.get(each)) is not None and reply.start is not None
        ]
        return min(heard)[1] if heard else None

    def _tool(self, call: ToolCallState, own_time: float | None, parent: Span) -> None:
        self.spans.append(
            Span(
                "function_tool",
                call.at,
                call.at if call.result_at is None else call.result_at,
                parent,
                {
                    "lk.function_tool.id": call.call_id,
                    "lk.function_tool.name": call.name,
                    **_text("function_tool.arguments", json.dumps(call.arguments, ensure_ascii=False)),
                    **_text("function_tool.output", call.result),
                    "lk.function_tool.is_error": call.is_error,
                    "gen_ai.operation.name": "execute_tool",
                    "gen_ai.tool.name": call.name,
                    "gen_ai.tool.call.id": call.call_id,
                    "voicenb.own_time": own_time,
                },
                failed="the tool told of a failure" if call.is_error else "",
            )
        )

    def _gen_ai(self, operation: str) -> dict[str, Value | None]:
        service = str(self.recording.session.get("service") or "") or None
        provider = None if service is None else "assemblyai" if service.startswith("hosted") else "voicenb"
        return {
            "gen_ai.operation.name": operation,
            "gen_ai.provider.name": provider,
            "gen_ai.agent.name": self.recording.agent_name,
            "voicenb.service": service,
        }


def _text(name: str, text: str | None) -> Mapping[str, Value | None]:
    """Words under LiveKit's name of before 2026, and under the one that marks them as personal."""
    return {f"lk.{name}": text, f"lk.pii.{name}": text}


def _times(turn: Turn) -> Iterable[float]:
    return [at for at in (turn.start, turn.end, turn.decided) if at is not None]


def _session(recording: Recording) -> str:
    ended = recording.ended or {}
    return str(ended.get("session_id") or recording.folder.name)


def _began(recording: Recording) -> float:
    """When the engine's second 0 was, in seconds since 1970; 0 where the recording does not say."""
    try:
        return datetime.datetime.fromisoformat(str(recording.session.get("started"))).timestamp()
    except ValueError:
        return 0.0
