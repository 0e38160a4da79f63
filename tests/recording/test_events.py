"""Events as a sequence, and as columns."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.recording import events as module
from voicenb.recording.events import Events

KINDS = [("out", "input.audio"), ("in", "reply.audio"), ("local", "heard"), ("in", "heard"), ("in", "new")]


def line(event: Any) -> bytes:
    return json.dumps(event).encode() + b"\n"


def told(count: int) -> list[dict[str, Any]]:
    events = []
    for n in range(count):
        way, kind = KINDS[n % len(KINDS)]
        event: dict[str, Any] = {"n": n, "t": n / 50, "dir": way, "type": kind, "msg": {"of": n, "é": "ü"}}
        if kind == "input.audio":
            event |= {"track": "caller", "start": 480 * n, "samples": 480}
        events.append(event)
    return events


def taken(*lines: bytes) -> Events:
    events = Events()
    for each in lines:
        events.append(each)
    return events


@pytest.fixture
def hundred() -> Events:
    return taken(*(line(event) for event in told(100)))


def test_a_sequence_of_dicts_as_they_stand_in_the_file(hundred: Events) -> None:
    expected = told(100)
    assert list(hundred) == hundred[:] == expected
    assert hundred == expected
    assert (hundred[0], hundred[-1], hundred[np.int64(7)]) == (expected[0], expected[-1], expected[7])
    assert hundred[5:50:3] == expected[5:50:3]
    assert hundred[::-1] == expected[::-1]
    assert hundred[40:20] == []
    assert expected[7] in hundred
    assert hundred != expected[1:]
    assert repr(hundred) == "<100 events>"
    for number in (100, -101):
        with pytest.raises(IndexError, match=f"There are 100 events; none is number {number}"):
            hundred[number]


def test_none(hundred: Events) -> None:
    empty = Events()
    assert (len(empty), list(empty), empty[:], list(empty.t)) == (0, [], [], [])
    assert list(empty.select("heard")) == []
    assert empty != hundred
    assert empty == []


@pytest.mark.parametrize("block", [1, 100, 1 << 20])
def test_it_does_not_matter_in_what_pieces_they_come(
    hundred: Events, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(module, "BLOCK", block)
    at_once = taken(b"".join(map(line, told(100))))
    assert at_once == hundred
    assert list(at_once) == told(100)
    np.testing.assert_array_equal(at_once.t, hundred.t)


def test_some_types_are_read_without_the_others(hundred: Events) -> None:
    expected = told(100)
    assert list(hundred.select("heard")) == [each for each in expected if each["type"] == "heard"]
    assert [each["dir"] for each in hundred.select("heard", direction="local")] == ["local"] * 20
    assert hundred.find("reply.audio", "new", since=90).tolist() == [91, 94, 96, 99]
    assert hundred.find("nothing of the kind").tolist() == []
    frames = ("out", "input.audio")
    assert list(hundred.without(frames)) == [each for each in expected if each["type"] != "input.audio"]
    assert [each["n"] for each in hundred.without(frames, ("in", "new"), since=91)] == [
        91,
        92,
        93,
        96,
        97,
        98,
    ]


def test_columns(hundred: Events) -> None:
    np.testing.assert_allclose(hundred.t, np.arange(100) / 50)
    np.testing.assert_array_equal(hundred.numbers, np.arange(100))
    which, times, sound = hundred.places("caller")
    assert which.tolist() == list(range(0, 100, 5))
    np.testing.assert_allclose(times, which / 50)
    assert sound.tolist() == [[480 * n, 480] for n in which]
    assert len(hundred.places("agent")[0]) == 0
    with pytest.raises(ValueError, match="read-only"):
        hundred.t[0] = 5


DAMAGED = [
    b"\n",
    b"{\n",
    b"[]\n",
    b"nothing\n",
    line({"n": 1}),
    line({"n": 1, "t": 0.1, "dir": "in", "type": "x", "msg": ["a"]}),
    b'{"n": 1, "t": 0.1, "dir": "in", "type": "x", "msg": {"text": "\xff"}}\n',
    b'{"n": 1, "t": 0.1, "dir": "in", "type": "x", "msg": {"a":}}\n',
]


@given(st.lists(st.one_of(st.integers(0, 4), st.sampled_from(DAMAGED)), max_size=30))
def test_what_is_damaged_is_left_out_wherever_it_stands(lines: list[int | bytes]) -> None:
    good = iter(told(30))
    text = [each if isinstance(each, bytes) else line(next(good)) for each in lines]
    expected = told(30)[: sum(isinstance(each, int) for each in lines)]
    events = taken(b"".join(text))
    assert list(events) == expected
    assert [events[n] for n in range(len(events))] == expected
    assert events[1:] == expected[1:]
    assert list(events.select("reply.audio")) == [e for e in expected if e["type"] == "reply.audio"]


@pytest.mark.parametrize(
    "more",
    [{"dir": "sideways"}, {"track": "third", "start": 5, "samples": 5}, {"n": "one"}, {"samples": 1 << 40}],
)
def test_what_a_later_version_may_write_is_there_as_it_is(more: dict[str, Any]) -> None:
    event = {"n": 0, "t": 1, "dir": "in", "type": "x", **more}
    events = taken(line(event) + line(told(1)[0]))
    assert list(events) == [event, told(1)[0]]
    assert len(events.places("caller")[0]) == 1
    assert len(events.find("x")) == 1


def test_those_that_come_while_one_reads_are_read_too() -> None:
    events = taken(line(told(1)[0]))
    seen = []
    for event in events:
        seen.append(event["n"])
        if len(events) < 3:
            events.append(line(told(5)[len(events)]))
    assert seen == [0, 1, 2]
