import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.recording.alignment import LaidOut, caller_pieces, heard_pieces, lay_out

RATE = 24_000


def frame(t, start, samples=480):
    return {"t": t, "dir": "out", "type": "input.audio", "start": start, "samples": samples}


def note(t, reply, start, stop):
    msg = {"reply_id": reply, "from": start, "to": stop, "t": t, "uncertainty": 0.0}
    return {"t": t + 9, "dir": "local", "type": "heard", "msg": msg}


def test_frames_that_were_late_do_not_move_the_track():
    late = np.random.default_rng(0).exponential(0.01, 1000)
    late[300] = 0.0
    events = [frame(0.52 + i * 0.02 + late[i], i * 480) for i in range(1000)]
    pieces = caller_pieces(events)
    assert sum(count for _, count, _ in pieces) == 480_000
    assert all(abs(clock - first - 0.5 * RATE) <= 0.002 * RATE for first, _, clock in pieces)


def test_a_microphone_that_was_off_leaves_a_gap():
    events = [frame(1.02 + i * 0.02, i * 480) for i in range(10)]
    events += [frame(61.02 + i * 0.02, 4800 + i * 480) for i in range(10)]
    assert caller_pieces(events) == [(0, 4800, RATE), (4800, 4800, 61 * RATE)]


def test_a_clock_that_runs_slow_is_followed():
    events = [
        frame(0.02 + i * 0.02 * (1 + 200e-6), i * 480) for i in range(50 * 300)
    ]  # 60 ms in five minutes
    said = caller_pieces(events)
    first, count, clock = said[-1]
    assert (clock - first) / RATE == pytest.approx(0.06, abs=0.005)
    assert first + count == 50 * 300 * 480


def test_heard_stretches_over_chunks_that_stand_apart():
    sound = {"a": [(0, 100, 50), (50, 300, 50)], "b": [(0, 150, 150)]}
    events = [note(1.0, "a", 0, 80), note(2.0, "b", 10, 20), note(3.0, "nobody", 0, 5)]
    assert heard_pieces(events, sound) == [
        (100, 50, RATE),
        (300, 30, RATE + 50),
        (160, 10, 2 * RATE),
    ]


def test_laid_out_within_a_length_and_from_zero():
    track = np.arange(100, dtype=np.int16)
    assert lay_out(track, []).shape == (0,)
    np.testing.assert_array_equal(lay_out(track, [(10, 5, 2)]), [0, 0, 10, 11, 12, 13, 14])
    np.testing.assert_array_equal(lay_out(track, [(10, 5, -2)], 6), [12, 13, 14, 0, 0, 0])
    np.testing.assert_array_equal(lay_out(track, [(10, 5, 4)], 6), [0, 0, 0, 0, 10, 11])
    np.testing.assert_array_equal(lay_out(track, [(10, 5, 9)], 6), np.zeros(6))
    np.testing.assert_array_equal(lay_out(track, [(98, 5, 0)]), [98, 99, 0, 0, 0])  # a track that lags behind


@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20), st.integers(-5, 90)), max_size=6),
    st.integers(0, 120),
    st.integers(0, 120),
)
def test_slices_of_a_track_that_is_laid_out_when_asked_for(
    pieces: list[tuple[int, int, int]], begin: int, stop: int
) -> None:
    track = np.arange(1, 101, dtype=np.int16)
    whole = lay_out(track, pieces)
    lazy = LaidOut(track, pieces)
    assert len(lazy) == len(whole)
    np.testing.assert_array_equal(lazy[begin:stop], whole[begin:stop])


@pytest.mark.parametrize("ppm", [-100, 100])
def test_an_hour_with_a_clock_that_is_off_drifts_no_further_than_10_ms(ppm: int) -> None:
    """By 100 ppm that were 0.36 s in the hour, were it not for the times of the frames."""
    rate = 24_000 * (1 + ppm / 1e6)  # samples in a second of the engine's
    late = np.random.default_rng(1).exponential(0.004, 3600 * 50)  # each frame leaves a little late
    events = [
        {
            "t": 5.0 + (frame + 1) * 480 / rate + late[frame],
            "dir": "out",
            "type": "input.audio",
            "start": frame * 480,
            "samples": 480,
        }
        for frame in range(3600 * 50)
    ]
    pieces = caller_pieces(events)
    off = [
        on_clock / 24_000 - (5.0 + sample / rate)
        for first, count, place in pieces
        for sample, on_clock in ((first, place), (first + count - 1, place + count - 1))
    ]
    assert sum(count for _, count, _ in pieces) == 3600 * 24_000
    assert max(map(abs, off)) <= 0.010
