import numpy as np
import pytest

from voicenb.audio.level import AUDIBLE, FLOOR, first_audible, last_audible, level, levels

RATE = 24_000
WINDOW = RATE // 100


def test_level_of_known_sounds() -> None:
    square = np.tile([1.0, -1.0], 500)
    assert level(square) == pytest.approx(0)
    assert level(square / 10) == pytest.approx(-20)
    assert level(np.zeros(100)) == FLOOR
    assert level([]) == FLOOR


@pytest.mark.parametrize(
    ("samples", "dbfs"),
    [
        ([1.0], 0.0),
        ([0.5, -0.5], -6.02),
        (np.sin(np.arange(24_000) * 2 * np.pi / 240), -3.01),
        (np.full(10, 1e-3, np.float32), -60.0),
        (np.full(10, 1e-9), FLOOR),  # beyond the floor
    ],
    ids=["one", "half", "sine", "float32", "faint"],
)
def test_levels_in_decibels_of_full_scale(samples, dbfs):
    assert level(samples) == pytest.approx(dbfs, abs=0.01)


def test_levels_per_window_and_where_sound_becomes_audible() -> None:
    sound = np.concatenate([np.zeros(4800), np.full(2400, 0.1), np.full(2400, 0.001)])
    found = levels(sound, 24_000)
    assert found.shape == (40,)
    assert found[0] == FLOOR
    assert found[25] == pytest.approx(-20)
    assert first_audible(sound, 24_000) == 4800
    assert last_audible(sound, 24_000) == 7200
    assert first_audible(np.zeros(2400), 24_000) is None
    assert last_audible(np.zeros(10), 24_000) is None


def test_a_last_window_that_is_not_full_is_left_out() -> None:
    assert levels(np.ones(WINDOW - 1), RATE).shape == (0,)
    assert levels(np.ones(WINDOW), RATE).shape == (1,)
    assert levels(np.ones(2 * WINDOW - 1), RATE).shape == (1,)
    assert levels([], RATE).shape == (0,)


@pytest.mark.parametrize(("rate", "width"), [(8_000, 80), (22_050, 220), (44_100, 441), (10, 1)])
def test_windows_are_whole_samples_at_any_rate(rate, width):
    sound = np.concatenate([np.zeros(3 * width), np.ones(2 * width), np.zeros(width)])
    assert levels(sound, rate).tolist() == pytest.approx([FLOOR] * 3 + [0, 0] + [FLOOR])
    assert (first_audible(sound, rate), last_audible(sound, rate)) == (3 * width, 5 * width)


def test_a_window_of_one_s_own():
    assert levels(np.ones(RATE), RATE, window=0.25).shape == (4,)


@pytest.mark.parametrize(("dbfs", "audible"), [(AUDIBLE - 0.01, False), (AUDIBLE + 0.01, True)])
def test_where_audible_begins(dbfs, audible):
    sound = np.full(WINDOW, 10 ** (dbfs / 20))
    assert (first_audible(sound, RATE) == 0) is audible
    assert (last_audible(sound, RATE) == WINDOW) is audible


def test_a_threshold_of_one_s_own():
    sound = np.concatenate([np.full(WINDOW, 0.001), np.full(WINDOW, 0.1), np.full(WINDOW, 0.001)])
    assert (first_audible(sound, RATE, -30), last_audible(sound, RATE, -30)) == (WINDOW, 2 * WINDOW)
    assert (first_audible(sound, RATE, -70), last_audible(sound, RATE, -70)) == (0, 3 * WINDOW)
    assert (first_audible(sound, RATE, -10), last_audible(sound, RATE, -10)) == (None, None)


def test_silence_inside_a_sound_does_not_end_it():
    sound = np.concatenate([np.ones(WINDOW), np.zeros(50 * WINDOW), np.ones(WINDOW), np.zeros(WINDOW)])
    assert (first_audible(sound, RATE), last_audible(sound, RATE)) == (0, 52 * WINDOW)
