"""Rows of the last turns, from events as a session tells them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from voicenb.analysis.answer import Answer
from voicenb.analysis.interruption import Interruption
from voicenb.widgets.tuned_turns import InForce, TunedTurns, limit_of

SET = {"vad_threshold": 0.5, "min_silence": 1400, "max_silence": 4000, "interrupt_response": True}


class Call:
    """A call as its events tell it."""

    def __init__(self, **settings: Any) -> None:
        self.turns = TunedTurns()
        self.n = 0
        self.at("out", "session.update", 0.0, session={"input": settings})
        self.at("in", "session.ready", 0.1, config={"input": {"turn_detection": None, **settings}})

    def at(self, direction: str, kind: str, t: float, **message: Any) -> None:
        self.n += 1
        self.turns.take({"n": self.n, "t": t, "dir": direction, "type": kind, "msg": message})

    def turn(self, begin: float, end: float, item: str = "m1", text: str = "Hello.") -> None:
        """The caller says something, and the service takes it as said."""
        self.at("in", "input.speech.started", begin)
        self.at("in", "input.speech.stopped", end)
        self.at("in", "transcript.user", end, item_id=item, text=text)

    def answered(self, reply: str, end: float, delay: float, audible: float) -> None:
        self.at("in", "reply.started", end + delay, reply_id=reply)
        self.turns.measured(Answer(reply, end, end + delay, audible, "unknown"))

    def row(self, service: str = "emulator") -> dict[str, Any]:
        return self.turns.rows(5, service)[-1]


def test_a_turn_goes_by_what_was_in_force_when_it_ended() -> None:
    call = Call()
    call.at("in", "input.speech.started", 1.0)
    call.at("in", "input.speech.stopped", 2.0)
    call.at("out", "session.update", 2.1, session={"input": {"turn_detection": SET}})
    call.at("in", "session.updated", 2.2, config={"input": {"turn_detection": SET}})
    call.at("in", "transcript.user", 2.3, item_id="m1", text="Hello.")
    assert call.row()["in_force"] == InForce()
    assert call.turns.in_force == InForce(SET)
    call.turn(5.0, 6.0, "m2")
    assert call.row()["in_force"] == InForce(SET)


def test_what_was_sent_is_not_in_force_before_it_is_confirmed_nor_when_it_was_refused() -> None:
    call = Call()
    call.at("out", "session.update", 1.0, session={"input": {"turn_detection": SET}})
    assert call.turns.in_force == InForce()
    call.at("in", "session.error", 1.1, code="INVALID_VALUE", message="no")
    assert call.turns.in_force == InForce()


def test_what_a_lost_connection_has_swallowed_is_not_in_force() -> None:
    call = Call()
    call.at("out", "session.update", 1.0, session={"input": {"turn_detection": SET}})
    call.at("local", "closed", 1.1, code=1006, reason="")
    call.at("out", "session.resume", 1.2, session_id="sess_1")
    call.at("in", "session.ready", 1.3)
    assert call.turns.in_force == InForce()
    call.at("out", "session.update", 2.0, session={"input": {"turn_detection": SET}})
    call.at("in", "session.updated", 2.1)
    assert call.turns.in_force == InForce(SET)


def test_without_an_answer_it_is_being_measured_and_then_was_not_captured() -> None:
    call = Call()
    call.turn(1.0, 2.0)
    assert (call.row()["note"], call.row()["latency"]) == ("measuring", None)
    call.turns.take(None)
    assert call.row()["note"] == "not captured"


def test_the_last_reply_with_an_answer_counts() -> None:
    call = Call(turn_detection=SET)
    call.turn(1.0, 3.4)
    call.at("in", "tool.call", 3.5, call_id="c1", name="f", arguments={})
    call.answered("r1", 2.0, 1.4, 3.6)
    assert call.row()["latency"] == pytest.approx(1.6)
    call.answered("r2", 2.0, 1.4, 4.1)
    row = call.row()
    assert row["latency"] == pytest.approx(2.1)
    assert row["tool"]
    assert (row["ended_by"], row["limit"], row["note"]) == ("min_silence", 1400, "")


def test_what_only_announces_a_tool_is_no_answer() -> None:
    call = Call(turn_detection=SET)
    call.turn(1.0, 3.4)
    call.answered("r1", 2.0, 1.4, 4.9)
    call.at("in", "tool.call", 4.0, call_id="c1", name="f", arguments={})
    call.at("in", "reply.done", 4.5, reply_id="r1", status="completed")
    row = call.row()
    assert (row["latency"], row["parts"], row["note"]) == (None, [], "measuring")
    call.turns.take(None)
    row = call.row()
    assert (row["latency"], row["note"]) == (None, "not answered")
    assert (row["ended_by"], row["limit"]) == ("min_silence", 1400), "that is known all the same"
    call.answered("r2", 2.0, 1.4, 6.1)
    assert call.row()["latency"] == pytest.approx(4.1)


def test_a_caller_who_goes_on_before_the_answer_was_cut() -> None:
    call = Call(turn_detection=SET)
    call.turn(1.0, 2.0, "m1", "A table")
    call.turn(2.2, 4.0, "m1", "A table for four.")  # the same item, reopened
    call.answered("r1", 2.6, 1.4, 4.2)
    row = call.row()
    assert len(call.turns.rows(5, "emulator")) == 1
    assert (row["text"], row["outcome"]) == ("A table for four.", "cut")


def test_also_before_the_first_words_have_come() -> None:
    call = Call(turn_detection=SET)
    call.at("in", "input.speech.started", 1.0)
    call.at("in", "input.speech.stopped", 2.0)
    call.turn(2.2, 4.0)
    assert call.row()["outcome"] == "cut"


def test_a_noise_before_a_turn_cuts_nothing() -> None:
    call = Call(turn_detection=SET)
    call.at("in", "input.speech.started", 1.0)
    call.at("in", "input.speech.stopped", 2.0)  # a cough: no words come of it
    call.turn(6.0, 7.0)
    assert call.row()["outcome"] == ""


@pytest.mark.parametrize(("onset", "outcome"), [(3.5, "cut"), (3.75, "cut"), (4.5, "interrupted")])
def test_who_speaks_into_the_answer_too_soon_for_a_reaction_was_not_done(onset: float, outcome: str) -> None:
    call = Call(turn_detection=SET)
    call.turn(1.0, 3.4)
    call.answered("r1", 2.0, 1.4, 3.6)
    call.at("in", "reply.done", onset + 0.6, reply_id="r1", status="interrupted")
    assert call.row()["outcome"] == "interrupted", "as long as it is not known better"
    call.turns.measured(Interruption("r1", onset, onset + 0.6, onset + 0.7, 4))
    assert call.row()["outcome"] == outcome


def test_only_so_many_are_shown_and_long_ones_shortened() -> None:
    call = Call()
    for n in range(7):
        call.turn(10.0 * n + 1, 10.0 * n + 2, f"m{n}", "word " * 40)
    rows = call.turns.rows(5, "emulator")
    assert [row["n"] for row in rows] == [3, 4, 5, 6, 7]
    assert len(rows[0]["text"]) <= 60
    assert rows[0]["text"].endswith("…")


@pytest.mark.parametrize(
    ("delay", "settings", "service", "told"),
    [
        (1.42, SET, "emulator", ("min_silence", 1400)),
        (4.01, SET, "emulator", ("max_silence", 4000)),
        (0.7, None, "emulator", ("stand-in", None)),
        (0.7, None, "hosted", ("adaptive", None)),
        (1.9, SET, "hosted", ("min_silence", 1400)),
        (4.3, SET, "hosted", ("", None)),  # or a shorter silence, and a model that took its time
        (0.4, SET, "hosted", ("", None)),
        (1.1, {"vad_threshold": 0.4}, "emulator", ("min_silence", 1000)),
        (3.0, {"min_silence": 200}, "emulator", ("max_silence", 3000)),
    ],
)
def test_the_limit_is_told_where_it_can_be_known(
    delay: float, settings: dict[str, Any] | None, service: str, told: tuple[str, int | None]
) -> None:
    answer = Answer("r1", 1.0, 1.0 + delay, 2.0 + delay, "unknown")
    assert limit_of(answer, settings, service) == told
    assert limit_of(replace(answer, decided=None), settings, service) == ("", None)
