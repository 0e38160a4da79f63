"""Which silences a detector hears, and what a decision in each of them is."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tuning.calls import HAND, F, calls, heard, sweep_of
from voicenb.tuning.silences import Row, mid_turn_pauses, silences
from voicenb.turn_taking.completeness import Words as Judge


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


def rows(call, threshold=0.5):
    return silences(call.evidence, call.turns, threshold, Judge())


def told(call, threshold=0.5):
    """Kind, turn, pause, and in frames: offset, length."""
    return [
        (each.kind.name, each.turn, each.pause, round(each.offset / F), each.length / F)
        for each in rows(call, threshold)
    ]


def test_by_hand():
    assert told(HAND) == [
        ("MID", 0, 0, -45, pytest.approx(25)),
        ("END", 0, -1, 0, math.inf),  # what comes after the answer is no silence of his
        ("END", 1, -1, 0, math.inf),
    ]
    assert [each.resumed for each in rows(HAND)] == [True, False, False]


def test_a_silence_too_short_for_a_pause_is_speech():
    short, pause = (heard([(20, silent), (20, 100)], replies=[(100, 140)]) for silent in (6, 7))
    assert [row[0] for row in told(short)] == ["SPEECH", "END"]
    assert [row[0] for row in told(pause)] == ["MID", "END"]
    assert [len(mid_turn_pauses(each.turns)) for each in (short, pause)] == [0, 1]


def test_a_doubtful_silence_is_as_long_as_it_was():
    call = heard(
        [(20, 60), (20, 120)], replies=[(60, 85), (150, 200)]
    )  # he goes on 20 frames into the answer
    assert told(call)[0] == ("DOUBTFUL", 0, -1, 0, pytest.approx(60))


def test_what_is_no_question_of_turn_taking_has_no_row():
    over = heard([(20, 30), (20, 200)], replies=[(10, 60), (110, 200)])  # said over the agent's voice
    assert [turn.last.truth.name for turn in over.turns] == ["OVER", "END"]
    assert [row[:2] for row in told(over)] == [("END", 1)]
    unclear = heard([(20, 40)])
    assert told(unclear) == []


def test_a_threshold_that_hears_nothing_has_no_rows():
    assert told(HAND, 0.95) == []


def test_last_words_that_a_threshold_does_not_hear():
    call = heard([(40, 100)], replies=[(100, 140)])
    call.evidence.values[25:40] = 0.4
    # Its silence begins 15 frames early: to the true end it is speech, from there on the end.
    assert told(call, 0.6) == [("SPEECH", 0, -1, -15, pytest.approx(15)), ("END", 0, -1, -15, math.inf)]


@settings(max_examples=60)
@given(calls(), st.sampled_from([0.05, 0.5, 0.89]))
def test_rows_are_in_order_and_name_what_there_is(call, threshold):
    found = rows(call, threshold)
    assert [row.start for row in found] == sorted(row.start for row in found)
    pauses = mid_turn_pauses(call.turns)
    for row in found:
        turn = call.turns[row.turn]
        assert row.length >= 0
        assert row.offset == pytest.approx(row.start - turn.end)
        assert (row.pause >= 0) == (row.kind is Row.MID)
        if row.kind is Row.MID:
            of_turn, start, end = pauses[row.pause]
            assert of_turn == row.turn
            assert row.start < end
            assert row.start + row.length > start
    # Here a detector hears what was said, frame by frame: every pause has its row.
    assert {row.pause for row in found} - {-1} == set(range(len(pauses)))
