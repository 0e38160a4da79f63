import pytest

from voicenb.protocol.codec import SERVER_TYPES
from voicenb.protocol.shapes import CODES, FIELDS, shape_of

NOW = 1_790_000_000.0
DONE = {"type": "reply.done", "reply_id": "r", "status": "completed", "timestamp": NOW}
READY = {
    "type": "session.ready",
    "session_id": "s",
    "config": {},
    "expires_at": NOW + 10_800,
    "resume_token": "",
    "timestamp": NOW,
}
ERROR = {
    "type": "session.error",
    "code": "invalid_value",
    "message": "No.",
    "param": None,
    "session_id": "s",
    "timestamp": NOW,
}
ENDED = {
    "type": "session.ended",
    "session_duration_seconds": 1.0,
    "audio_duration_seconds": 0.5,
    "timestamp": NOW,
}


def told(message, **changes):
    changed = {name: value for name, value in {**message, **changes}.items() if value != "absent"}
    return [what for _, what in shape_of(changed["type"], changed)]


@pytest.mark.parametrize("message", [DONE, READY, ERROR, ENDED])
def test_what_is_documented_is_no_difference(message):
    assert told(message) == []


def test_all_documented_types_have_their_fields(contract):
    assert set(FIELDS) == SERVER_TYPES - {"error"}
    for kind, fields in FIELDS.items():
        name = {"session.error": "SessionError", "input.speech.started": "InputSpeechStarted"}.get(
            kind, "".join(part.title() for part in kind.split("."))
        )
        documented = set(contract(name).schema["$defs"][name]["properties"])
        assert set(fields) | {"type", "timestamp"} | ({"data"} & documented) == documented


def test_all_documented_codes_are_known(contract):
    defined = contract("SessionError").schema["$defs"]
    documented = {code for name in ("MessageErrorCode", "FatalErrorCode") for code in defined[name]["enum"]}
    assert set(CODES) <= documented
    assert {code.lower() for code in CODES} == {code.lower() for code in documented}


@pytest.mark.parametrize(
    ("message", "changes", "what"),
    [
        (DONE, {"type": "reply.error"}, "an event of a type that is not documented: reply.error"),
        (DONE, {"type": ""}, "an event of a type that is not documented: none at all"),
        (DONE, {"type": "error"}, "an error came as a bare error, not as session.error"),
        (DONE, {"status": "absent"}, "reply.done came without status"),
        (DONE, {"reply_id": None}, "reply.done: reply_id is null, not a text"),
        (DONE, {"reply_id": 3}, "reply.done: reply_id is a number, not a text"),
        (DONE, {"status": True}, "reply.done: status is true or false, not a text"),
        (DONE, {"cost": 1}, "reply.done has a field that is not documented: cost"),
        (
            DONE,
            {"status": "failed"},
            "reply.done: status is 'failed', which is neither completed nor interrupted",
        ),
        (DONE, {"timestamp": "absent"}, "reply.done came without a timestamp"),
        (
            DONE,
            {"timestamp": "2026-09-01T12:00:00Z"},
            "reply.done: timestamp is a text, not seconds since the epoch",
        ),
        (DONE, {"timestamp": 0}, "reply.done: timestamp is no time since the epoch (0)"),
        (READY, {"config": []}, "session.ready: config is a list, not an object"),
        (
            READY,
            {"expires_at": NOW + 3595},
            "session.ready: expires_at is 3595 s away, and a session may last 10800 s",
        ),
        (
            ENDED,
            {"audio_duration_seconds": None},
            "session.ended does not say how much audio came: audio_duration_seconds is null",
        ),
        (
            ERROR,
            {"code": "unauthorized"},
            "session.error: the code is written unauthorized, where UNAUTHORIZED is documented",
        ),
        (
            ERROR,
            {"code": "Invalid_Value"},
            "session.error: the code is written Invalid_Value, where invalid_value is documented",
        ),
        (ERROR, {"code": "teapot"}, "session.error: a code that is not documented: teapot"),
    ],
)
def test_what_is_otherwise_is_told(message, changes, what):
    assert told(message, **changes) == [what]


def test_an_error_needs_neither_param_nor_session_id():
    assert told(ERROR, param="absent", session_id="absent") == []
