"""The same call, whatever the order in which its messages come.

The reference (11.2 to 11.4) says what can be relied on: ``reply.started`` precedes all events with its
``reply_id``, ``transcript.agent`` follows the last ``reply.audio``, ``reply.done`` is the last of its
``reply_id``, ``transcript.user`` follows its deltas. Live, ``input.speech.stopped``, ``transcript.user``,
``reply.started`` and the first audio come within some 10 ms and may swap. Every order that keeps to that is
tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import voicenb as vn

from .known_call import RATE, KnownCall, speech

WITHIN = 0.01
"""Seconds in which messages may swap."""

Order = tuple[str, ...]


def orders(events: Sequence[str], before: Sequence[tuple[str, str]]) -> list[Order]:
    """All orders of some events in which each of ``before`` comes before its other."""
    return [
        order
        for order in permutations(events)
        if all(order.index(one) < order.index(other) for one, other in before)
    ]


def name(order: Order) -> str:
    return " ".join(order)


def moments(order: Order, at: float) -> dict[str, float]:
    """When each comes: all within 10 ms."""
    return {kind: at + WITHIN * place / len(order) for place, kind in enumerate(order)}


def compared(turns: Any) -> Iterator[dict[str, Any]]:
    """What must not differ at all, and what may by as much as the messages are apart."""
    for turn in turns:
        row = asdict(turn)
        row.pop("taken_back")
        for key, value in row.items():
            if isinstance(value, float):
                row[key] = pytest.approx(value, abs=2 * WITHIN)
        for tool in row["tools"]:
            tool["round_trip"] = pytest.approx(tool["round_trip"], abs=2 * WITHIN)
        yield row


PLAIN = ("delta", "stopped", "user", "started", "audio")
PLAIN_ORDERS = orders(PLAIN, [("delta", "user"), ("started", "audio")])


def plain(folder: Path, order: Order) -> vn.Recording:
    """Two plain turns, their messages in this order."""
    call = KnownCall(folder, 24.0, {"min_silence": 800})
    for number, begin in enumerate((2.0, 13.0)):
        over = call.says(begin, speech("cards-002.wav"))
        when = moments(order, over + 0.8)
        item, reply = f"i{number}", f"r{number}"
        call.put(begin + 0.1, "in", "input.speech.started")
        call.put(when["delta"], "in", "transcript.user.delta", item_id=item, text="Two")
        call.put(when["stopped"], "in", "input.speech.stopped")
        call.put(when["user"], "in", "transcript.user", item_id=item, text=f"Two {number}.")
        sound = speech("austen-0880.wav")
        call.reply(reply, "Yes.", sound, began=when["started"], received=when["audio"], heard=over + 1.0)
    return call.build()


@pytest.fixture(scope="module")
def plain_turns(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return list(compared(vn.turns(plain(tmp_path_factory.mktemp("plain") / "call", PLAIN))))


@pytest.mark.parametrize("order", PLAIN_ORDERS, ids=name)
def test_a_plain_turn(tmp_path: Path, order: Order, plain_turns: list[dict[str, Any]]) -> None:
    found = vn.turns(plain(tmp_path / "call", order))
    assert [asdict(turn) | {"taken_back": None} for turn in found] == [
        row | {"taken_back": None} for row in plain_turns
    ]
    assert [turn.replies for turn in found.caller] == [("r0",), ("r1",)]
    assert all(turn.response_latency == pytest.approx(1.0, abs=0.04) for turn in found.caller)


def test_all_orders_of_the_reference_are_tried() -> None:
    """Five messages, two of which wait for another: a quarter of 120."""
    assert len(PLAIN_ORDERS) == 30


TOOL = ("stopped", "user", "started", "call", "done", "result", "again")
TOOL_RULES = [
    ("started", "call"),
    ("call", "done"),
    ("call", "result"),
    ("result", "again"),
    ("user", "call"),
]
TOOL_ORDERS = orders(TOOL, TOOL_RULES)


def with_a_tool(folder: Path, order: Order) -> vn.Recording:
    """A silent reply that calls a tool, and the one that uses the result.

    The call comes behind the transcript (11.3); the first reply may be done before the result is sent, after
    it, or after the second one has begun.
    """
    call = KnownCall(folder, 16.0, {"min_silence": 800})
    over = call.says(2.0, speech("cards-004.wav"))
    when = moments(order, over + 0.8)
    call.put(2.1, "in", "input.speech.started")
    call.put(when["stopped"], "in", "input.speech.stopped")
    call.put(when["user"], "in", "transcript.user", item_id="one", text="A tool.")
    call.put(when["started"], "in", "reply.started", reply_id="r1")
    call.put(when["call"], "in", "tool.call", call_id="c", name="look_up", arguments={}, timeout_seconds=120)
    call.put(when["done"], "in", "reply.done", reply_id="r1", status="completed")
    call.put(when["result"], "out", "tool.result", call_id="c", result="ok")
    begun = when["again"]
    sound = speech("austen-0880.wav")
    call.reply("r2", "There.", sound, began=begun, received=begun + 0.2, heard=over + 1.1)
    return call.build()


@pytest.mark.parametrize("order", TOOL_ORDERS, ids=name)
def test_a_tool_turn(tmp_path: Path, order: Order) -> None:
    (turn, reply) = vn.turns(with_a_tool(tmp_path / "call", order))
    assert (turn.kind, turn.text, turn.replies) == ("tool", "A tool.", ("r1", "r2"))
    assert [tool.name for tool in turn.tools] == ["look_up"]
    assert (reply.kind, reply.reply_id, reply.text) == ("tool", "r2", "There.")
    assert turn.end_of_turn_delay == pytest.approx(0.8, abs=0.035)
    assert turn.first_answer == pytest.approx(1.1, abs=0.035)
    assert turn.first_sound == turn.first_answer
    assert turn.unanswered is False


CUT = ("transcript", "done", "told")
CUT_ORDERS = orders(CUT, [("transcript", "done")])


@pytest.mark.parametrize("order", CUT_ORDERS, ids=name)
def test_an_interrupted_turn(tmp_path: Path, order: Order) -> None:
    """11.4: the end of the reply and the caller's start come together."""
    call = KnownCall(tmp_path / "call", 16.0, {"min_silence": 800})
    onset = 4.0
    when = moments(order, onset + 0.6)
    sound = speech("austen-0890.wav")
    call.put(0.5, "in", "reply.started", reply_id="r1", item_id="item-r1")
    call.agent.append(sound)
    place = {"track": "agent", "start": 0, "samples": len(sound)}
    call.put(0.6, "in", "reply.audio", reply_id="r1", **place)
    played = round((onset + 0.65 - 1.0) * RATE)
    for at in range(0, played, 896):
        stop = min(played, at + 896)
        note = {
            "reply_id": "r1",
            "from": at,
            "to": stop,
            "t": round(1.0 + at / RATE, 6),
            "uncertainty": 0.001,
        }
        call.put(1.0 + stop / RATE + 0.01, "local", "heard", **note)
    told = {"reply_id": "r1", "item_id": "item-r1", "text": "On and", "interrupted": True}
    call.put(when["transcript"], "in", "transcript.agent", **told)
    call.put(when["done"], "in", "reply.done", reply_id="r1", status="interrupted")
    call.put(when["told"], "in", "input.speech.started")
    over = call.says(onset, speech("cards-002.wav"))
    call.put(over + 0.8, "in", "input.speech.stopped")
    call.put(over + 0.8, "in", "transcript.user", item_id="one", text="Stop, please.")
    answer = speech("cards-001.wav")
    call.reply("r2", "Yes?", answer, began=over + 0.81, received=over + 0.9, heard=over + 1.0)
    cut, turn, answered = vn.turns(call.build())
    assert (cut.interrupted, cut.false_interruption, cut.text) == (True, False, "On and")
    assert (turn.text, turn.replies) == ("Stop, please.", ("r2",))
    assert turn.reaction == pytest.approx(0.6, abs=0.035)
    assert turn.yield_latency == pytest.approx(0.65, abs=0.025)
    assert answered.reply_id == "r2"
