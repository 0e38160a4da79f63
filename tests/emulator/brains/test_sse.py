"""Server-sent events: what of a stream is data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from voicenb.emulator.brains.sse import payloads


def read(*lines: str) -> list[str]:
    async def stream() -> AsyncIterator[str]:
        for line in lines:
            yield line

    async def collect() -> list[str]:
        return [payload async for payload in payloads(stream())]

    return asyncio.run(collect())


@pytest.mark.parametrize(
    ("lines", "data"),
    [
        (["data: a", "", "data: b", ""], ["a", "b"]),
        (["data:a", ""], ["a"]),
        (["data:  a ", ""], [" a "]),  # one space is the separator
        (["data: a", "data: b", ""], ["a\nb"]),
        ([": ping", "", "event: x", "id: 7", "data: a", ""], ["a"]),
        (["data: a"], ["a"]),  # a stream that breaks off
        (["", "", ""], []),
        (["data: ", ""], [""]),
        ([], []),
    ],
)
def test_data(lines: list[str], data: list[str]) -> None:
    assert read(*lines) == data


@pytest.mark.parametrize("done", ["data: [DONE]", "data:[DONE]", "data:  [DONE] "])
def test_nothing_is_read_behind_done(done: str) -> None:
    assert read("data: a", "", done, "", "data: b", "") == ["a"]
    assert read("data: a", "", done) == ["a"]
