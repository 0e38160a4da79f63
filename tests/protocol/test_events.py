import json

import pytest

from voicenb.errors import MalformedMessage
from voicenb.protocol import messages as m
from voicenb.protocol.codec import record_of
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.events import Closed, HeardNote, Received, Sent, UnheardNote, read_event


def event(direction, kind, msg, t=1.0, **more):
    return {"n": 1, "t": t, "dir": direction, "type": kind, "msg": msg, **more}


def test_what_was_received():
    told = event("in", "reply.started", {"type": "reply.started", "reply_id": "r", "x-new": 1})
    assert read_event(told) == Received(m.ReplyStarted(reply_id="r"), 0)


def test_audio_is_its_samples():
    told = event(
        "in", "reply.audio", {"type": "reply.audio", "reply_id": "r"}, track="agent", start=0, samples=240
    )
    assert read_event(told) == Received(m.ReplyAudio(reply_id="r", data=b""), 240)


def test_what_was_sent():
    assert read_event(event("out", "session.end", {"type": "session.end"})) == Sent(m.SessionEnd())
    assert read_event(event("out", "input.audio", {"type": "input.audio"}, samples=480)) == Sent(
        m.InputAudio(audio=b"")
    )


def test_what_was_heard():
    note = {"reply_id": "r", "from": 0, "to": 480, "t": 0.9, "uncertainty": 0.01}
    assert read_event(event("local", "heard", note)) == HeardNote("r", 0, 480, 0.9)
    beside = {"n": 1, "t": 1.0, "dir": "local", "type": "heard", "reply_id": "r", "from": 0, "to": 480}
    assert read_event(beside) == HeardNote("r", 0, 480, 1.0)


def test_what_will_never_be_heard():
    note = {"reply_id": "r", "from": 240, "to": 480, "t": 0.9}
    assert read_event(event("local", "unheard", note)) == UnheardNote("r", 240, 480, 0.9)


def test_how_it_closed():
    assert read_event(event("local", "closed", {"code": 1008, "reason": "no"})) == Closed(1008, "no")
    assert read_event(event("local", "closed", {"code": None})) == Closed(1006, "")


@pytest.mark.parametrize("kind", ["state", "frames", "log", "error", "tool", "something.new"])
def test_other_local_events_do_not_concern_it(kind):
    assert read_event(event("local", kind, {"state": "listening"})) is None


def test_a_service_s_message_that_was_sent_is_passed_over():
    assert read_event(event("out", "reply.started", {})) is None


def test_unknown_types_pass_through():
    told = event("in", "session.weather", {"type": "session.weather", "sun": True})
    assert read_event(told) == Received(m.Unknown(type="session.weather", fields={"sun": True}), 0)


def test_a_broken_record_says_so():
    with pytest.raises(MalformedMessage, match=r"tool\.call"):
        read_event(event("in", "tool.call", {"type": "tool.call"}))


class Recording:
    """Drives a conversation and writes down what a mirror gets to see of it, through JSON."""

    def __init__(self):
        self.conversation = Conversation()
        self.events = []
        self.now = 0.0

    def _note(self, direction, message, **more):
        record = record_of(message) if not isinstance(message, dict) else message
        kind = more.pop("type", None) or message.type
        self.now += 0.01
        told = {"n": len(self.events), "t": self.now, "dir": direction, "type": kind, "msg": record, **more}
        self.events.append(json.loads(json.dumps(told)))

    def send(self, message):
        self._note("out", message)
        self.conversation.send(message, self.now)

    def receive(self, message):
        samples = {"samples": len(message.data) // 2} if isinstance(message, m.ReplyAudio) else {}
        self._note("in", message, **samples)
        self.conversation.receive(message, self.now)

    def heard(self, reply_id, stop):
        note = {"reply_id": reply_id, "from": 0, "to": stop, "t": self.now, "uncertainty": 0.0}
        self.conversation.heard(HeardNote(reply_id, 0, stop, self.now))
        self._note("local", note, type="heard")

    def closed(self, code):
        self._note("local", {"code": code, "reason": ""}, type="closed")
        self.conversation.closed(code, "", self.now)


def test_a_mirror_sees_what_the_engine_sees():
    call = Recording()
    call.send(m.SessionUpdate(session={"tools": [{"name": "f"}]}))
    steps = [
        m.SessionReady(session_id="s"),
        m.SpeechStarted(),
        m.TranscriptUserDelta(text="a table", item_id="u"),
        m.SpeechStopped(),
        m.TranscriptUser(text="A table.", item_id="u"),
        m.ReplyStarted(reply_id="r1"),
        m.ToolCall(call_id="c", name="f", arguments={"n": 1}),
        m.ReplyDone(reply_id="r1"),
        m.ToolResult(call_id="c", result="[1]"),
        m.ReplyStarted(),
        m.ReplyAudio(data=bytes(48_000)),
        m.TranscriptAgentDelta(delta="At ", start_ms=0, end_ms=200),
        m.TranscriptAgentDelta(delta="seven.", start_ms=400, end_ms=900),
        ("reply-2", 12_000),
        m.SpeechStarted(),
        m.ReplyDone(status="interrupted"),
        m.SessionEnd(),
        m.SessionEnded(),
    ]
    for step in steps:
        match step:
            case (reply_id, stop):
                call.heard(reply_id, stop)
            case m.ClientMessage():
                call.send(step)
            case _:
                call.receive(step)
        mirror = Conversation.replay(call.events)
        assert mirror.state == call.conversation.state
        assert mirror.lines == call.conversation.lines
        assert mirror.replies == call.conversation.replies
        assert mirror.calls == call.conversation.calls
        assert mirror.config == call.conversation.config
        assert mirror.mark == call.conversation.mark
    assert mirror.lines[-1].unheard == "seven."


def test_a_mirror_follows_a_close():
    call = Recording()
    call.send(m.SessionUpdate(session={}))
    call.receive(m.SessionReady(session_id="s"))
    call.closed(1006)
    assert Conversation.replay(call.events).state == "reconnecting"
    call.closed(1006)
    assert Conversation.replay(call.events).state == "ended"


def test_a_mirror_waits_where_the_engine_does():
    assert Conversation.replay([event("local", "barge_in", {"mode": "wait"})]).barge_in == "wait"
    # Of a newer version, or of none.
    assert read_event(event("local", "barge_in", {"mode": "whistle"})) is None
    assert read_event(event("local", "barge_in", {})) is None


@pytest.mark.parametrize("kind", ["session.update", "session.end", "input.audio", "tool.result"])
def test_a_client_s_message_from_the_service_is_one_that_nobody_knows(kind):
    """Also where it lacks what a client's cannot do without: the engine took it, and whoever follows does."""
    told = event("in", kind, {"type": kind, "x": 1})
    assert read_event(told) == Received(m.Unknown(type=kind, fields={"x": 1}), 0)
    conversation = Conversation.replay([told])
    assert conversation.state == "idle"
