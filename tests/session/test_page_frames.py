from __future__ import annotations

import struct

import pytest
from captured_frame import write_captured

from voicenb.errors import MalformedMessage
from voicenb.session.page_frames import (
    Captured,
    ReplySound,
    mark_of,
    read_captured,
    read_reply,
    write_reply,
)


def test_a_captured_frame_as_the_page_writes_it() -> None:
    frame = struct.pack("<BBHId", 1, 0, 0, 41, 1234.5) + b"\x01\x02"
    assert read_captured(frame) == Captured(41, 1234.5, b"\x01\x02")
    assert write_captured(41, 1234.5, b"\x01\x02") == frame


def test_a_frame_may_carry_the_mark_of_its_page() -> None:
    frame = struct.pack("<BBHId", 1, 0, 513, 41, 1234.5) + b"\x01\x02"
    assert write_captured(41, 1234.5, b"\x01\x02", mark=513) == frame
    assert mark_of(frame) == 513
    assert read_captured(frame) == Captured(41, 1234.5, b"\x01\x02")
    assert mark_of(b"\x01\x00\x00") == 0


def test_a_reply_frame_as_the_page_reads_it() -> None:
    frame = struct.pack("<BBHIII", 2, 0, 0, 3, 480, 0) + b"\x01\x02"
    assert write_reply(3, 480, b"\x01\x02") == frame
    assert read_reply(frame) == ReplySound(3, 480, b"\x01\x02")


@pytest.mark.parametrize("frame", [b"", b"\x01" * 15, b"\x02" + bytes(15), b"\x01" + bytes(16)])
def test_what_is_no_captured_frame(frame: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_captured(frame)


def test_what_is_no_reply_frame() -> None:
    with pytest.raises(MalformedMessage):
        read_reply(b"\x01" + bytes(15))
