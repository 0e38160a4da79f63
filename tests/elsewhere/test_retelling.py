"""Events from a timeline; whole recordings are in test_history.py."""

import pytest

from voicenb.elsewhere.retelling import retold
from voicenb.protocol.conversation import Conversation
from voicenb.recording.layout import RATE
from voicenb.service.sessions import PastSession
from voicenb.service.timeline import Timeline

CONFIG = {"greeting": "Hello.", "tools": [{"name": "free_tables"}]}
SESSION = PastSession("sess_1", status="completed", duration_seconds=12.0, config=CONFIG)
GREETING = {
    "turn_id": "turn_1",
    "trigger": "greeting",
    "agent_text": "Hello.",
    "agent_reply_started_at_ms": 500,
    "agent_reply_ended_at_ms": 1500,
    "status": "completed",
}
CALL = {
    "call_id": "call_1",
    "name": "free_tables",
    "arguments": {"day": "Friday"},
    "result": '["19:00"]',
    "dispatched_at_ms": 5000,
    "result_received_at_ms": 5400,
}
TURN = {
    "turn_id": "turn_2",
    "trigger": "user_speech",
    "item_id": "msg_1",
    "user_transcript": "A table on Friday.",
    "user_speech_started_at_ms": 2000,
    "user_speech_ended_at_ms": 3800,
    "tool_calls": [CALL],
}
ANSWER = {
    "turn_id": "turn_3",
    "trigger": "tool_result",
    "user_transcript": "A table on Friday.",
    "agent_text": "At seven.",
    "agent_reply_started_at_ms": 6000,
    "agent_reply_ended_at_ms": 8000,
    "interrupted_at_ms": 8000,
}
SAMPLES = 10 * RATE


def told(*turns, samples=SAMPLES, offset=0.0):
    return retold(SESSION, Timeline.from_wire({"turns": list(turns)}), samples, offset)


def of_kind(events, *kinds):
    return [event for event in events if event["type"] in kinds]


def test_numbered_and_in_order():
    events = told(GREETING, TURN, ANSWER)
    assert [event["n"] for event in events] == list(range(len(events)))
    assert [event["t"] for event in events] == sorted(event["t"] for event in events)
    assert (events[0]["type"], events[-1]["type"]) == ("session.ready", "session.ended")
    assert events[-1]["t"] == 12.0
    assert events[0]["msg"]["config"] == CONFIG


def test_what_was_said_and_when():
    conversation = Conversation.replay(told(GREETING, TURN, ANSWER))
    assert conversation.session_id == "sess_1"
    assert [(line.role, line.text) for line in conversation.lines if line.text] == [
        ("agent", "Hello."),
        ("user", "A table on Friday."),
        ("agent", "At seven."),
    ]
    greeting, user, answer = (line for line in conversation.lines if line.text)
    assert (greeting.started, user.started, user.item_id) == (0.5, 2.0, "msg_1")
    assert (answer.started, answer.interrupted) == (6.0, True)
    assert greeting.heard == "Hello."
    (call,) = conversation.calls.values()
    assert (call.name, call.arguments) == ("free_tables", {"day": "Friday"})
    assert (call.at, call.result_at) == (5.0, 5.4)
    assert call.result == '["19:00"]'


def test_a_tool_turn_says_the_caller_s_words_once():
    assert len(of_kind(told(TURN, ANSWER), "transcript.user")) == 1


def test_the_sound_of_a_reply_is_where_it_stands_in_the_track():
    events = told(GREETING, samples=SAMPLES, offset=0.25)
    (sound,) = of_kind(events, "reply.audio")
    assert (sound["track"], sound["start"], sound["samples"], sound["t"]) == ("agent", 6000, 24_000, 0.5)
    (note,) = of_kind(events, "heard")
    assert (note["msg"]["from"], note["msg"]["to"], note["msg"]["t"]) == (0, 24_000, 0.5)
    assert note["msg"]["uncertainty"] is None  # nobody knows when it reached an ear


def test_no_event_speaks_of_samples_that_are_not_there():
    for event in of_kind(told(GREETING, ANSWER, samples=RATE), "reply.audio", "input.audio"):
        assert event["start"] + event["samples"] <= RATE
    assert of_kind(told(GREETING, samples=0), "reply.audio", "input.audio", "heard") == []


def test_the_caller_s_sound_is_whole():
    events = of_kind(told(samples=SAMPLES + 5, offset=0.5), "input.audio")
    assert [event["start"] for event in events] == list(range(0, SAMPLES + 5, RATE))
    assert sum(event["samples"] for event in events) == SAMPLES + 5
    assert events[0]["t"] == 1.5  # its last sample was said then


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"emulator": {"decided_at_ms": 4100}, "agent_reply_started_at_ms": 4500}, 4.1),
        ({"agent_reply_started_at_ms": 4500}, 4.5),
        ({"tool_calls": None}, 3.8),
        ({"tool_calls": None, "user_speech_ended_at_ms": None}, 1.5),
    ],
)
def test_a_transcript_stands_at_the_decision_as_far_as_it_is_known(more, at):
    (event,) = of_kind(told(GREETING, TURN | more), "transcript.user")
    assert event["t"] == at


@pytest.mark.parametrize("onset", [1400, None])
def test_speech_over_a_reply_is_not_told_to_have_begun(onset):
    assert of_kind(told(GREETING, TURN | {"user_speech_started_at_ms": onset}), "input.speech.started") == []
    (event,) = of_kind(told(GREETING, TURN, ANSWER), "input.speech.started")
    assert event["t"] == 2.0


@pytest.mark.parametrize("kind", ["input.speech.stopped", "transcript.user.delta"])
def test_what_nobody_knows_is_not_there(kind):
    assert of_kind(told(GREETING, TURN, ANSWER), kind) == []


@pytest.mark.parametrize(
    ("arguments", "read"),
    [({"a": 1}, {"a": 1}), ('{"a": 1}', {"a": 1}), ("words", {"arguments": "words"}), (None, {}), ([1], {})],
)
def test_arguments_however_they_are_kept(arguments, read):
    (event,) = of_kind(told(TURN | {"tool_calls": [CALL | {"arguments": arguments}]}), "tool.call")
    assert event["msg"]["arguments"] == read


def test_results_however_they_are_kept():
    def result(**more):
        return of_kind(told(TURN | {"tool_calls": [CALL | more]}), "tool.result")

    assert result(result={"free": 1})[0]["msg"]["result"] == '{"free": 1}'
    assert result(is_error=True)[0]["msg"]["is_error"] is True
    assert result(result=None) == []


@pytest.mark.parametrize("turn", [{}, {"trigger": "user_speech"}, {"agent_text": "Hello."}, {"turn_id": 5}])
def test_a_turn_of_which_hardly_anything_is_told(turn):
    Conversation.replay(told(turn))


def test_without_a_timeline_there_is_the_sound():
    events = retold(SESSION, None, RATE, 0.0)
    assert [event["type"] for event in events] == ["session.ready", "input.audio", "session.ended"]


def test_what_came_to_light_late_is_no_earlier_than_the_beginning():
    assert all(event["t"] >= 0 for event in told(GREETING | {"agent_reply_started_at_ms": -20}))
