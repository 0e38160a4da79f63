"""What a caller says over the agent: frame by frame, by hand."""

import math

import numpy as np
import pytest

from voicenb.analysis.boundaries import Speech
from voicenb.tuning.evidence import Evidence, Recorded, Reply, Words
from voicenb.tuning.spoken_over import spoken_over
from voicenb.turn_taking.settings import Settings

F = 0.032
HELD = {"min_silence": 1000, "max_silence": 3000, "interruption_delay": 500}


def call(*speech, told=None, words=(), reply=(10, 200), held=HELD):
    """The agent from frame 10 to 200, and the caller in some stretches; all in frames."""
    values = np.zeros(300, np.float32)
    for begin, end in speech:
        values[begin:end] = 0.9
    return Evidence(
        "call",
        "emulator",
        values,
        tuple(Speech(begin * F, end * F) for begin, end in speech),
        (Reply(reply[0] * F, reply[1] * F, told is not None, None if told is None else told * F),),
        (Recorded(290 * F, held),),
        tuple(Words(at * F, text) for at, text in words),
        300 * F,
    )


def known(one, *delays, **others):
    return [one.is_known(Settings(interruption_delay=delay, **others)) for delay in delays]


def stops(one, *delays):
    """In frames."""
    found = [one.stop(Settings(interruption_delay=delay)) for delay in delays]
    return [at if math.isinf(at) else round(at / F) for at in found]


def test_words_that_stopped_the_agent_are_known_when_they_did():
    (one,) = spoken_over(call((50, 120), told=68, reply=(10, 70), words=[(69, "Wait a moment.")]))
    assert one.stopped
    assert one.meant
    assert one.onset == pytest.approx(50 * F)
    # Speech counts from the end of its second frame, 52; 0.3 s are waited for words that are not known.
    assert stops(one, 0, 250, 500, 800) == [62, 68, 68, 77]
    assert one.stop(Settings(interrupt_response=False)) == math.inf


def test_a_sound_that_was_too_short_is_without_words():
    (one,) = spoken_over(call((50, 60)))
    assert (one.stopped, one.meant, one.text) == (False, False, "")
    assert stops(one, 0, 250, 500) == [62, 70, math.inf]


def test_what_was_let_pass_though_it_was_long_enough_is_a_back_channel():
    (one,) = spoken_over(call((50, 75)))
    assert not one.meant
    assert one.text
    assert stops(one, 0, 250, 500) == [math.inf] * 3
    (one,) = spoken_over(call((50, 110)))  # longer than a back-channel is
    assert stops(one, 0) == [round((50 * F + 1.0) / F + 0.5)]


def test_a_stop_for_no_words_was_for_nothing():
    (one,) = spoken_over(call((50, 90), told=78, reply=(10, 80)))
    assert one.stopped
    assert not one.meant
    (one,) = spoken_over(call((50, 90), told=78, reply=(10, 80), words=[(79, "Okay.")]))
    assert not one.meant


def test_a_quieter_voice_is_heard_at_a_lower_threshold_alone():
    evidence = call((50, 90), told=78, reply=(10, 80), words=[(79, "Stop.")])
    evidence.values[50:90] = 0.6
    (one,) = spoken_over(evidence)
    assert one.stop(Settings(vad_threshold=0.5, interruption_delay=250)) < math.inf
    assert one.stop(Settings(vad_threshold=0.8, interruption_delay=250)) == math.inf


def test_pieces_that_stand_close_together_are_one_utterance():
    assert len(spoken_over(call((50, 60), (66, 80)))) == 1
    assert len(spoken_over(call((50, 60), (90, 100)))) == 2


def test_speech_that_is_not_over_the_agent_is_none():
    assert spoken_over(call((210, 250))) == []
    assert spoken_over(call((0, 9))) == []


def test_the_agent_who_comes_in_over_the_caller():
    (one,) = spoken_over(call((2, 60), reply=(30, 70), told=68, words=[(69, "And one more thing.")]))
    assert one.onset == pytest.approx(30 * F)
    assert stops(one, 500) == [29 + 16 + 10]  # speech from there on has to last, and words to come
    told = [(20, "One more"), (69, "And one more thing.")]
    (one,) = spoken_over(call((2, 60), reply=(30, 70), told=68, words=told))
    assert stops(one, 500) == [29 + 16]


def test_speech_that_outlasts_the_agents_own_end_stops_nothing():
    (one,) = spoken_over(call((195, 240), words=[(241, "Thank you.")]))
    assert one.meant
    assert stops(one, 0, 500) == [math.inf, math.inf]


STOPPED = {"told": 68, "reply": (10, 70), "words": [(69, "Wait a moment.")]}


def test_sooner_than_the_recorded_delay_nobody_knows_whether_there_were_words_yet():
    (one,) = spoken_over(call((50, 120), **STOPPED))
    assert known(one, 0, 250, 470, 500, 800) == [False, False, False, True, True]
    (one,) = spoken_over(call((50, 120), **STOPPED, held=HELD | {"interruption_delay": 250}))
    assert known(one, 0, 250, 500) == [False, True, True]
    told = [(51, "Wait"), (69, "Wait a moment.")]
    (one,) = spoken_over(call((50, 120), **STOPPED | {"words": told}))
    assert known(one, 0, 250, 500) == [True, True, True]


def test_a_short_sound_that_was_not_due_may_have_had_words():
    (one,) = spoken_over(call((50, 60)))
    assert known(one, 0, 250, 500) == [False, False, True]
    assert known(one, 500, 800, vad_threshold=0.3) == [True, True]  # no longer at that threshold either
    (one,) = spoken_over(call((50, 60), held=HELD | {"interrupt_response": False}))
    assert known(one, 0, 250, 500) == [False, False, True]
    assert known(one, 0, interrupt_response=False) == [True]


def test_a_voice_that_the_recorded_threshold_did_not_hear_may_have_had_words():
    evidence = call((50, 90))
    evidence.values[50:90] = 0.4
    (one,) = spoken_over(evidence)
    assert known(one, 500) == [True]
    assert known(one, 500, vad_threshold=0.3) == [False]


def test_where_no_words_had_come_by_the_stop_there_were_none_before():
    (one,) = spoken_over(call((50, 90), told=78, reply=(10, 80)))
    assert known(one, 0, 250, 500, 800) == [True] * 4


def test_a_back_channel_that_was_stopped_for_may_have_been_known_for_one():
    (one,) = spoken_over(call((50, 90), told=78, reply=(10, 80), words=[(79, "Okay.")]))
    assert known(one, 0, 250, 500) == [False, False, True]
