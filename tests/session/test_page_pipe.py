from __future__ import annotations

import io
from typing import Any

import pytest
from captured_frame import write_captured

from voicenb.session import page_pipe

FRAME = write_captured(7, 40.0, bytes(range(200)))
MESSAGES: list[Any] = [{"type": "hello", "page": "ä"}, FRAME, {"type": "heard", "reply": 1}, FRAME]


def test_messages_come_out_as_they_went_in() -> None:
    stream = io.BytesIO(b"".join(page_pipe.pack(n, message) for n, message in enumerate(MESSAGES)))
    assert list(page_pipe.read(stream)) == list(enumerate(MESSAGES))


@pytest.mark.parametrize("missing", [1, 100, len(FRAME), len(FRAME) + 3])
def test_a_pipe_that_breaks_off_ends(missing: int) -> None:
    whole = page_pipe.pack(1, FRAME)
    stream = io.BytesIO(whole + whole[:-missing])
    assert list(page_pipe.read(stream)) == [(1, FRAME)]


def test_what_is_malformed_is_left_out() -> None:
    broken = page_pipe.pack(1, b"{oops")
    stream = io.BytesIO(broken + page_pipe.pack(1, FRAME))
    assert list(page_pipe.read(stream)) == [(1, FRAME)]
