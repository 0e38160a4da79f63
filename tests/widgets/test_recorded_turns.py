"""The caller's turns and their ghosts, as a page is told of them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import voicenb as vn
from tests.tuning.known import NEAR, build
from voicenb.tuning.evidence import Evidence, Words
from voicenb.tuning.scores import Ground, Heard
from voicenb.tuning.truth import CallerTurn, Gap, Truth
from voicenb.turn_taking.completeness import Words as Judge
from voicenb.widgets.recorded_calls import Decided, RecordedCalls
from voicenb.widgets.recorded_turns import COLUMNS, numbers, rows, words_of


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> tuple[Decided, dict[str, list[float]]]:
    call, known = build(tmp_path_factory.mktemp("recorded") / "call")
    calls = RecordedCalls([call])
    calls.read()
    return calls.decide(), known


def test_a_row_for_each_turn(truth: tuple[Decided, dict[str, list[float]]]) -> None:
    decided, known = truth
    told = rows(decided.ground)
    assert [row["truth"] for row in told] == ["end", "end", "doubtful", "end"]
    assert [row["end"] for row in told] == pytest.approx(
        [known["ends"][0], known["ends"][1], known["doubtful"], known["ends"][2]], abs=NEAR
    )
    assert [len(row["pauses"]) for row in told] == [1, 1, 0, 0]
    (begin, end, said) = told[1]["pauses"][0]
    assert (begin, end) == pytest.approx((known["pauses"][1], known["pauses"][1] + 1.3), abs=NEAR)
    assert said == ""
    # The second was decided twice: in its pause, and at its end.
    assert [len(row["decided"]) for row in told] == [1, 2, 1, 1]
    assert all(row["sounded"] for row in told)
    assert told[3]["silence"][1] == pytest.approx(30.0, abs=0.1), "what has no end ends with the call"


@pytest.mark.parametrize(("by_script", "said"), [(False, "end"), (True, "")])
def test_what_the_caller_s_script_says_nobody_has_set_by_ear(
    truth: tuple[Decided, dict[str, list[float]]], by_script: bool, said: str
) -> None:
    call = truth[0].ground.calls[0]
    turn = call.turns[0]
    last = replace(turn.last, labelled=True, by_script=by_script)
    (row,) = rows(Ground([Heard(call.evidence, [replace(turn, last=last)])], Judge()))
    assert row["silence"][2] == said


def test_ghosts_as_numbers(truth: tuple[Decided, dict[str, list[float]]]) -> None:
    decided, known = truth
    found = decided.ghosts.of(vn.TurnDetection(min_silence=1000))
    told = numbers(found, decided.ground)
    assert told.shape == (4, len(COLUMNS))
    assert told.dtype == np.float64
    assert told[:, 0].tolist() == [2, 0, 3, 2]
    assert told[1, 2] == pytest.approx(known["pauses"][1] + 1.0, abs=NEAR)
    assert told[1, 4:].tolist() == pytest.approx([*rows(decided.ground)[1]["pauses"][0][:2]])
    patient = numbers(decided.ghosts.of(vn.TurnDetection(min_silence=2200)), decided.ground)
    assert patient[2, 0] == -1
    assert np.isnan(patient[2, 1:]).all()


def test_words_belong_to_the_turn_behind_which_they_come() -> None:
    last = Gap(2.0, 5.0, Truth.END)
    said = (Words(2.5, "One.", True), Words(2.2, "On"), Words(6.0, "Two. " * 40, True))
    evidence = Evidence("call", "", np.zeros(0, np.float32), (), words=said)
    assert words_of(CallerTurn(1.0, 2.0, (), last), 5.0, evidence) == "One."
    long = words_of(CallerTurn(5.0, 5.5, (), last), math.inf, evidence)
    assert long.endswith("…")
    assert len(long) == 90


def test_words_of_a_turn_that_was_reopened_are_told_once() -> None:
    last = Gap(4.0, 6.0, Truth.END)
    said = (
        Words(2.5, "Can I come?", True, "item-1"),
        Words(4.8, "Can I come? Today.", True, "item-1"),
        Words(7.5, "Thanks.", True, "item-2"),
    )
    evidence = Evidence("call", "", np.zeros(0, np.float32), (), words=said)
    assert words_of(CallerTurn(1.0, 4.0, (), last), math.inf, evidence) == "Can I come? Today. Thanks."
    # Somebody says that the first part was a turn of its own.
    assert words_of(CallerTurn(1.0, 2.0, (), last), 3.5, evidence) == "Can I come?"
    assert words_of(CallerTurn(3.5, 4.0, (), last), 6.0, evidence) == "Today."
