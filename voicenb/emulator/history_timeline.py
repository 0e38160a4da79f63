"""The timeline of a session as REST gives it, made from what the emulator knows of each turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voicenb.emulator.checks import JSONObject
from voicenb.emulator.timeline import ToolRecord, TurnRecord

Clock = Callable[[float | None], float | None]
"""A moment of the loop → milliseconds of the session."""


def turns(records: Sequence[TurnRecord], began: float) -> list[JSONObject]:
    """The turns.

    Their moments (``…_at_ms``) are milliseconds from the session's beginning. ``time_to_first_audio_ms`` goes
    from the end of the user's speech to the first ``reply.audio``; it is null where no speech is answered and
    in tool turns. What only the emulator knows stands under ``emulator``.

    Args:
        records: in their order.
        began: the loop's time at the session's beginning.
    """

    def clock(moment: float | None) -> float | None:
        return None if moment is None else round((moment - began) * 1000, 1)

    return [_turn(f"turn_{n}", record, clock) for n, record in enumerate(records, 1)]


def _turn(turn_id: str, record: TurnRecord, clock: Clock) -> JSONObject:
    turn: JSONObject = {
        "turn_id": turn_id,
        "item_id": record.item_id or None,
        "status": record.status or None,
        "trigger": record.trigger,
        "requested_instructions": record.requested_instructions,
        "user_transcript": record.user_text or None,
        "user_speech_started_at_ms": clock(record.speech_started_at),
        "user_speech_ended_at_ms": clock(record.speech_ended_at),
        "user_confidence": None,
        "agent_text": record.agent_text or None,
        "agent_reply_started_at_ms": clock(record.sent_at),
        "agent_reply_ended_at_ms": clock(record.ended_at) if record.sent_at is not None else None,
        "interrupted_at_ms": clock(record.interrupted_at),
        "time_to_first_audio_ms": _first_audio(record),
        "tool_calls": [_call(call, clock) for call in record.tool_calls],
        "emulator": _known(record, clock),
    }
    return {key: value for key, value in turn.items() if value != []}


def _first_audio(record: TurnRecord) -> float | None:
    tool_turn = record.tool_calls or record.trigger == "tool_result"
    if tool_turn or record.sent_at is None or record.speech_ended_at is None:
        return None
    return round((record.sent_at - record.speech_ended_at) * 1000, 1)


def _call(call: ToolRecord, clock: Clock) -> JSONObject:
    took = None if call.result_at is None else round((call.result_at - call.dispatched_at) * 1000, 1)
    return {
        "call_id": call.call_id,
        "name": call.name,
        "arguments": call.arguments,
        "result": call.result,
        "dispatched_at_ms": clock(call.dispatched_at),
        "result_received_at_ms": clock(call.result_at),
        "duration_ms": took,
        "is_error": call.is_error,
        "timed_out": call.timed_out,
        "parallel_call_id": None,
    }


def _known(record: TurnRecord, clock: Clock) -> JSONObject:
    """What only the emulator knows: when the recogniser, the brain and the mouth were done."""
    work = record.transcript_work
    known: JSONObject = {
        "reply_id": record.reply_id or None,
        "decided_at_ms": clock(record.decided_at),
        "ended_by": record.ended_by or None,
        "ended_by_limit_ms": record.limit,
        "recognizer_done_at_ms": clock(record.transcript_at),
        "recognizer_work_ms": None if work is None else round(work * 1000, 1),
        "brain_first_words_at_ms": clock(record.thought_at),
        "mouth_first_clause_at_ms": clock(record.sound_at),
        "audible_at_ms": clock(record.audible_at),
        "unsaid": record.unsaid or None,
        "gaps_ms": [round(gap * 1000, 1) for gap in record.gaps],
        "passed": list(record.passed),
    }
    return {key: value for key, value in known.items() if value != []}
