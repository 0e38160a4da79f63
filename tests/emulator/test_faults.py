"""What is to go wrong, as values."""

from __future__ import annotations

import json

import pytest

import voicenb as vn
from voicenb.emulator.faults import CODES, FRAMES, TAKES, Fault
from voicenb.errors import InvalidConfiguration, MalformedMessage
from voicenb.protocol.codec import decode_server

MADE = {
    "drop": Fault.drop(),
    "delay": Fault.delay(0.5),
    "malformed": Fault.malformed(),
    "slow-reply": Fault.slow_reply(2),
    "capacity": Fault.capacity(),
    "expired-token": Fault.expired_token(),
    "never-ready": Fault.never_ready(),
    "error": Fault.error("session_expired"),
}


NEEDED = {
    "malformed": {"frame": "x"},
    "capacity": {"code": "at_capacity"},
    "error": {"code": "INTERNAL_ERROR"},
}


def test_there_is_a_way_to_make_each():
    assert vn.Fault is Fault
    assert {fault.kind for fault in MADE.values()} == set(TAKES)


@pytest.mark.parametrize("kind", MADE)
def test_it_happens_once_except_a_delay_which_goes_on(kind):
    assert MADE[kind].times == (None if kind == "delay" else 1)


@pytest.mark.parametrize("kind", MADE)
def test_a_setting_of_another_kind_is_refused(kind):
    given = {
        "seconds": 3,
        "frame": "cut",
        "code": "at_capacity",
        "on": "reply.done",
        "after": 1,
        "lasting": 2,
    }
    for name, value in given.items():
        needed = {"seconds": 1} if kind in ("delay", "slow-reply") else {}
        needed |= NEEDED.get(kind, {})
        value = "session_expired" if kind == "error" and name == "code" else value
        if name in TAKES[kind]:
            assert getattr(Fault(kind=kind, **{**needed, name: value}), name) == value
        else:
            with pytest.raises(InvalidConfiguration, match=f"of the kind {kind} has no {name}"):
                Fault(kind=kind, **{**needed, name: value})


@pytest.mark.parametrize(
    ("make", "message", "remedy"),
    [
        (lambda: Fault(kind="dorp"), "No fault is called 'dorp'", "Did you mean 'drop'"),
        (lambda: Fault.drop(after=-1), "after=-1", "seconds"),
        (lambda: Fault.drop(after=float("inf")), "after=inf", "seconds"),
        (lambda: Fault.drop(on="tool.cal"), "on='tool.cal'", "'tool.call'"),
        (lambda: Fault.drop(on=["reply.done"]), "on=['reply.done']", "session.ready"),
        (lambda: Fault.drop(on=None), "on=None", "session.ready"),
        (lambda: Fault.drop(times=0), "times=0", "every time"),
        (lambda: Fault.drop(skip=-1), "skip=-1", "occasions"),
        (lambda: Fault.drop(skip=True), "skip=True", "occasions"),
        (lambda: Fault.delay(0), "seconds=0", "more than 0"),
        (lambda: Fault.delay("1"), "seconds='1'", "seconds"),
        (lambda: Fault.delay(1, lasting=float("nan")), "lasting=nan", "seconds"),
        (lambda: Fault.slow_reply(0), "seconds=0", "more than 0"),
        (lambda: Fault.capacity("full"), "code='full'", "at_capacity"),
        (lambda: Fault.capacity(["at_capacity"]), "code=['at_capacity']", "at_capacity"),
        (lambda: Fault.error("unknown"), "code='unknown'", "session_expired"),
        (lambda: Fault.error("FORBIDDEN", after=1), "after=1", "A connection is refused so at once"),
        (lambda: Fault.error("invalid_config", on="reply.done"), "on='reply.done'", "answers an update"),
        (lambda: Fault.malformed(""), "frame=''", "cut"),
        (lambda: Fault.malformed(7), "frame=7", "cut"),
    ],
)
def test_what_cannot_be(make, message, remedy):
    with pytest.raises(InvalidConfiguration) as caught:
        make()
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_a_frame_by_its_name_or_as_it_is():
    assert Fault.malformed("cut").wire == FRAMES["cut"]
    assert Fault.malformed('{"type":"x"}').wire == '{"type":"x"}'
    assert Fault.malformed(b"\x00").wire == b"\x00"


@pytest.mark.parametrize("name", FRAMES)
def test_the_frames_are_what_they_are_called(name, contract):
    frame = FRAMES[name]
    if name in ("untyped", "error", "unknown"):  # those that the service was seen to send can be read
        assert decode_server(frame)[1] == json.loads(frame)
    else:
        with pytest.raises(MalformedMessage):
            decode_server(frame)
    try:
        wire = json.loads(frame)
    except ValueError:
        assert name in ("text", "cut", "bytes")
    else:
        assert not contract("EmulatorServerEvent").is_valid(wire)


def test_the_codes_are_those_for_lack_of_room():
    assert set(CODES) == {"at_capacity", "concurrency_exceeded", "server_error"}
