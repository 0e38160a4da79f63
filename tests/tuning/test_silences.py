"""Which silences a detector hears, and what a decision in each of them is."""

import pytest

from tests.tuning.calls import F, heard, sweep_of


def test_sound_behind_the_answer_has_no_part_in_it():
    call = heard([(20, 100), (20, 120)], replies=[(70, 90), (190, 250)], decided=[60, 180])
    call.evidence.values[80:95] = 0.9  # the agent's own voice, in the microphone
    assert sweep_of([call], min_silence=[500, 2500]).scores.mean.tolist() == pytest.approx([16 * F, 79 * F])


def test_a_noise_behind_the_end_begins_the_silence_anew_unless_it_was_decided():
    call = heard([(20, 100), (20, 120)], replies=[(80, 110), (200, 250)], decided=[75, 190])
    call.evidence.values[50:55] = 0.9
    latency = sweep_of([call], min_silence=[320, 1280]).scores.mean
    assert latency.tolist() == pytest.approx([10 * F, (75 + 40) / 2 * F])


def test_speech_that_a_threshold_does_not_hear_is_cut():
    call = heard([(20, 10), (40, 100)], replies=[(100, 140)], decided=[95])
    call.evidence.values[30:70] = 0.55  # said softly
    deaf = sweep_of([call], vad_threshold=[0.5, 0.8], min_silence=400)
    assert deaf.scores.pauses_cut.tolist() == [0, 1]
    assert deaf.scores.turns_cut.tolist() == [0, 1]
