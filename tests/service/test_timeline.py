"""Timelines, whatever the service leaves out; real ones are in test_sessions.py."""

import pytest

from voicenb.service.timeline import Timeline, TimelineCall, TimelineTurn

CALL = {
    "call_id": "call_1",
    "name": "free_tables",
    "arguments": {"day": "Friday"},
    "result": '["19:00"]',
    "dispatched_at_ms": 4000,
    "result_received_at_ms": 4250.5,
    "duration_ms": 250.5,
    "is_error": False,
    "timed_out": True,
    "parallel_call_id": None,
}
TURN = {
    "turn_id": "turn_2",
    "item_id": "msg_1",
    "status": "interrupted",
    "trigger": "user_speech",
    "requested_instructions": None,
    "user_transcript": "A table on Friday.",
    "user_speech_started_at_ms": 1000,
    "user_speech_ended_at_ms": 2500,
    "user_confidence": 0.9,
    "agent_text": "At seven.",
    "agent_reply_started_at_ms": 3500,
    "agent_reply_ended_at_ms": 5000,
    "interrupted_at_ms": 4900,
    "time_to_first_audio_ms": 1000,
    "tool_calls": [CALL],
    "new_field": 1,
}
WIRE = {
    "session_id": "sess_1",
    "started_at_unix_ms": 1_790_000_000_000,
    "turns": [{"turn_id": 1, "trigger": "greeting"}, TURN],
    "config_changes": [{"at_ms": 5}],
    "ended": {"reason": "user_initiated", "public_reason": "client_end", "duration_seconds": 12.5},
}


def test_all_that_the_reference_names(contract):
    contract("Timeline").validate(WIRE)
    timeline = Timeline.from_wire(WIRE)
    assert (timeline.session_id, timeline.started, timeline.duration) == ("sess_1", 1_790_000_000.0, 12.5)
    assert (timeline.reason, timeline.public_reason) == ("user_initiated", "client_end")
    greeting, turn = timeline.turns
    assert greeting == TimelineTurn("1", "greeting")
    assert (turn.user_speech_started, turn.user_speech_ended, turn.time_to_first_audio) == (1.0, 2.5, 1.0)
    assert (turn.agent_reply_started, turn.agent_reply_ended, turn.interrupted_at) == (3.5, 5.0, 4.9)
    assert (turn.user_confidence, turn.interrupted, turn.wire["new_field"]) == (0.9, True, 1)
    (call,) = timeline.tool_calls
    assert call == TimelineCall(
        "call_1", "free_tables", {"day": "Friday"}, '["19:00"]', 4.0, 4.2505, 0.2505, False, True
    )


@pytest.mark.parametrize("name", [*WIRE])
def test_anything_may_be_left_out_of_a_timeline(name):
    Timeline.from_wire({key: value for key, value in WIRE.items() if key != name})


@pytest.mark.parametrize("name", [*TURN])
@pytest.mark.parametrize("value", ["left out", None, [], "text", 5])
def test_anything_may_be_left_out_of_a_turn_or_be_something_else(name, value):
    wire = {key: value for key, value in TURN.items() if key != name}
    turn = TimelineTurn.from_wire(wire if value == "left out" else {**wire, name: value})
    assert str(turn)


@pytest.mark.parametrize("wire", [{}, {"turns": None, "ended": None}, {"turns": ["x", {}]}])
def test_hardly_anything(wire):
    timeline = Timeline.from_wire(wire)
    assert timeline.duration is None
    assert str(timeline)
    assert repr(timeline)


def test_as_a_page():
    text = str(Timeline.from_wire(WIRE))
    assert text.splitlines() == [
        "sess_1, 12.5 s, user_initiated",
        "1  greeting",
        "turn_2  user_speech  first audio 1.00 s  interrupted",
        "    user   A table on Friday.",
        "    tool   free_tables 0.25 s timed out",
        "    agent  At seven.",
    ]
