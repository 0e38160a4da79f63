"""Sound laid out in time."""

from __future__ import annotations

import numpy as np
import pytest

from voicenb.audio import g711
from voicenb.audio.pcm import to_pcm
from voicenb.emulator.history_tracks import CAUGHT_UP, RATE, Piece, Track, side_by_side


def pcm(value, seconds):
    """A level that can be told apart from others."""
    return to_pcm(np.full(round(seconds * RATE), value, np.float32))


@pytest.fixture
def track():
    pieces = []
    made = Track(pieces.append)
    made.pieces = pieces
    return made


def stereo(left=(), right=(), seconds=0.0):
    chunks = list(side_by_side(left, right, seconds))
    assert all(len(chunk) == RATE for chunk in chunks[:-1])
    return np.concatenate(chunks)


def test_chunks_that_touch_are_one_piece_a_second_long(track):
    for n in range(150):
        track.add(1.0 + n * 0.02, "audio/pcm", pcm(0.5, 0.02))
    track.flush()
    assert [piece.start for piece in track.pieces] == pytest.approx([1.0, 2.0, 3.0])
    assert sum(len(piece.data) for piece in track.pieces) == 2 * 3 * RATE
    assert track.end == pytest.approx(4.0)


@pytest.mark.parametrize("at", [2.5, 1.9, 1.0, 0.5])
def test_what_is_cut_off_was_never_heard(track, at):
    for n in range(105):
        track.add(n * 0.02, "audio/pcm", pcm(0.5, 0.02))
    track.cut(at)
    end = min(at, 2.1) if at > 1.0 else 1.0  # what was handed on before stays
    assert track.end == pytest.approx(end)
    track.add(2.4, "audio/pcm", pcm(0.25, 0.1))
    track.flush()
    sound = stereo([], track.pieces)[:, 1]
    assert (sound == 0.5).sum() == round(end * RATE)
    assert (sound == 0.25).sum() == 2400


def test_samples_are_cut_whole(track):
    track.add(0.0, "audio/pcm", pcm(0.5, 0.02))
    track.cut(0.01001)
    track.flush()
    assert len(track.pieces[0].data) == 480


@pytest.mark.parametrize("start", [1.5, 0.9])
def test_a_gap_or_another_reply_begins_a_piece(track, start):
    track.add(0.0, "audio/pcm", pcm(0.5, 1.0))
    track.add(start, "audio/pcm", pcm(0.25, 0.1))
    track.flush()
    assert [piece.start for piece in track.pieces] == [0.0, start]


def test_another_encoding_begins_a_piece_where_the_last_one_ended(track):
    track.add(0.0, "audio/pcm", pcm(0.5, 0.1))
    track.arrive(0.2, "audio/pcmu", b"\xff" * 800)
    track.flush()
    assert [(piece.start, piece.encoding) for piece in track.pieces] == [
        (0.0, "audio/pcm"),
        (0.1, "audio/pcmu"),
    ]


def test_what_comes_a_little_late_follows_and_what_comes_much_later_leaves_a_gap(track):
    track.arrive(0.02, "audio/pcm", pcm(0.5, 0.02))
    track.arrive(0.24, "audio/pcm", pcm(0.5, 0.02))  # 0.2 s late
    track.arrive(0.04, "audio/pcm", pcm(0.5, 0.02))  # a burst, ahead of its time
    track.arrive(2.00, "audio/pcm", pcm(0.5, 0.02))
    track.flush()
    assert [(round(piece.start, 3), round(piece.end, 3)) for piece in track.pieces] == [
        (0.0, 0.06),
        (1.98, 2.0),
    ]


def send(track, now, seconds, each=0.0):
    """Chunks of 20 ms that come one after the other, ``each`` seconds apart; gives the moment afterwards."""
    for _ in range(round(seconds / 0.02)):
        track.arrive(now, "audio/pcm", pcm(0.5, 0.02))
        now += each
    return now


def spans(track):
    track.flush()
    joined = []
    for piece in track.pieces:
        if joined and abs(joined[-1][1] - piece.start) < 1e-6:
            joined[-1][1] = piece.end
        else:
            joined.append([piece.start, piece.end])
    return [tuple(round(edge, 2) for edge in span) for span in joined]


def test_what_is_sent_late_and_fast_was_said_before(track):
    """As after a lost connection: the microphone's audio of the gap comes at once when it is back."""
    now = send(track, 0.02, 2.0, each=0.02)
    assert now == pytest.approx(2.02)
    send(track, 8.0, 6.2, each=0.001)
    send(track, 8.3, 2.0, each=0.02)
    assert spans(track) == [(0.0, 10.2)]


def test_what_is_sent_fast_from_the_beginning_was_said_before(track):
    send(track, 3.0, 1.5)
    send(track, 3.02, 3.0, each=0.02)
    assert spans(track) == [pytest.approx((1.5, 6.0), abs=0.03)]


def test_what_was_never_sent_is_a_gap(track):
    send(track, 0.02, 2.0, each=0.02)
    send(track, 8.02, 3.0, each=0.02)
    assert spans(track) == [(0.0, 2.0), (8.0, 11.0)]


def test_more_than_the_gap_is_ahead_of_its_time(track):
    send(track, 0.02, 2.0, each=0.02)
    send(track, 4.0, 5.0)
    assert spans(track) == [(0.0, 7.0)]


def test_only_so_much_waits_in_memory(track):
    send(track, 0.02, 0.1, each=0.02)
    send(track, 100.0, 60.0)
    assert max(len(piece.data) for piece in track.pieces) <= 48_000 * (CAUGHT_UP + 1)
    assert len(track._data) <= 48_000 * (CAUGHT_UP + 1)


def test_nothing_is_nothing_to_hand_on(track):
    track.flush()
    assert track.pieces == []


def test_left_and_right_each_at_its_place():
    left = [Piece(0.5, "audio/pcm", pcm(0.5, 1.0))]
    right = [Piece(2.25, "audio/pcm", pcm(-0.25, 0.5))]
    sound = stereo(left, right)
    assert len(sound) == round(2.75 * RATE)
    assert np.flatnonzero(sound[:, 0]).tolist() == list(range(12_000, 36_000))
    assert np.flatnonzero(sound[:, 1]).tolist() == list(range(54_000, 66_000))
    assert set(sound[:, 0]) == {0.0, 0.5}
    assert set(sound[:, 1]) == {0.0, -0.25}


@pytest.mark.parametrize("seconds", [0.0, 0.25, 1.0, 3.5])
def test_silence_fills_the_call(seconds):
    if seconds:
        assert stereo(seconds=seconds).shape == (round(seconds * RATE), 2)
    else:
        assert list(side_by_side([], [], seconds)) == []
    sound = stereo([Piece(0.0, "audio/pcm", pcm(0.5, 1.5))], [], seconds)
    assert len(sound) == round(max(1.5, seconds) * RATE)


def test_no_sample_is_lost_or_doubled_between_pieces(track):
    counted = np.arange(1, 3 * RATE + 1, dtype=np.float32) % 30_000 / 32_768
    start = 0.1  # no float of it is exact
    for at in range(0, len(counted), 430):
        chunk = counted[at : at + 430]
        track.add(start + at / RATE, "audio/pcm", to_pcm(chunk))
    track.flush()
    assert len(track.pieces) == 3
    sound = stereo(track.pieces)[:, 0]
    np.testing.assert_array_equal(sound[2400:], counted)


def test_a_reply_that_begins_before_the_last_one_is_over_loses_its_beginning():
    pieces = [Piece(0.0, "audio/pcm", pcm(0.5, 1.0)), Piece(0.9, "audio/pcm", pcm(0.25, 0.3))]
    sound = stereo([], pieces)[:, 1]
    assert (sound[:RATE] == 0.5).all()
    assert (sound[RATE:] == 0.25).all()
    assert len(sound) == round(1.2 * RATE)


@pytest.mark.parametrize(
    ("encoding", "encode"), [("audio/pcmu", g711.encode_ulaw), ("audio/pcma", g711.encode_alaw)]
)
def test_telephone_sound_is_put_at_its_place(encoding, encode):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000).astype(np.float32)
    data = encode(tone)
    pieces = [
        Piece(0.5, encoding, data[:4000]),
        Piece(1.0, encoding, data[4000:]),
        Piece(3.0, encoding, data),
    ]
    sound = stereo(pieces)[:, 0]
    assert len(sound) == 4 * RATE
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    inside = slice(1000, -1000)  # the edges ring
    for start in (0.5, 3.0):
        at = round(start * RATE)
        np.testing.assert_allclose(sound[at : at + RATE][inside], expected[inside], atol=0.03)
    assert np.abs(sound[2 * RATE : 2 * RATE + 12_000]).max() < 0.01
