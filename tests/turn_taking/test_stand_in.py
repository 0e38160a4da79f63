import pytest

from voicenb.turn_taking.stand_in import StandIn


def after(*pauses: float) -> StandIn:
    stand_in = StandIn()
    for pause in pauses:
        stand_in.note(pause)
    return stand_in


def test_it_begins_with_700_and_3000() -> None:
    assert (StandIn().min_silence, StandIn().max_silence) == (700, 3000)
    assert after(0.9, 0.9).min_silence == 700


def test_after_three_pauses_it_is_their_90th_percentile_and_200() -> None:
    assert after(0.3, 0.4, 0.5).min_silence == pytest.approx(480 + 200)
    assert after(0.3, 0.4, 0.5, 0.6, 0.7, 0.8).min_silence == pytest.approx(750 + 200)


def test_it_stays_between_400_and_1400() -> None:
    assert after(0.2, 0.2, 0.2).min_silence == 400
    assert after(2.0, 2.0, 2.0).min_silence == 1400


def test_stop_consonants_are_no_pauses() -> None:
    stand_in = after(0.06, 0.1, 0.19, 0.16)
    assert stand_in.pauses == 0
    assert stand_in.min_silence == 700


def test_a_pause_that_was_cut_counts_when_the_caller_soon_went_on() -> None:
    stand_in = StandIn()
    stand_in.note(1.2, resumed_after=0.5)
    stand_in.note(1.7, resumed_after=1.0)
    stand_in.note(2.5, resumed_after=1.8)  # that was the end of the turn
    assert stand_in.pauses == 2
