"""What two sides of a comparison are called."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import voicenb as vn
from voicenb.analysis.report import CallFacts
from voicenb.analysis.sides import given_names, names_of
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns

FULL = {
    "vad_threshold": 0.5,
    "min_silence": 600,
    "max_silence": 3000,
    "interrupt_response": True,
    "interruption_delay": 500,
}


def call(
    turn_detection: dict[str, Any] | None = None, *, service: str = "emulator · rules", **agent: Any
) -> CallFacts:
    """A call under these settings."""
    turn = Turn(1, "user", "plain", 1.0, 2.0, "Hello.", decided=2.5, turn_detection=turn_detection)
    session = {"agent": {"name": "Lido", "output": {"voice": "ivy"}, **agent}, "barge_in": "flush"}
    recording: Any = SimpleNamespace(session=session)
    return CallFacts("c", service, Turns([turn]), 60.0, 0.0, 0.0, 0, 0, 0.0, recording=recording)


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (call(FULL), call({**FULL, "min_silence": 1500}), ("min_silence 600", "min_silence 1500")),
        (call(FULL), call(FULL, output={"voice": "ash"}), ("voice ivy", "voice ash")),
        (call(FULL), call(FULL, service="hosted"), ("emulator · rules", "hosted")),
        (
            call(),
            call(FULL),
            ("adaptive turn detection", "min_silence 600 · max_silence 3000 · vad_threshold 0.5 · 2 more"),
        ),
        (call(system_prompt="Be short."), call(system_prompt="Be kind."), ("before", "another prompt")),
        (call(FULL), replace(call(FULL), virtual=True), ("real time", "virtual clock")),
        (call(FULL), call(FULL), ("before", "after")),
        (
            call(FULL, input={"keyterms": ["Lido"]}),
            call({**FULL, "min_silence": 900}, input={"keyterms": ["Lido", "gnocchi"]}),
            ("min_silence 600", "min_silence 900 · other keyterms"),
        ),
    ],
)
def test_what_differs_names_the_sides(before: CallFacts, after: CallFacts, names: tuple[str, str]) -> None:
    assert names_of([before], [after]) == names
    assert names_of([before, before], [after])[0] == names[0]


def test_several_values_on_one_side() -> None:
    many = [call({**FULL, "min_silence": value}) for value in (600, 800, 1000, 1200, 1400)]
    assert names_of(many[:1], many[1:]) == ("min_silence 600", "min_silence 800, 1000, 1200, 1 more")
    assert names_of(many, many[::-1]) == ("before", "after"), "the order of calls says nothing"


def test_what_is_not_known_of_a_call_names_nothing() -> None:
    elsewhere = replace(call(service="elsewhere"), absent=frozenset({"settings"}))
    assert names_of([call(FULL)], [elsewhere])[1] == "elsewhere"
    bare = replace(call(), recording=None)
    assert names_of([bare], [bare]) == ("before", "after")


def test_given_names() -> None:
    assert given_names(None) is None
    assert given_names(["short", "long"]) == ("short", "long")


@pytest.mark.parametrize("wrong", ["ab", ["one"], ["a", "a"], [1, 2], 3, ["a", " "], ("a", "b", "c")])
def test_names_that_are_none(wrong: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="does not name two sides") as caught:
        given_names(wrong)
    assert caught.value.facts["param"] == "names"
