"""What another setting would have done in a turn that was just held."""

import numpy as np
import pytest

from voicenb.tuning.beside import beside
from voicenb.tuning.evidence import Words
from voicenb.turn_detection import TurnDetection

FRAME = 0.032


def heard(*parts):
    """Probabilities: speech and silences in seconds, by turns, speech first."""
    return np.concatenate(
        [np.full(round(part / FRAME), 0.02 if at % 2 else 0.9) for at, part in enumerate(parts)]
    ).tolist()


VALUES = heard(2.0, 1.0, 1.504, 5.0)
"""Speech, a pause of a second, speech up to 4.51 s, and silence."""
END = 4.51


def decide(least, most=3000, values=VALUES, begin=0.0, **more):
    return beside(values, TurnDetection(min_silence=least, max_silence=most), begin=begin, end=END, **more)


def test_a_silence_that_is_long_enough_is_waited_for_behind_the_end():
    found = decide(1400)
    assert found.pause is None
    assert found.silence == pytest.approx(1.4, abs=FRAME)
    assert found.delay == pytest.approx(1.4, abs=0.05)


def test_a_shorter_one_cuts_the_caller_off_in_the_pause():
    found = decide(600)
    assert found.pause == pytest.approx(1.0, abs=FRAME)
    assert found.silence == pytest.approx(0.6, abs=FRAME)
    assert found.delay == pytest.approx(2.0 + 0.6 - END, abs=0.05)


def test_speech_before_the_turn_is_none_of_it():
    # What was said up to 2 s was over before the turn began.
    assert decide(600, begin=2.5).pause is None


def test_words_that_do_not_look_complete_wait_for_max_silence():
    words = [Words(1.5, "A table"), Words(4.4, "A table for")]
    assert decide(1400, 2400, words=words).delay == pytest.approx(2.4, abs=0.05)
    assert decide(600, words=words).pause == pytest.approx(1.0, abs=FRAME)  # "A table" looked complete


def test_the_silence_behind_the_turn_is_as_long_as_it_takes():
    # The agent answered after half a second, and that is where the sound ends that was heard.
    short = heard(2.0, 0.2, 2.304, 0.6)
    assert decide(2200, values=short).delay == pytest.approx(2.2, abs=0.05)


def test_where_nothing_is_heard_nothing_is_decided():
    assert beside([0.1] * 100, TurnDetection(), begin=0.0, end=2.0) is None


def test_what_is_left_open_is_the_services_default():
    found = beside(VALUES, TurnDetection(), begin=2.5, end=END)
    assert found.delay == pytest.approx(1.0, abs=0.05)
