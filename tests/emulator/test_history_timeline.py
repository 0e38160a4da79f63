"""Turns as REST gives them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from voicenb.emulator.history_timeline import turns
from voicenb.emulator.timeline import ToolRecord, TurnRecord

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "voice-agent-api.schema.json").read_text())
ANSWER = TurnRecord(
    "user_speech",
    "msg_1",
    "resp_1",
    user_text="A table, please.",
    speech_started_at=101.0,
    speech_ended_at=102.0,
    decided_at=102.5,
    ended_by="min_silence",
    limit=400,
    transcript_at=102.6,
    transcript_work=0.05,
    thought_at=102.7,
    sound_at=102.8,
    sent_at=102.81,
    audible_at=103.01,
    ended_at=104.0,
    agent_text="Gladly.",
    status="completed",
)


def one(record):
    (turn,) = turns([record], 100.0)
    definition = {"$defs": SCHEMA["$defs"], "$ref": "#/$defs/TimelineTurn"}
    jsonschema.Draft202012Validator(definition).validate(turn)
    return turn


def test_a_turn_and_what_only_the_emulator_knows():
    assert one(ANSWER) == {
        "turn_id": "turn_1",
        "item_id": "msg_1",
        "status": "completed",
        "trigger": "user_speech",
        "requested_instructions": None,
        "user_transcript": "A table, please.",
        "user_speech_started_at_ms": 1000.0,
        "user_speech_ended_at_ms": 2000.0,
        "user_confidence": None,
        "agent_text": "Gladly.",
        "agent_reply_started_at_ms": 2810.0,
        "agent_reply_ended_at_ms": 4000.0,
        "interrupted_at_ms": None,
        "time_to_first_audio_ms": 810.0,
        "emulator": {
            "reply_id": "resp_1",
            "decided_at_ms": 2500.0,
            "ended_by": "min_silence",
            "ended_by_limit_ms": 400,
            "recognizer_done_at_ms": 2600.0,
            "recognizer_work_ms": 50.0,
            "brain_first_words_at_ms": 2700.0,
            "mouth_first_clause_at_ms": 2800.0,
            "audible_at_ms": 3010.0,
            "unsaid": None,
        },
    }


def test_a_tool_turn():
    call = ToolRecord("call_1", "book", {"day": "Friday"}, 103.0, '{"ok": true}', 103.25)
    turn = one(TurnRecord("user_speech", speech_ended_at=102.0, sent_at=103.0, tool_calls=[call]))
    assert turn["time_to_first_audio_ms"] is None
    assert turn["tool_calls"] == [
        {
            "call_id": "call_1",
            "name": "book",
            "arguments": {"day": "Friday"},
            "result": '{"ok": true}',
            "dispatched_at_ms": 3000.0,
            "result_received_at_ms": 3250.0,
            "duration_ms": 250.0,
            "is_error": False,
            "timed_out": False,
            "parallel_call_id": None,
        }
    ]


def test_a_call_that_nobody_answered():
    turn = one(TurnRecord("tool_result", tool_calls=[ToolRecord("call_1", "book", {}, 103.0)]))
    assert (turn["tool_calls"][0]["result_received_at_ms"], turn["tool_calls"][0]["duration_ms"]) == (
        None,
        None,
    )


def test_a_reply_of_which_nothing_was_sent_did_not_end():
    turn = one(TurnRecord("reply_create", requested_instructions="Hurry.", ended_at=103.0))
    assert turn["agent_reply_ended_at_ms"] is None
    assert (turn["agent_text"], turn["status"]) == (None, None)
    assert turn["requested_instructions"] == "Hurry."


def test_arrays_that_are_not_empty_stay():
    turn = one(TurnRecord("greeting", gaps=[0.5], passed=["mm-hm"]))
    assert (turn["emulator"]["gaps_ms"], turn["emulator"]["passed"]) == ([500.0], ["mm-hm"])
    assert "tool_calls" not in turn
