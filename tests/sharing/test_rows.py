"""The table of turns."""

from __future__ import annotations

import dataclasses

import pytest

import voicenb as vn
from voicenb.analysis.turn import Turn
from voicenb.plot.stages import stages
from voicenb.sharing.rows import rows

TURN = Turn(
    number=3,
    role="user",
    kind="plain",
    start=1.0,
    end=2.0,
    text="Two\ncards.",
    end_of_turn_delay=0.9,
    configured_silence=0.8,
    ended_by="min_silence",
    response_latency=1.2,
    playback_delay=0.1,
)


def test_a_row_for_each_turn_of_the_caller(call: vn.Recording) -> None:
    found = vn.turns(call).caller
    told = rows(found)
    assert [row["number"] for row in told] == [turn.number for turn in found] == [1, 3, 6]
    assert [row["kind"] for row in told] == ["plain", "tool", "plain"]
    for turn, row in zip(found, told, strict=True):
        assert [(stage["kind"], stage["length"]) for stage in row["stages"]] == [
            (stage.kind, pytest.approx(stage.length, abs=1e-4)) for stage in stages(turn)
        ]


def test_what_is_told_of_a_wait() -> None:
    (row,) = rows([TURN])
    assert row["told"] == "1.20 s"
    assert row["limit"] == "min_silence 0.80 s"
    assert row["text"] == "Two cards."
    assert sum(stage["length"] for stage in row["stages"]) == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("changes", "told", "limit"),
    [
        ({"response_latency": None}, "not captured", "min_silence 0.80 s"),
        ({"unanswered": True}, "unanswered", "min_silence 0.80 s"),
        ({"kind": "tool", "first_sound": 1.2}, "no answer, first sound 1.20 s", "min_silence 0.80 s"),
        ({"response_latency": None, "unanswered": True}, "unanswered", "min_silence 0.80 s"),
        ({"ended_by": "adaptive", "configured_silence": None}, "1.20 s", "adaptive"),
        ({"ended_by": "unknown", "configured_silence": None}, "1.20 s", ""),
    ],
)
def test_what_is_not_known_is_not_told(changes: dict, told: str, limit: str) -> None:
    (row,) = rows([dataclasses.replace(TURN, **changes)])
    assert (row["told"], row["limit"]) == (told, limit)


def test_a_turn_whose_sound_was_not_captured_begins_where_it_was_decided() -> None:
    (row,) = rows([dataclasses.replace(TURN, start=None, end=None, decided=4.0, response_latency=None)])
    assert row["at"] == 4.0
    assert row["end"] is None
    assert row["stages"] == []


def test_an_answer_that_came_when_the_caller_had_gone_on_is_none() -> None:
    (row,) = rows([dataclasses.replace(TURN, unanswered=True, candidate_cut=True)])
    assert (row["wait"], row["stages"], row["notes"]) == (None, [], ["cut off?"])
