"""The kernel's connections to the helper: made to a real one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from voicenb.errors import VoicenbError
from voicenb.session.helper_connection import connect_helper
from voicenb.session.helper_process import HelperProcess


async def visit(process: HelperProcess) -> Any:
    connection = await connect_helper(process, "/tabs")
    await connection.close()
    return connection


def test_a_helper_is_begun_and_reached() -> None:
    process = HelperProcess()
    try:
        assert asyncio.run(visit(process)).close_code == 1000
    finally:
        process.stop()


class Moved(HelperProcess):
    """A helper that was just dying where it was known to be; asked again, it is elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    def reach(self, *, not_at: int = 0) -> tuple[int, str]:
        self.asked.append(not_at)
        if len(self.asked) == 1:
            return 9, "nobody is there"  # the discard port: no helper has it
        return super().reach()


def test_one_that_is_dying_is_not_the_last_word() -> None:
    process = Moved()
    try:
        assert asyncio.run(visit(process)).close_code == 1000
    finally:
        process.stop()
    assert process.asked == [0, 9]


class Nowhere(HelperProcess):
    """A helper that is never where it is said to be."""

    def reach(self, *, not_at: int = 0) -> tuple[int, str]:
        return 9, ""


def test_one_that_cannot_be_reached_is_told() -> None:
    with pytest.raises(VoicenbError, match=r"cannot be reached: .+"):
        asyncio.run(visit(Nowhere()))
