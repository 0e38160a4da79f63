"""A call before it has been measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.sharing.document import document
from voicenb.widgets.player_sketch import sketch
from voicenb.widgets.player_sound import BothSides


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """One turn, and an answer that is cut off."""
    made = KnownCall(tmp_path_factory.mktemp("calls") / "lido", 12.0, {"min_silence": 700})
    over = made.says(1.0, speech("cards-002.wav"))
    made.turn("one", "Two cards, please.", told=1.1, decided=over + 0.7, transcribed=over + 0.75)
    made.reply(
        "r",
        "An answer that is not heard to its end.",
        speech("austen-0880.wav"),
        began=over + 0.75,
        received=over + 0.8,
        heard=over + 0.9,
        cut=over + 1.5,
    )
    return made.build()


@pytest.fixture(scope="module")
def sketched(call: vn.Recording) -> dict[str, Any]:
    return sketch(call, BothSides(call))


def test_it_has_the_form_of_the_whole_document(call: vn.Recording, sketched: dict[str, Any]) -> None:
    whole = document(call)
    assert set(sketched) <= set(whole), "a page knows what to do with all of it"
    for name in ("format", "title", "service", "emulated", "duration", "lanes", "stages", "band"):
        assert sketched[name] == whole[name]
    assert {*sketched["lines"][0]} <= {*whole["lines"][0]}


def test_it_has_what_was_said_and_no_figure(sketched: dict[str, Any]) -> None:
    said, answer = sketched["lines"]
    assert (said["by"], answer["by"]) == ("caller", "agent")
    assert " ".join(word for word, _, _ in said["words"]) == "Two cards, please."
    assert " ".join(word for word, _, _ in answer["words"]) == "An answer that is not heard to its end."
    assert sketched["tiles"] == sketched["rows"] == sketched["findings"] == []


def test_a_path_of_the_machine_is_not_in_it(sketched: dict[str, Any], tmp_path: Path) -> None:
    assert str(tmp_path.parents[1]) not in str(sketched)
