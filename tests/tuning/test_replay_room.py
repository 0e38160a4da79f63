"""The room behind a caller goes on without a seam."""

import numpy as np
import pytest

from voicenb.analysis.boundaries import Speech
from voicenb.recording.alignment import LaidOut
from voicenb.tuning.replay_room import BESIDE, MOST, SEAM, RoomSound, faded, joined, room_of

RATE = 24_000


def laid(track):
    return LaidOut(track, [(0, len(track), 0)])


@pytest.fixture
def noise():
    chance = np.random.default_rng(3)
    return np.round(200 * chance.standard_normal(20 * RATE)).astype(np.int16)


def test_silence_stays_silence():
    room = room_of(laid(np.zeros(5 * RATE, np.int16)), [], 0)
    assert room.seconds == 0.0
    assert not room.take(1000).any()
    assert len(RoomSound(np.zeros(0, np.int16)).take(7)) == 7


def test_only_where_nobody_is_heard(noise):
    """Speech is loud; none of it may be in the room, nor what lies right beside it."""
    spans = [Speech(1.0, 3.0), Speech(2.5, 4.0), Speech(9.0, 18.0)]
    for span in spans:
        noise[round((span.start - BESIDE / 2) * RATE) : round((span.end + BESIDE / 2) * RATE)] = 20_000
    room = room_of(laid(noise), spans, RATE // 10)
    # 0.1 to 0.75, 4.25 to 8.75, 18.25 to 20
    assert room.seconds == pytest.approx(0.65 + 4.5 + 1.75, abs=0.05)
    assert np.abs(room.take(30 * RATE)).max() < 5000


def test_no_more_than_is_needed_is_kept(noise):
    assert room_of(laid(noise), [], 0).seconds == pytest.approx(MOST, abs=0.05)
    assert room_of(laid(noise), [Speech(0.0, 20.0)], 0).seconds == 0.0
    assert room_of(laid(noise), [Speech(0.4, 20.0)], 0).seconds == 0.0  # 0.15 s are too little


def test_it_goes_round_without_a_click():
    """A slow swing: where it goes round, no sample jumps further than within it."""
    swing = np.round(3000 * np.sin(2 * np.pi * 3.3 * np.arange(2 * RATE) / RATE)).astype(np.int16)
    room = room_of(laid(swing), [Speech(0.9, 1.0)], 0)
    heard = room.take(4 * RATE).astype(int)
    whole = np.abs(np.diff(swing.astype(int))).max()
    assert np.abs(np.diff(heard)).max() <= whole + 6000 / SEAM + 1
    again = np.concatenate([room.take(100), room.take(50)])
    assert len(again) == 150


def test_what_is_the_same_is_not_changed_by_fading():
    same = np.arange(SEAM, dtype=np.int16)
    assert np.array_equal(faded(same, same), same)
    both = joined(np.full(1000, 5, np.int16), np.full(900, 5, np.int16))
    assert np.array_equal(both, np.full(1900 - SEAM, 5))
