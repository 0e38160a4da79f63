"""What a page mirrors, as it is written and read."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicenb.errors import MalformedMessage
from voicenb.session.page_frames import mark_of
from voicenb.session.page_mirror import Came, Mirror, Over, Went, is_mirror, read_mirror, write_mirror

MIRROR = Mirror(
    2,
    (
        Came(1, 10.5, b'{"type":"session.ready"}'),
        Went(1, 12.25, b"\x01\x02" * 384, -3.5),
        Came(1, 13.0, '{"type":"reply.audio","data":"é"}'.encode(), 4, 960),
        Went(2, 14.0, b"", 14.0, held=True),
        Over(2, 15.0, 1008, "nobody, and no one"),
    ),
)


def test_it_is_read_as_it_was_written() -> None:
    frame = write_mirror(MIRROR, mark=0xABCD)
    assert is_mirror(frame)
    assert mark_of(frame) == 0xABCD
    assert read_mirror(frame) == MIRROR


@pytest.mark.parametrize("cut", [1, 15, 17, 40, 60])
def test_what_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(MalformedMessage):
        read_mirror(write_mirror(MIRROR)[:-cut])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=120))
def test_anything_else_is_refused_or_read(frame: bytes) -> None:
    with contextlib.suppress(MalformedMessage):
        read_mirror(b"\x03" + frame)
