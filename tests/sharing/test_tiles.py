"""The summary."""

from __future__ import annotations

import dataclasses

import pytest

import voicenb as vn
from voicenb.analysis.boundaries import Speech
from voicenb.analysis.figure import Figure
from voicenb.analysis.turn import Pause, Turn
from voicenb.analysis.turns import Turns
from voicenb.analysis.voiced import Voiced
from voicenb.sharing.tiles import NONE, pauses_of, tiles


@pytest.fixture
def told(call: vn.Recording) -> dict[str, dict]:
    return {tile["name"]: tile for tile in tiles(vn.report(call), vn.turns(call))}


def test_the_figures_are_those_of_the_report(call: vn.Recording, told: dict[str, dict]) -> None:
    report = vn.report(call)
    assert told["response (emulator)"]["value"] == f"{report.latency.p50:.2f} s"
    assert told["answer, tool turns"]["value"] == f"{report.first_answer.p50:.2f} s"
    assert told["yield: service + stop"]["value"] == f"{report.yield_latency.p50:.2f} s"
    assert told["unanswered · silent"]["value"] == "1 · 0"
    assert told["unanswered · silent"]["note"] == "of 3 turns · 3 replies"
    assert told["unanswered · silent"]["wrong"] is True
    assert told["callers cut off"]["wrong"] is False
    assert told["cost"]["note"] == "the emulator costs nothing"


def test_a_figure_tells_what_it_rests_on(call: vn.Recording) -> None:
    for values, value, note in (
        ((), NONE, "no plain turn was answered"),
        ((1.5,), "1.50 s", "one turn"),
        ((1.0, 2.0), "1.50 s", "median of 2 · largest 2.00"),
        (tuple(range(20)), "9.50 s", "median of 20 · p90 17.00"),
    ):
        report = dataclasses.replace(vn.report(call), latency=Figure(values))
        tile = tiles(report, vn.turns(call))[0]
        assert (tile["value"], tile["note"]) == (value, note)


def test_without_tools_there_is_no_tile_for_them(call: vn.Recording) -> None:
    report = vn.report(call)
    (facts,) = report.calls
    turns = Turns([turn for turn in facts.turns if turn.kind != "tool"])
    plain = dataclasses.replace(report, calls=(dataclasses.replace(facts, turns=turns),))
    assert "answer, tool turns" not in {tile["name"] for tile in tiles(plain, turns)}


def test_what_a_recording_from_elsewhere_does_not_tell_is_no_zero(call: vn.Recording) -> None:
    report = dataclasses.replace(vn.report(call), yield_latency=Figure())
    (facts,) = report.calls
    absent = frozenset({"decisions", "interruptions", "replies"})
    report = dataclasses.replace(report, calls=(dataclasses.replace(facts, absent=absent),))
    told = {tile["name"]: (tile["value"], tile["note"]) for tile in tiles(report, vn.turns(call), absent)}
    assert told["callers cut off"] == told["yield: service + stop"] == (NONE, "not captured")
    assert told["unanswered · silent"] == (f"1 · {NONE}", "of 3 turns · silent not captured")


@pytest.mark.parametrize(
    ("service", "name", "value"),
    [
        ("hosted", "cost at $4.50/h", "$0.06"),
        ("wss://elsewhere", "cost", NONE),
        ("emulator", "cost", "$0.00"),
    ],
)
def test_of_a_service_whose_price_is_not_known_no_cost_is_told(
    call: vn.Recording, service: str, name: str, value: str
) -> None:
    report = vn.report(call, cost_rate=4.5)
    found = Turns(list(vn.turns(call)), service=service)
    tile = tiles(report, found)[-1]
    assert (tile["name"], tile["value"]) == (name, value)


def test_a_pause_that_parted_two_turns_is_a_pause() -> None:
    one = Turn(
        number=1,
        role="user",
        kind="plain",
        start=0.0,
        end=3.0,
        text="My name is",
        pauses=(Pause(1.0, 1.5), Pause(2.0, 2.3)),
        decided=3.8,
        ended_by="resumed",
        false_cutoffs=1,
    )
    two = Turn(number=2, role="user", kind="plain", start=4.2, end=5.0, text="Anna.", decided=5.8)
    words = [Speech(0.0, 1.0), Speech(1.5, 2.0), Speech(2.3, 3.0), Speech(4.2, 5.0)]
    hum = Speech(3.5, 3.6)  # no turn was made of it
    for said in (words, [*words[:3], hum, words[3]]):
        assert pauses_of(Turns([one, two], said, [Voiced("r", 6.0, 7.0, 0)])) == 3
    # One that was taken back is a pause inside the turn; where the agent spoke behind it, it was none.
    answered = dataclasses.replace(one, ended_by="min_silence")
    assert pauses_of(Turns([answered, two], words, [Voiced("r", 4.0, 7.0, 0)])) == 2
