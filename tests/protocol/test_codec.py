import base64
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.errors import MalformedMessage
from voicenb.protocol import messages as m
from voicenb.protocol.codec import (
    CLIENT_TYPES,
    SERVER_TYPES,
    decode_client,
    decode_server,
    encode,
    from_record,
    record_of,
)

text = st.text(max_size=20)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False, width=32)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=5,
)
json_objects = st.dictionaries(text, json_values, max_size=3)
client_messages = st.one_of(
    st.builds(m.SessionUpdate, session=json_objects),
    st.builds(m.SessionResume, session_id=text),
    st.builds(m.SessionEnd),
    st.builds(m.InputAudio, audio=st.binary(max_size=64)),
    st.builds(m.ToolResult, call_id=text, result=text, is_error=st.booleans()),
    st.builds(m.ReplyCreate, instructions=st.none() | text),
    st.builds(m.ConversationMessage, role=st.sampled_from(["user", "system"]), content=text),
)
stamps = {"timestamp": st.none() | st.floats(0, 2e9) | text}
ids = {"reply_id": text, "item_id": st.none() | text}
server_messages = st.one_of(
    st.builds(m.SessionReady, session_id=text, config=st.none() | json_objects, **stamps),
    st.builds(m.SessionUpdated, config=st.none() | json_objects, **stamps),
    st.builds(m.SessionEnded, session_duration_seconds=st.none() | st.floats(0, 1e4), **stamps),
    st.builds(m.SessionErrorMessage, code=text, message=text, param=st.none() | text, **stamps),
    st.builds(m.LegacyError, code=text, message=text, **stamps),
    st.builds(m.SpeechStarted, **stamps),
    st.builds(m.SpeechStopped, **stamps),
    st.builds(m.TranscriptUserDelta, text=text, item_id=st.none() | text, **stamps),
    st.builds(m.TranscriptUser, text=text, item_id=st.none() | text, **stamps),
    st.builds(m.ReplyStarted, **ids, **stamps),
    st.builds(m.ReplyAudio, data=st.binary(max_size=64), reply_id=text, **stamps),
    st.builds(m.TranscriptAgentDelta, delta=text, start_ms=st.none() | st.floats(0, 1e6), **ids, **stamps),
    st.builds(m.TranscriptAgent, text=text, interrupted=st.booleans(), **ids, **stamps),
    st.builds(m.ReplyDone, reply_id=text, status=text, **stamps),
    st.builds(m.ToolCall, call_id=text, name=text, arguments=json_objects, **stamps),
)


@given(client_messages)
def test_what_a_client_sends_comes_back_the_same(message):
    decoded, record = decode_client(encode(message))
    assert decoded == message
    assert record == json.loads(json.dumps(record_of(message)))


@given(server_messages)
def test_what_a_service_sends_comes_back_the_same(message):
    decoded, record = decode_server(encode(message))
    assert decoded == message
    assert record["type"] == message.type


@given(server_messages, json_objects)
def test_fields_that_we_do_not_know_stay_in_the_record(message, unknown):
    wire = {**unknown, **json.loads(encode(message)), "x-new": unknown}
    decoded, record = decode_server(json.dumps(wire))
    audio = {"data"} if wire["type"] == "reply.audio" else set()
    assert decoded.type == message.type
    assert record == {key: value for key, value in wire.items() if key not in audio}


@given(server_messages | client_messages)
def test_a_record_stands_for_its_message_but_for_the_audio(message):
    again = from_record(json.loads(json.dumps(record_of(message))))
    audio = {"reply.audio": "data", "input.audio": "audio"}.get(message.type)
    assert again == (msgspec.structs.replace(message, **{audio: b""}) if audio else message)


@given(server_messages)
def test_records_carry_no_audio(message):
    _, record = decode_server(encode(message))
    assert not {"data", "audio"} & set(record)


def test_audio_is_base64_on_the_wire_and_bytes_here():
    pcm = bytes(range(48))
    assert json.loads(encode(m.InputAudio(audio=pcm)))["audio"] == base64.b64encode(pcm).decode()
    frame = json.dumps({"type": "reply.audio", "data": base64.b64encode(pcm).decode()})
    message, record = decode_server(frame)
    assert message.data == pcm
    assert record == {"type": "reply.audio"}


def test_what_is_not_set_is_not_sent():
    assert json.loads(encode(m.ReplyCreate())) == {"type": "reply.create"}
    assert json.loads(encode(m.ToolResult(call_id="c", result="1"))) == {
        "type": "tool.result",
        "call_id": "c",
        "result": "1",
    }


# What clients were seen to meet.


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ({"type": "reply.started"}, m.ReplyStarted()),
        ({"type": "reply.done"}, m.ReplyDone(status="completed")),
        ({"type": "reply.done", "status": None, "reply_id": None}, m.ReplyDone()),
        ({"type": "session.ready", "session_id": "s"}, m.SessionReady(session_id="s")),
        (
            {"type": "tool.call", "call_id": "c", "name": "f", "arguments": None},
            m.ToolCall(call_id="c", name="f"),
        ),
        ({"type": "transcript.user.delta", "delta": "I am"}, m.TranscriptUserDelta(text="I am")),
        ({"type": "session.error", "error_code": "x"}, m.SessionErrorMessage(code="x")),
        (
            {"code": "UNAUTHORIZED", "message": "No."},
            m.SessionErrorMessage(code="UNAUTHORIZED", message="No."),
        ),
        ({"type": "error", "message": "Oh."}, m.LegacyError(message="Oh.")),
        ({"type": "input.speech.started", "timestamp": 0}, m.SpeechStarted(timestamp=0.0)),
        (
            {"type": "input.speech.started", "timestamp": "2026-09-01T10:00:00Z"},
            m.SpeechStarted(timestamp="2026-09-01T10:00:00Z"),
        ),
        ({"type": "x.y", "a": 1}, m.Unknown(type="x.y", fields={"a": 1})),
        ({"type": 7}, m.Unknown(type="7", fields={})),
        ({}, m.Unknown(type="", fields={})),
    ],
)
def test_a_client_takes_it_liberally(wire, expected):
    message, record = decode_server(json.dumps(wire))
    assert message == expected
    assert record == wire


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (
            {"type": "session.ready", "session_id": "s", "config": [], "expires_at": "2026-09-21T12:00:00Z"},
            m.SessionReady(session_id="s"),
        ),
        (
            {"type": "session.error", "code": 4001, "message": "Full.", "param": ["input", "format"]},
            m.SessionErrorMessage(message="Full."),
        ),
        ({"type": "error", "message": {"text": "Oh."}, "error_code": "x"}, m.LegacyError(code="x")),
        ({"error_code": "UNAUTHORIZED"}, m.SessionErrorMessage(code="UNAUTHORIZED")),
        ({"type": "transcript.user", "text": "Hello.", "item_id": 7}, m.TranscriptUser(text="Hello.")),
        (
            {"type": "transcript.agent", "text": "Hello.", "interrupted": "no", "reply_id": 7},
            m.TranscriptAgent(text="Hello."),
        ),
        ({"type": "reply.done", "reply_id": "r", "status": 1}, m.ReplyDone(reply_id="r")),
        ({"type": "session.ended", "session_duration_seconds": "12.6"}, m.SessionEnded()),
        ({"type": "input.speech.started", "timestamp": {"seconds": 1}}, m.SpeechStarted()),
        (
            {"type": "tool.call", "call_id": "c", "name": "f", "arguments": '{"day": "Friday"}'},
            m.ToolCall(call_id="c", name="f", arguments={"day": "Friday"}),
        ),
        (
            {"type": "tool.call", "call_id": "c", "name": "f", "arguments": "Friday"},
            m.ToolCall(call_id="c", name="f"),
        ),
    ],
)
def test_a_field_that_a_message_can_do_without_does_not_spoil_it(wire, expected):
    message, record = decode_server(json.dumps(wire))
    assert message == expected
    assert record == wire, "as it stood on the wire"
    assert from_record({**record, "type": message.type}) == expected


def test_json_in_a_binary_frame_is_json():
    assert decode_server(b'{"type":"input.speech.stopped"}')[0] == m.SpeechStopped()
    assert decode_client(b'{"type":"session.end"}')[0] == m.SessionEnd()


@pytest.mark.parametrize("frame", ["", "nonsense", "[]", "1", "null", b"\xff\xfe", '"type"'])
def test_no_object_is_malformed(frame):
    with pytest.raises(MalformedMessage):
        decode_server(frame)
    with pytest.raises(MalformedMessage, match=r"^Invalid JSON format\.$"):
        decode_client(frame)


def test_a_known_type_without_its_marrow_is_malformed():
    with pytest.raises(MalformedMessage, match=r"Invalid message format for type 'reply.audio'"):
        decode_server('{"type":"reply.audio"}')


# What servers were seen to meet.


@pytest.mark.parametrize(
    ("wire", "words", "path"),
    [
        ({"type": "response.create"}, "Unknown message type: response.create", "type"),
        ({}, "Unknown message type: None", "type"),
        ({"type": "input.audio"}, "Invalid message format for type 'input.audio'", None),
        ({"type": "input.audio", "audio": 5}, "Invalid message format for type 'input.audio'", "audio"),
        ({"type": "input.audio", "audio": "?"}, "Invalid message format for type 'input.audio'", "audio"),
        ({"type": "tool.result", "call_id": "c", "result": {}}, "type 'tool.result'", "result"),
        ({"type": "conversation.message", "role": "agent", "content": ""}, "'conversation.message'", "role"),
        ({"type": "session.update"}, "type 'session.update'", None),
    ],
)
def test_a_server_takes_it_strictly_and_says_where(wire, words, path):
    with pytest.raises(MalformedMessage, match=words) as caught:
        decode_client(json.dumps(wire))
    assert caught.value.facts["path"] == path


def test_a_server_passes_over_stray_keys():
    message, record = decode_client('{"type":"session.resume","session_id":"s","resume_token":"r"}')
    assert message == m.SessionResume(session_id="s")
    assert record["resume_token"] == "r"


def test_an_unknown_message_goes_out_as_it_came():
    frame = '{"type":"reply.error","retryable":true}'
    message, record = decode_server(frame)
    assert json.loads(encode(message)) == json.loads(frame) == record_of(message) == record


def test_the_types_are_those_of_the_contract(contract):
    known = contract("UnknownServerEvent").schema["$defs"]["UnknownServerEvent"]["properties"]["type"]["not"]
    assert {*known["enum"], "error"} == SERVER_TYPES
    assert len(CLIENT_TYPES) == 7


@pytest.mark.parametrize("kind", ['["reply.audio"]', "{}", "5", "null", "true"])
def test_a_type_that_is_no_text_is_one_that_is_not_known(kind):
    message, record = decode_server(f'{{"type": {kind}, "data": "AAAA"}}')
    assert isinstance(message, m.Unknown)
    assert record["data"] == "AAAA"
    with pytest.raises(MalformedMessage):
        decode_client(f'{{"type": {kind}}}')


@pytest.mark.parametrize("depth", [101, 700, 5000])
def test_an_object_in_an_object_a_hundred_times_is_refused_as_malformed(depth):
    frame = '{"type":"session.update","session":' * depth + "1" + "}" * depth
    with pytest.raises(MalformedMessage, match="Invalid JSON format"):
        decode_client(frame)
    with pytest.raises(MalformedMessage, match="Not a JSON object"):
        decode_server(frame)
    with pytest.raises(MalformedMessage, match="Not a JSON object"):
        decode_server(frame.encode())


def test_brackets_beside_each_other_or_in_words_are_no_depth():
    flat = {"type": "new", "words": "[{" * 500, "lists": [[]] * 500}
    assert decode_server(json.dumps(flat))[1] == flat


def test_what_nests_less_is_taken_as_it_is():
    frame = '{"type":"new","value":' * 50 + "1" + "}" * 50
    assert decode_server(frame)[1] == json.loads(frame)
