from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.errors import MalformedMessage
from voicenb.session.tab_wire import pack, unpack

_json = st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53) | st.booleans() | st.none())


@given(_json, st.lists(st.binary(), max_size=4))
def test_what_is_packed_comes_out(message: dict[str, object], buffers: list[bytes]) -> None:
    frame = pack(message, buffers)
    assert isinstance(frame, bytes) == bool(buffers)
    assert unpack(frame) == (message, buffers)


def test_a_view_of_bytes_is_taken() -> None:
    assert unpack(pack({}, [memoryview(b"abc")[1:]])) == ({}, [b"bc"])


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        "1",
        b"",
        b"\x00\x00",
        b"\xff\xff\xff\xff{}",
        b"\x02\x00\x00\x00{}",
        pack({"a": 1}, [b"abc"])[:-1],
        pack({"a": 1}, [b"abc"]) + b"d",  # type: ignore[operator]
    ],
)
def test_what_is_no_message_is_refused(frame: str | bytes) -> None:
    with pytest.raises(MalformedMessage):
        unpack(frame)
