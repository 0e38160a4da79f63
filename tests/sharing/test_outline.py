"""The outline of a voice."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from voicenb.sharing.outline import BLOCK, RATE, outline, step


def columns(track: np.ndarray, duration: float) -> np.ndarray:
    return np.frombuffer(base64.b64decode(outline(track, duration)), np.uint8)


def test_a_column_is_the_loudest_of_its_samples_and_the_square_root_lies_between() -> None:
    track = np.zeros(RATE, np.int16)
    track[round(0.5 * RATE)] = -20_000
    track[round(0.9 * RATE)] = 5_000
    found = columns(track, 1.0)
    assert len(found) == 50
    assert found[25] == 255
    assert found[45] == 128  # a quarter as loud, half as high
    assert np.count_nonzero(found) == 2


def test_what_lies_behind_the_end_of_the_track_is_silence() -> None:
    found = columns(np.full(RATE, 1000, np.int16), 3.0)
    assert len(found) == 150
    assert (found[:50] == 255).all()
    assert not found[50:].any()


def test_nothing_is_lost_where_two_blocks_meet() -> None:
    seconds = 2 * BLOCK + 1
    track = np.zeros(seconds * RATE, np.int16)
    places = [BLOCK * RATE - 1, BLOCK * RATE, 2 * BLOCK * RATE - 1, 2 * BLOCK * RATE]
    track[places] = 1000
    found = columns(track, float(seconds))
    width = round(step(seconds) * RATE)
    assert set(np.flatnonzero(found)) == {place // width for place in places}


@pytest.mark.parametrize("track", [np.zeros(0, np.int16), np.zeros(RATE, np.int16)])
def test_silence_has_no_outline(track: np.ndarray) -> None:
    assert not columns(track, 1.0).any()


def test_the_most_negative_sample_is_loud_too() -> None:
    assert columns(np.full(480, -32768, np.int16), 0.02)[0] == 255
