import inspect

from voicenb.protocol.differences import LEFT_OUT, Difference, differences
from voicenb.protocol.pace import Spoken
from voicenb.session import reception

NOW = 1_790_000_000.0


def event(t, direction, kind, /, **message):
    return {"t": t, "dir": direction, "type": kind, "msg": message}


READY = event(
    0.0,
    "in",
    "session.ready",
    session_id="s",
    config={},
    expires_at=NOW + 10_800,
    resume_token="",
    timestamp=NOW,
)
UPDATE = event(0.0, "out", "session.update", session={})


def test_a_session_that_keeps_to_the_contract_has_none():
    assert differences([]) == []
    assert differences([UPDATE, READY]) == []


def test_they_are_told_once_with_their_number_and_in_the_order_in_which_they_came():
    strange = event(1.0, "in", "reply.error", timestamp=NOW)
    early = event(0.0, "in", "session.updated", config={}, timestamp=NOW)
    found = differences([UPDATE, early, READY, strange, strange])
    assert found == [
        Difference("11.1", "session.updated came before session.ready"),
        Difference("7", "an event of a type that is not documented: reply.error", 2),
    ]
    assert str(found[0]) == "session.updated came before session.ready [section 11.1]"
    assert str(found[1]).endswith("reply.error (2 times) [section 7]")


def test_shapes_order_and_pace_are_all_looked_at():
    silent = event(3.0, "in", "input.speech.stopped")
    found = differences([UPDATE, READY, silent], spoken=[Spoken(1.0, 2.0)])
    assert [difference.section for difference in found] == ["4", "11.2", "7"]


def test_what_was_sent_is_looked_at_as_well():
    malformed = event(1.0, "out", "tool.result", result="19:00")
    (first, *_) = differences([UPDATE, READY, malformed])
    assert first == Difference(
        "6", "this client sent something malformed: Invalid message format for type 'tool.result'"
    )


def test_a_frame_that_could_not_be_read_is_told():
    log = event(1.0, "local", "log", text=f"{LEFT_OUT} Not a JSON object.")
    assert [difference.section for difference in differences([UPDATE, READY, log])] == ["4"]
    assert LEFT_OUT in inspect.getsource(reception)
