"""What the agent gave way for, in calls of which everything is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.boundaries import Speech
from voicenb.analysis.sequel import sequel

from .known_call import RATE, KnownCall, Sound, speech


def noise(seconds: float) -> Sound:
    chance = np.random.default_rng(0)
    return 0.1 * chance.standard_normal(round(seconds * RATE)).astype(np.float32)


def answered(folder: Path, cut: float) -> tuple[KnownCall, float]:
    """A question whose answer is cut off so many seconds into it; and when that is."""
    call = KnownCall(folder, 24.0)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table for four, please.", told=1.1, decided=over + 0.6, transcribed=over + 0.62)
    sound = np.concatenate([speech("austen-0930.wav")] * 2)
    silent = over + 0.8 + cut
    call.reply(
        "r1",
        "Free at seven and so on.",
        sound,
        began=over + 0.65,
        received=over + 0.7,
        heard=over + 0.8,
        cut=silent,
    )
    return call, silent


@pytest.mark.parametrize("cut", [1.2, 1.8, 3.0])
def test_noise_soon_after_the_question_is_no_turn(tmp_path: Path, cut: float) -> None:
    call, silent = answered(tmp_path / "call", cut)
    call.says(silent - 0.6, noise(0.25))
    call.put(silent, "in", "input.speech.started")
    call.put(silent + 1.0, "in", "input.speech.stopped")
    recording = call.build()
    (agent,) = vn.turns(recording).agent
    (stop,) = vn.stops(recording)
    assert agent.false_interruption is True
    assert (stop.turn, stop.false) == (None, True)


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
@pytest.mark.parametrize("cut", [0.6, 1.2, 3.0])
def test_the_turn_that_followed_is_not_the_one_that_was_answered(
    tmp_path: Path, cut: float, told: bool
) -> None:
    call, silent = answered(tmp_path / "call", cut)
    over = call.says(silent - 0.4, speech("cards-002.wav"))
    call.turn(
        "two",
        "No, on Monday.",
        told=silent if told else None,
        decided=over + 0.6,
        transcribed=over + 0.65,
    )
    recording = call.build()
    turns = vn.turns(recording)
    (agent,) = turns.agent
    (stop,) = vn.stops(recording)
    assert agent.false_interruption is False
    assert stop.turn == turns.caller[1].number
    assert turns.caller[1].text == "No, on Monday."


def test_a_turn_behind_a_long_silence_did_not_follow(tmp_path: Path) -> None:
    call, silent = answered(tmp_path / "call", 1.2)
    over = call.says(silent + 3.0, speech("cards-002.wav"))
    call.turn("two", "Hello?", told=silent + 3.1, decided=over + 0.6, transcribed=over + 0.65)
    (stop,) = vn.stops(call.build())
    assert (stop.turn, stop.false) == (None, True)


def test_a_call_that_ends_at_once_tells_nothing(tmp_path: Path) -> None:
    call, silent = answered(tmp_path / "call", 1.2)
    call.seconds = silent + 1.0
    call.caller = call.caller[: round(call.seconds * RATE)]
    (stop,) = vn.stops(call.build())
    assert (stop.turn, stop.false) == (None, None)


@dataclass(frozen=True)
class Decided:
    """A turn of the caller's."""

    decided: float | None
    replies: tuple[str, ...] = ()


def test_speech_that_goes_on_may_still_become_words() -> None:
    turn = Decided(15.0)
    said = [Speech(10.5, 12.0), Speech(13.5, 14.5)]
    assert sequel("r", 5.0, 10.0, [(turn, 13.5)], said) == (turn, 14.0)
    assert sequel("r", 5.0, 10.0, [(turn, 13.5)], said[1:]) == (None, 12.0)


def test_what_was_over_when_the_agent_began_did_not_follow() -> None:
    """Nor what it answers, where it began before the words came: each is known by itself."""
    typed_for = Decided(9.4)  # the reply answers something that was typed
    assert sequel("r", 9.5, 10.0, [(typed_for, 8.0)], []) == (None, 12.0)
    early = Decided(9.6, ("r",))
    assert sequel("r", 9.5, 10.0, [(early, 8.0)], []) == (None, 12.0)
    after = Decided(9.6, ("other",))
    assert sequel("r", 9.5, 10.0, [(early, 8.0), (after, 9.0)], []) == (after, 12.0)
