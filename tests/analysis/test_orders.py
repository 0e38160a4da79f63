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
        row["taken_back"] = [pytest.approx(at, abs=2 * WITHIN) for at in turn.taken_back]
        for key, value in row.items():
            if isinstance(value, float):
                row[key] = pytest.approx(value, abs=2 * WITHIN)
        for tool in row["tools"]:
            tool["round_trip"] = pytest.approx(tool["round_trip"], abs=2 * WITHIN)
        yield row


def told(turns: Any) -> list[dict[str, Any]]:
    """What is compared with that."""
    return [asdict(turn) | {"taken_back": list(turn.taken_back)} for turn in turns]


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
    assert told(found) == plain_turns
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


BEFORE, AGAIN = ("stopped", "user", "begun"), ("told", "done", "delta")
RESUMED_ORDERS = [(one, other) for one in permutations(BEFORE) for other in permutations(AGAIN)]


def resumed(folder: Path, before: Order, again: Order) -> vn.Recording:
    """A turn that goes on before its reply was heard: the reply is taken back, the item has more words."""
    call = KnownCall(folder, 10.0, {"min_silence": 600})
    over = call.says(1.0, speech("cards-001.wav"))
    call.put(1.1, "in", "input.speech.started")
    when = moments(before, over + 0.6) | moments(again, over + 1.1)
    call.put(when["stopped"], "in", "input.speech.stopped")
    call.put(when["user"], "in", "transcript.user", item_id="one", text="A table")
    call.put(when["begun"], "in", "reply.started", reply_id="r0", item_id="item-r0")
    call.put(when["told"], "in", "input.speech.started")
    call.put(when["done"], "in", "reply.done", reply_id="r0", status="interrupted")
    call.put(when["delta"], "in", "transcript.user.delta", item_id="one", text="A table for")
    until = call.says(over + 0.9, speech("cards-002.wav"))
    call.put(until + 0.6, "in", "input.speech.stopped")
    call.put(until + 0.62, "in", "transcript.user", item_id="one", text="A table for four.")
    sound = speech("cards-001.wav")
    call.reply("r1", "At seven.", sound, began=until + 0.7, received=until + 0.75, heard=until + 0.8)
    return call.build()


@pytest.fixture(scope="module")
def resumed_turns(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return list(compared(vn.turns(resumed(tmp_path_factory.mktemp("resumed") / "call", BEFORE, AGAIN))))


@pytest.mark.parametrize(
    ("before", "again"), RESUMED_ORDERS, ids=[f"{name(a)}, {name(b)}" for a, b in RESUMED_ORDERS]
)
def test_a_turn_that_goes_on(
    tmp_path: Path, before: Order, again: Order, resumed_turns: list[dict[str, Any]]
) -> None:
    found = vn.turns(resumed(tmp_path / "call", before, again))
    assert told(found) == resumed_turns
    (turn,) = found.caller
    assert (turn.text, turn.false_cutoffs, len(turn.taken_back)) == ("A table for four.", 1, 1)
    assert turn.response_latency == pytest.approx(0.8, abs=0.04)
    assert turn.start == pytest.approx(1.0, abs=0.04)


COUGH = ("transcript", "done", "told")
COUGH_ORDERS = [
    (cut, turn)
    for cut in orders(COUGH, [("transcript", "done")])
    for turn in orders(("stopped", "user", "started"), [])
]


@pytest.mark.parametrize(
    ("cut", "turn"), COUGH_ORDERS, ids=[f"{name(a)}, {name(b)}" for a, b in COUGH_ORDERS]
)
def test_a_turn_behind_a_sound_without_words(tmp_path: Path, cut: Order, turn: Order) -> None:
    """A cough cuts the agent off; a lone ``input.speech.stopped`` follows, and later a turn."""
    call = KnownCall(tmp_path / "call", 16.0, {"min_silence": 800, "max_silence": 2000})
    onset = 3.0
    over = call.says(onset, speech("cards-001.wav"))
    when = moments(cut, onset + 0.6)
    silent = onset + 0.65
    call.reply("r1", "On and on.", speech("austen-0890.wav"), began=0.5, received=0.6, heard=1.0, cut=silent)
    for event in call.events:
        if event.fields["type"] in ("transcript.agent", "reply.done"):
            kind = "done" if event.fields["type"] == "reply.done" else "transcript"
            event.t = event.fields["t"] = round(when[kind], 6)
    call.put(when["told"], "in", "input.speech.started")
    call.put(over + 2.0, "in", "input.speech.stopped")
    again = over + 3.0
    until = call.says(again, speech("cards-002.wav"))
    when = moments(turn, until + 0.8)
    call.put(again + 0.1, "in", "input.speech.started")
    call.put(when["stopped"], "in", "input.speech.stopped")
    call.put(when["user"], "in", "transcript.user", item_id="one", text="Are you there?")
    sound = speech("cards-001.wav")
    call.reply("r2", "Yes.", sound, began=when["started"], received=until + 0.9, heard=until + 1.0)
    recording = call.build()
    found = vn.turns(recording)
    (asked,), (greeted, answered) = found.caller, found.agent
    assert (asked.text, asked.taken_back, asked.false_cutoffs) == ("Are you there?", (), 0)
    assert asked.start == pytest.approx(again, abs=0.04)
    assert asked.replies == ("r2",)
    assert asked.end_of_turn_delay == pytest.approx(0.8, abs=0.04)
    assert (greeted.interrupted, greeted.false_interruption, answered.reply_id) == (True, True, "r2")


PARALLEL = ("first", "second", "done", "one sent", "other sent", "again")
PARALLEL_RULES = [
    ("first", "done"),
    ("second", "done"),
    ("first", "one sent"),
    ("second", "other sent"),
    ("one sent", "again"),
    ("other sent", "again"),
]
PARALLEL_ORDERS = orders(PARALLEL, PARALLEL_RULES)


@pytest.mark.parametrize("order", PARALLEL_ORDERS, ids=name)
def test_tools_at_once(tmp_path: Path, order: Order) -> None:
    """Two calls of one reply, and one answer with both results."""
    call = KnownCall(tmp_path / "call", 10.0, {"min_silence": 800})
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "Two things.", told=1.1, decided=over + 0.8, transcribed=over + 0.8)
    call.put(over + 0.81, "in", "reply.started", reply_id="r1")
    when = moments(order, over + 0.9)
    for kind, result, name_ in (("first", "one sent", "a"), ("second", "other sent", "b")):
        told_of = {"call_id": name_, "name": f"look_{name_}", "arguments": {}, "timeout_seconds": 120}
        call.put(when[kind], "in", "tool.call", **told_of)
        call.put(when[result], "out", "tool.result", call_id=name_, result="ok")
    call.put(when["done"], "in", "reply.done", reply_id="r1", status="completed")
    sound = speech("cards-002.wav")
    call.reply("r2", "There.", sound, began=when["again"], received=over + 1.0, heard=over + 1.1)
    (turn, reply) = vn.turns(call.build())
    assert (turn.kind, turn.replies, turn.taken_back) == ("tool", ("r1", "r2"), ())
    assert sorted(tool.name for tool in turn.tools) == ["look_a", "look_b"]
    assert all(0 <= (tool.round_trip or -1.0) <= WITHIN for tool in turn.tools)
    assert turn.tool_time == pytest.approx(0.0, abs=WITHIN)
    assert (reply.kind, reply.reply_id) == ("tool", "r2")
    assert turn.first_answer == pytest.approx(1.1, abs=0.035)
    assert [wait.kind for wait in turn.waits if wait.kind != "tool"] == []
