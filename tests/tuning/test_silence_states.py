"""Which state a silence falls into, and what is decided in it where the settings hang on the state."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tuning.calls import F, heard
from voicenb.tuning.evidence import Words
from voicenb.tuning.scores import Ground
from voicenb.tuning.silence_states import decided, spans_at, spans_of, state_at
from voicenb.tuning.silences import Row, Silence
from voicenb.tuning.table import Table
from voicenb.turn_taking.completeness import Words as Judge
from voicenb.turn_taking.decisions import TurnEnded
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.settings import Settings

DIGITS, PLAIN = "It is four one", "A table for four."


def call(*, awaited=(), words=(), decided=()):
    """Speech, a pause of 25 frames at 20, speech, and an end at 65, answered at 115."""
    made = heard([(20, 25), (20, 100)], replies=[(115, 150)], decided=decided, words=words)
    told = tuple((when * F, state) for when, state in awaited)
    return replace(made, evidence=replace(made.evidence, awaited=told))


def of_pause(made):
    return spans_of(made.evidence, made.turns[0], 20 * F, 45 * F)


def test_what_was_awaited_when_the_turn_began_holds():
    assert of_pause(call()) == ((0.0, "other"),)
    assert of_pause(call(awaited=[(0, "question")])) == ((0.0, "question"),)
    assert of_pause(call(awaited=[(0, "question"), (0, "tool")])) == ((0.0, "tool"),)


def test_what_the_recorded_decision_made_of_it_does_not_count():
    cut = call(awaited=[(0, "question"), (30, "other")], decided=[30])
    assert of_pause(cut) == ((0.0, "question"),)
    assert spans_of(cut.evidence, cut.turns[0], 65 * F, 115 * F) == ((0.0, "question"),)


def test_digits_are_told_by_the_words_so_far():
    assert of_pause(call(words=[(10, DIGITS)])) == ((0.0, "digits"),)
    assert of_pause(call(words=[(10, DIGITS), (18, PLAIN)])) == ((0.0, "other"),)
    late = of_pause(call(words=[(10, PLAIN), (26.5, DIGITS)], awaited=[(0, "question")]))
    assert late == ((0.0, "question"), (pytest.approx(7 * F), "digits"))
    assert of_pause(call(words=[(46, DIGITS)])) == ((0.0, "other"),)  # behind it


def test_the_transcript_comes_with_the_decision_and_tells_nothing():
    made = call()
    final = (Words(19 * F, DIGITS, True),)
    assert of_pause(replace(made, evidence=replace(made.evidence, words=final))) == ((0.0, "other"),)


def test_a_silence_counts_for_the_state_of_half_a_second_into_it():
    spans = ((0.0, "question"), (0.32, "digits"), (0.96, "question"))
    assert [state_at(spans, at) for at in (0.0, 0.3, 0.32, 0.5, 2.0)] == [
        "question",
        "question",
        "digits",
        "digits",
        "question",
    ]
    assert state_at(spans) == "digits"


def test_each_silence_of_the_calls_has_its_states():
    ground = Ground([call(), call(words=[(10, DIGITS)])], Judge())
    rows, _, _ = ground.silences(0.5)
    assert len(spans_at(ground, 0.5)) == len(rows) == 4
    assert [state_at(each) for each in spans_at(ground, 0.5)] == ["other", "other", "digits", "digits"]


LIMITS = st.tuples(st.integers(50, 2500), st.integers(1, 2500)).map(lambda p: (p[0], p[0] + p[1]))


def row(silent, resumed):
    return Silence(Row.MID, 0, 0, 20 * F, 0.0, silent * F, resumed)


def alone(silence, limits):
    return Table.of([silence]).decide(np.array([limits[0]]), np.array([limits[1]]))[:, 0]


@given(st.integers(2, 130), st.booleans(), LIMITS, st.lists(st.integers(1, 120), max_size=3, unique=True))
def test_the_same_settings_in_every_state_decide_as_one(silent, resumed, limits, changes):
    silence = row(silent, resumed)
    names = ["question", "digits", "other", "tool"]
    spans = ((0.0, "other"), *((at * F, names[n]) for n, at in enumerate(sorted(changes))))
    at = alone(silence, limits)
    both = decided([silence], [spans], dict.fromkeys(names, at))
    np.testing.assert_array_equal(both[:, 0], at)


@settings(max_examples=150)
@given(st.integers(2, 130), st.booleans(), LIMITS, LIMITS, st.integers(1, 120))
def test_a_change_in_the_silence_decides_as_it_does_live(silent, resumed, before, after, change):
    taker = TurnTaker(Settings(min_silence=before[0], max_silence=before[1]))
    for _ in range(20):
        taker.frame(0.9)
    taker.partial(PLAIN)
    live = math.inf
    for frame in range(1, silent + resumed + 1):
        if frame == change:
            taker.settings = Settings(min_silence=after[0], max_silence=after[1])
        told = taker.frame(0.9 if frame > silent else 0.0)
        if any(isinstance(each, TurnEnded) for each in told):
            live = frame * F
            break
    silence = row(silent, resumed)
    at = {"question": alone(silence, before), "digits": alone(silence, after)}
    both = decided([silence], [((0.0, "question"), (change * F, "digits"))], at)
    assert both[0, 0] == pytest.approx(live)
