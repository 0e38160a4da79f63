from __future__ import annotations

import pytest

from voicenb.errors import AudioError
from voicenb.session.caller_line import ROOM, CallerLine

FRAME = b"\x01\x01" * 4


def test_frames_go_through() -> None:
    assert CallerLine().through(FRAME) == FRAME


def test_muted_it_is_silent() -> None:
    line = CallerLine()
    line.muted = True
    assert line.through(FRAME) == bytes(8)


def test_what_is_given_by_hand_takes_the_place_of_the_microphone() -> None:
    line = CallerLine()
    line.give(b"\x02\x02" * 6)
    assert line.waiting == 12
    assert line.through(FRAME) == b"\x02\x02" * 4
    assert line.through(FRAME) == b"\x02\x02" * 2 + FRAME[4:]
    assert line.through(FRAME) == FRAME
    line.muted = True
    line.give(b"\x02\x02" * 2)
    assert line.through(FRAME) == b"\x02\x02" * 2 + bytes(4)


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(AudioError):
        CallerLine().give(b"123")


def test_a_minute_has_room() -> None:
    line = CallerLine()
    assert line.has_room(bytes(2 * ROOM)), "what is longer goes alone"
    line.give(bytes(ROOM - 2))
    assert line.has_room(bytes(2))
    assert not line.has_room(bytes(4))
