"""Stamps: a fixed start and the loop's clock."""

from __future__ import annotations

import asyncio
import time

from voicenb.emulator.clock import FIXED_START, Stamps
from voicenb.testing.virtual_clock import run_virtually


def test_from_a_fixed_start_stamps_repeat():
    async def stamps():
        clock = Stamps(FIXED_START)
        first = clock.now()
        await asyncio.sleep(1.25)
        return first, clock.now(), clock.iso(), clock.at(clock.loop_time() - 0.25)

    async def a_moment():
        await asyncio.sleep(5)
        return Stamps(FIXED_START).iso(1.25)

    first, later, written, earlier = run_virtually(stamps)
    assert run_virtually(a_moment) == written
    assert later - first == 1.25
    assert later - earlier == 0.25
    assert run_virtually(stamps) == (first, later, written, earlier)
    assert written.startswith("2026-09-21T")
    assert written[-7:].strip("0123456789") == "."
    assert "+" not in written


def test_the_wall_clock_is_looked_at_once(monkeypatch):
    looks = []
    real = time.time
    monkeypatch.setattr(time, "time", lambda: looks.append(1) or real())

    async def stamps():
        clock = Stamps()
        return clock.now(), clock.now(), clock.iso()

    before = real()
    first, second, _ = asyncio.run(stamps())
    assert before - 1e-3 <= first <= second <= real() + 1e-3
    assert len(looks) == 1
