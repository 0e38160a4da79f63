from __future__ import annotations

import asyncio

import pytest

from voicenb.session.pace import STALL, Pace
from voicenb.testing.virtual_clock import run_virtually


def due(count: int, *, stalls: dict[int, float]) -> list[float]:
    """When frames are due, where whoever takes them is held up behind some of them."""

    async def main() -> list[float]:
        pace, times = Pace(), []
        for n in range(count):
            await pace.next()
            times.append(asyncio.get_running_loop().time())
            await asyncio.sleep(stalls.get(n, 0.0))
        return times

    return run_virtually(main)


def test_a_short_delay_is_caught_up() -> None:
    assert due(100, stalls={9: STALL - 0.1})[-1] == pytest.approx(2.0)


def test_a_long_one_is_not() -> None:
    assert due(100, stalls={9: 5.0})[10:] == pytest.approx([5.2 + 0.02 * n for n in range(90)])


def test_of_many_short_ones_no_more_comes_at_once_than_of_one() -> None:
    times = due(200, stalls=dict.fromkeys(range(0, 200, 10), 0.9))
    ahead = [0.02 * n - at for n, at in enumerate(times)]
    assert max(later - min(ahead[: n + 1]) for n, later in enumerate(ahead)) <= STALL + 0.05
