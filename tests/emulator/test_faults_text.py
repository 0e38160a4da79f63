"""Faults as they are written in a shell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.emulator.faults import CODES, FRAMES, Fault
from voicenb.emulator.faults_text import FORM, read, write
from voicenb.errors import InvalidConfiguration
from voicenb.protocol.shapes import FIELDS


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("drop", Fault.drop()),
        ("drop@12s", Fault.drop(after=12)),
        ("drop@0.5", Fault.drop(after=0.5)),
        ("drop@tool.call", Fault.drop(on="tool.call")),
        ("drop@tool.call+.5s,skip=2,times=all", Fault.drop(on="tool.call", after=0.5, skip=2, times=None)),
        ("delay=0.2s", Fault.delay(0.2)),
        ("delay=1@3s,for=10s", Fault.delay(1, after=3, lasting=10)),
        ("malformed", Fault.malformed()),
        (" malformed=cut@reply.started, times=3 ", Fault.malformed("cut", on="reply.started", times=3)),
        ("slow-reply=4s,skip=1", Fault.slow_reply(4, skip=1)),
        ("capacity", Fault.capacity()),
        ("capacity=concurrency_exceeded,times=2", Fault.capacity("concurrency_exceeded", times=2)),
        ("expired-token,skip=1", Fault.expired_token(skip=1)),
        ("never-ready", Fault.never_ready()),
        ("never-ready=10s", Fault.never_ready(10)),
        ("error=FORBIDDEN", Fault.error("FORBIDDEN")),
        ("error=session_expired@30s", Fault.error("session_expired", after=30)),
        (
            "error=INTERNAL_ERROR@tool.call+1s,skip=1",
            Fault.error("INTERNAL_ERROR", on="tool.call", after=1, skip=1),
        ),
        ("error=invalid_config,times=2", Fault.error("invalid_config", times=2)),
    ],
)
def test_what_is_read(text, fault):
    assert read(text) == fault
    assert read(write(fault)) == fault


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "One is written KIND"),
        ("dorp@12s", "Did you mean 'drop'"),
        ("drop=12s", "drop takes nothing behind an equals sign"),
        ("delay=soon", "'soon' is no number of seconds"),
        ("delay", "delay wants seconds, as in delay=0.5s"),
        ("delay@3s", "delay wants seconds, as in delay=0.5s"),
        ("delay=0s", "more than 0"),
        ("slow-reply", "slow-reply wants seconds, as in slow-reply=4s"),
        ("drop@", "One is written"),
        ("drop@+3s", "One is written"),
        ("drop@tool.call+", "'' is no number of seconds"),
        ("drop@tool.cal", "Did you mean 'tool.call'?"),
        ("drop@transcript", "Did you mean 'transcript"),
        ("drop@nonsense", "'nonsense' is no message of the service. The service sends session.ready, "),
        ("drop@input.audio", "reply.done, tool.call"),
        ("drop,often", "One is written KIND"),
        ("drop,times=0", "None for every time"),
        ("drop,times=-1", "One is written KIND"),
        ("drop,for=3s", "It has on, after, skip, times"),
        ("malformed=what", "Frames are text, cut"),
        ("capacity=full", "at_capacity"),
        ("error", "error wants a code, as in error=session_expired"),
        ("error=full", "session_expired"),
        ("error=FORBIDDEN@3s", "A connection is refused so at once"),
    ],
)
def test_what_cannot_be_read_says_how_one_is_written(text, hint):
    with pytest.raises(InvalidConfiguration) as caught:
        read(text)
    assert hint in str(caught.value)


seconds = st.floats(0.001, 10_000).map(lambda value: round(value, 3))
counted = {"skip": st.integers(0, 99), "times": st.none() | st.integers(1, 99)}
behind = {"on": st.sampled_from(["", *FIELDS]), "after": st.just(0.0) | seconds}
faults = st.one_of(
    st.builds(Fault.drop, **behind, **counted),
    st.builds(Fault.delay, seconds, **behind, lasting=st.none() | seconds),
    st.builds(Fault.malformed, st.sampled_from(sorted(FRAMES)), **behind, **counted),
    st.builds(Fault.slow_reply, seconds, **counted),
    st.builds(Fault.capacity, st.sampled_from(sorted(CODES)), **counted),
    st.builds(Fault.expired_token, **counted),
    st.builds(Fault.never_ready, st.just(0.0) | seconds, **counted),
    st.builds(Fault.error, st.sampled_from(["session_expired", "INTERNAL_ERROR"]), **behind, **counted),
    st.builds(Fault.error, st.sampled_from(["FORBIDDEN", "invalid_config", "invalid_webhook"]), **counted),
)


@given(faults)
def test_what_is_written_is_read_the_same(fault):
    assert read(write(fault)) == fault


@given(st.text(st.sampled_from("dropcapty-=@,.+s01 "), max_size=24) | st.text(max_size=12))
def test_any_text_is_a_fault_or_is_refused(text):
    try:
        fault = read(text)
    except InvalidConfiguration:
        return
    assert isinstance(fault, Fault)


def test_how_it_is_written_names_every_kind():
    assert all(
        write(Fault(**made)).split("=")[0] in FORM
        for made in (
            {"kind": "drop"},
            {"kind": "delay", "seconds": 1, "times": None},
            {"kind": "malformed", "frame": "cut"},
            {"kind": "slow-reply", "seconds": 1},
            {"kind": "capacity", "code": "at_capacity"},
            {"kind": "expired-token"},
            {"kind": "never-ready"},
        )
    )


@pytest.mark.parametrize("text", ["delay", "slow-reply", "slow-reply,times=3"])
def test_nothing_is_told_that_nobody_wrote(text):
    with pytest.raises(InvalidConfiguration) as caught:
        read(text)
    assert "0.0" not in str(caught.value)
    assert caught.value.message == f"{text!r} is no fault."
