"""The array form decides what a `TurnTaker` decides that is given the same frames and the same words."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicenb.tuning.evidence import Words
from voicenb.tuning.silences import Row, Silence
from voicenb.tuning.table import Table
from voicenb.tuning.words import ALWAYS, complete_spans
from voicenb.turn_taking.completeness import Words as Judge
from voicenb.turn_taking.decisions import Reopened, TurnEnded
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.settings import Settings

F = 0.032
DONE, OPEN = "A table for four.", "A table for"
POLICIES = st.tuples(st.integers(50, 4_000), st.integers(1, 4_000)).map(lambda p: (p[0], p[0] + p[1]))
WORDS = st.lists(st.tuples(st.integers(-5, 120), st.booleans()), max_size=5).map(
    lambda found: sorted(dict(found).items())
)


def live(silent, resumed, words, policy):
    """Frame by frame; when the turn is ended, in frames into the silence, or None."""
    taker = TurnTaker(Settings(min_silence=policy[0], max_silence=policy[1]))
    taker.recognizing = True  # words may still come: max_silence ends a turn, and no lone sound
    spoken = 20
    told = dict(words)
    for _ in range(spoken):
        taker.frame(0.9)
    early = [complete for at, complete in words if at <= 0]
    if early:
        taker.partial(DONE if early[-1] else OPEN)
    for frame in range(1, silent + resumed + 1):
        if frame in told:
            taker.partial(DONE if told[frame] else OPEN)  # before the frame's end is judged
        for decision in taker.frame(0.9 if frame > silent else 0.0):
            if isinstance(decision, TurnEnded):
                return frame
            assert not isinstance(decision, Reopened)
    return None


@settings(max_examples=150)
@given(st.integers(2, 130), st.booleans(), WORDS, st.lists(POLICIES, min_size=1, max_size=4))
def test_arrays_decide_as_the_live_one_does(silent, resumed, words, policies):
    words = words or [(-1, True)]
    start = 20 * F
    known = [Words(start + at * F, DONE if complete else OPEN) for at, complete in words]
    spans = complete_spans(known, Judge(), 0.0, start, start + (silent + 0.5) * F)
    row = Silence(Row.END, 0, -1, start, 0.0, silent * F, resumed, spans)
    at = Table.of([row]).decide(*(np.array(each) for each in zip(*policies, strict=True)))
    for k, policy in enumerate(policies):
        within = [(when, complete) for when, complete in words if when <= silent]
        if not within:
            continue  # no word is known in time: that is not the live one's world
        frame = live(silent, resumed, within, policy)
        assert at[0, k] == (math.inf if frame is None else np.float64(frame) * F)


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(1, 200), st.booleans(), WORDS), min_size=1, max_size=6),
    POLICIES,
    st.integers(0, 3000),
    st.integers(0, 3000),
)
def test_more_patient_never_ends_a_turn_sooner(rows, policy, more, longer):
    table = Table.of(
        [
            Silence(Row.MID, 0, n, 0.0, 0.0, frames * F, resumed, spans_of(words))
            for n, (frames, resumed, words) in enumerate(rows)
        ]
    )
    low, high = policy
    at = table.decide(np.array([low, low + more]), np.array([high, high + more + longer]))
    assert (at[:, 1] >= at[:, 0]).all()


def spans_of(words):
    known = [Words(1.0 + at * F, DONE if complete else OPEN) for at, complete in words]
    return complete_spans(known, Judge(), 0.0, 1.0, 1.0 + 130 * F)


def test_words_that_take_back_what_looked_complete():
    words = [Words(0.9, DONE), Words(1.32, OPEN), Words(1.64, DONE)]
    spans = complete_spans(words, Judge(), 0.0, 1.0, 9.0)
    assert spans == ((0.0, 0.32), (0.64, math.inf))
    table = Table.of([Silence(Row.END, 0, -1, 1.0, 0.0, math.inf, False, spans)])
    at = table.decide(np.array([200, 290, 300, 900]), np.full(4, 3000))
    np.testing.assert_allclose(at[0], [0.224, 0.64, 0.64, 0.928])


def test_words_of_the_turn_before_do_not_count():
    words = [Words(0.9, DONE), Words(2.5, OPEN)]
    assert complete_spans(words, Judge(), 2.0, 3.0, 9.0) == ()
    assert complete_spans([Words(0.9, OPEN)], Judge(), 2.0, 3.0, 9.0) == ALWAYS


def test_a_transcript_without_partials_was_known_all_the_while():
    told = Words(4.5, OPEN, final=True)
    assert complete_spans([told], Judge(), 2.0, 3.0, 9.0) == ()
    assert complete_spans([told], Judge(), 2.0, 3.0, 4.0) == ALWAYS  # in a pause before it nobody knows
    partial = Words(2.9, DONE)
    assert complete_spans([partial, told], Judge(), 2.0, 3.0, 9.0) == ((0.0, pytest.approx(47 * F)),)
