"""Parts of a file."""

from __future__ import annotations

import pytest

from voicenb.emulator.rest.ranges import partial

DATA = bytes(range(100))


@pytest.mark.parametrize(
    "asked",
    [None, "", "bytes=-", "bytes=1-2,5-6", "lines=1-2", "bytes=a-b", "bytes 1-2", f"bytes={'9' * 5000}-"],
)
def test_the_whole(asked):
    answer = partial(DATA, "audio/ogg", asked)
    assert (answer.status_code, answer.body) == (200, DATA)
    assert (answer.headers["accept-ranges"], answer.headers["content-type"]) == ("bytes", "audio/ogg")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=90-", 90, 99),
        ("bytes=90-500", 90, 99),
        ("bytes=-10", 90, 99),
        ("bytes=-500", 0, 99),
    ],
)
def test_a_part(asked, start, end):
    answer = partial(DATA, "audio/ogg", asked)
    assert (answer.status_code, answer.body) == (206, DATA[start : end + 1])
    assert answer.headers["content-range"] == f"bytes {start}-{end}/100"
    assert answer.headers["content-length"] == str(end - start + 1)


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=20-10", "bytes=-0"])
def test_a_part_that_there_is_not(asked):
    answer = partial(DATA, "audio/ogg", asked)
    assert (answer.status_code, answer.body) == (416, b"")
    assert answer.headers["content-range"] == "bytes */100"
