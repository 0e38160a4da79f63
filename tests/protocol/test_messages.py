import json

import msgspec
import pytest

from voicenb.protocol import messages as m
from voicenb.protocol.codec import encode

FULL_SERVER = [
    m.SessionReady(session_id="s", config={"id": "s"}, expires_at=1790003595, resume_token="", timestamp=1.5),
    m.SessionUpdated(config={"id": "s"}, timestamp=1.5),
    m.SessionEnded(session_duration_seconds=12.6, audio_duration_seconds=None, timestamp=1.5),
    m.SessionErrorMessage(
        code="invalid_value", message="No.", param="output.voice", session_id="s", timestamp=1.5
    ),
    m.SpeechStarted(timestamp=1.5),
    m.SpeechStopped(timestamp=1.5),
    m.TranscriptUserDelta(text="do you", item_id="i", timestamp=1.5),
    m.TranscriptUser(text="Do you?", item_id="i", timestamp=1.5),
    m.ReplyStarted(reply_id="r", item_id="i", timestamp=1.5),
    m.ReplyAudio(data=b"\0\0\0\0", reply_id="r", timestamp=1.5),
    m.TranscriptAgentDelta(delta="Yes, ", reply_id="r", item_id="i", start_ms=690, end_ms=910, timestamp=1.5),
    m.TranscriptAgentDelta(delta="Yes, ", reply_id="r", item_id="i", timestamp=1.5),
    m.TranscriptAgent(text="Yes.", reply_id="r", item_id="i", timestamp=1.5),
    m.ReplyDone(reply_id="r", timestamp=1.5),
    m.ToolCall(call_id="c", name="find", arguments={"part": "gasket"}, timestamp=1.5),
]
FULL_CLIENT = [
    m.SessionUpdate(session={"agent_id": "a"}),
    m.SessionUpdate(session={"greeting": "Hi.", "input": {"keyterms": ["gasket"]}}),
    m.SessionResume(session_id="s"),
    m.SessionEnd(),
    m.InputAudio(audio=b"\0\0"),
    m.ToolResult(call_id="c", result="{}"),
    m.ToolResult(call_id="c", result="no", is_error=True),
    m.ReplyCreate(instructions="Say hello."),
    m.ConversationMessage(role="system", content="The shop closes at six."),
]


@pytest.mark.parametrize("message", FULL_SERVER, ids=lambda message: message.type)
def test_what_an_emulator_sends_is_the_contract_s(message, contract):
    contract("EmulatorServerEvent").validate(json.loads(encode(message)))


@pytest.mark.parametrize("message", FULL_CLIENT, ids=lambda message: message.type)
def test_what_a_client_sends_is_the_contract_s(message, contract):
    contract("ClientEvent").validate(json.loads(encode(message)))


def test_a_message_is_a_value():
    message = m.ReplyDone(reply_id="r", status="interrupted")
    assert message == m.ReplyDone(reply_id="r", status="interrupted")
    assert message.type == "reply.done"
    assert message.interrupted
    assert not m.ReplyDone(reply_id="r").interrupted
    with pytest.raises(AttributeError):
        message.status = "completed"


def test_every_message_names_its_type():
    for union in (m.AnyServerMessage, m.AnyClientMessage):
        for kind in union.__args__:
            assert "." in kind.__struct_config__.tag or kind is m.LegacyError


def test_arguments_of_two_calls_are_two_objects():
    one, two = m.ToolCall(call_id="1", name="f"), m.ToolCall(call_id="2", name="f")
    assert one.arguments == {}
    assert one.arguments is not two.arguments
    assert msgspec.structs.replace(one, call_id="2") == two


def test_what_lets_somebody_in_is_not_shown():
    ready = m.SessionReady(session_id="s", resume_token="rt-canary-5f0c")
    shown = "SessionReady(timestamp=None, session_id='s', config=None, expires_at=None, resume_token="
    assert repr(ready) == f"{shown}'[redacted]')"
    assert "rt-canary" not in f"{ready} {[ready]} {ready!s}"
    assert ready.resume_token == "rt-canary-5f0c"
    assert repr(m.SessionReady(session_id="s")) == f"{shown}None)"
