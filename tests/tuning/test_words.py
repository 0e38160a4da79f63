"""When the words of a silence looked complete."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tuning.calls import DONE, OPEN, F
from voicenb.tuning.evidence import Words
from voicenb.tuning.silences import Row, Silence
from voicenb.tuning.table import Table
from voicenb.tuning.words import ALWAYS, complete_spans
from voicenb.turn_taking.completeness import Words as Judge


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


WORDS = st.lists(st.tuples(st.integers(-40, 60), st.booleans()), max_size=8)


@given(WORDS, st.integers(0, 80))
def test_at_each_frame_the_newest_words_decide(told, frame):
    told = sorted(dict(told).items())
    words = [Words(2.0 + at * F, DONE if complete else OPEN) for at, complete in told]
    spans = complete_spans(words, Judge(), 0.0, 2.0, 2.0 + 100 * F)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    known = [complete for at, complete in told if at <= frame]
    # Before the first word a silence waits for it; where no word is known at all it decides alone.
    expected = known[-1] if known else not told
    inside = any(begin - 1e-6 <= frame * F < end - 1e-6 for begin, end in spans)
    assert inside is expected


def test_words_within_a_frame_are_known_at_its_end():
    words = [Words(0.5, OPEN), Words(1.001, DONE)]
    assert complete_spans(words, Judge(), 0.0, 1.0, 9.0) == ((pytest.approx(F), math.inf),)


def test_words_come_too_late_once_the_caller_goes_on():
    words = [Words(0.5, OPEN), Words(1.5, DONE)]
    assert complete_spans(words, Judge(), 0.0, 1.0, 1.5) == ()
