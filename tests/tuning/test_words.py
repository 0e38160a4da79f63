"""When the words of a silence looked complete."""

import math

import numpy as np
import pytest

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
