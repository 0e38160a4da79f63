"""The array form decides what a `TurnTaker` decides that is given the same frames and the same words."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tuning.calls import DONE, OPEN, F
from voicenb.tuning.evidence import Words
from voicenb.tuning.silences import Row, Silence
from voicenb.tuning.table import Table
from voicenb.tuning.words import complete_spans
from voicenb.turn_taking.completeness import Words as Judge
from voicenb.turn_taking.decisions import Reopened, TurnEnded
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.settings import Settings

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
