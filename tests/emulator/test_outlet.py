from __future__ import annotations

import asyncio

import pytest

from voicenb.emulator.outlet import Outlet
from voicenb.testing.virtual_clock import run_virtually


class Wire:
    def __init__(self):
        self.said = []

    def emit(self, kind, **fields):
        self.said.append((round(asyncio.get_running_loop().time(), 3), kind))


@pytest.fixture
def wire():
    return Wire()


def test_a_delay_keeps_the_order(wire):
    async def main():
        outlet = Outlet(wire)
        outlet.say("a")
        outlet.delay(1.0, first=lambda: outlet.say("b"))
        outlet.say("c")
        await asyncio.sleep(2)
        outlet.say("d")

    run_virtually(main)
    assert wire.said == [(0, "a"), (1.0, "b"), (1.0, "c"), (2.0, "d")]


def test_a_delay_can_be_hurried_and_another_one_does(wire):
    async def main():
        outlet = Outlet(wire)
        outlet.delay(5.0, first=lambda: outlet.say("a"))
        outlet.say("b")
        outlet.hurry()
        outlet.delay(5.0, first=lambda: outlet.say("c"))
        outlet.delay(0.0, first=lambda: outlet.say("d"))
        await asyncio.sleep(10)

    run_virtually(main)
    assert wire.said == [(0, "a"), (0, "b"), (0, "c"), (0, "d")]


def test_a_hold_keeps_everything(wire):
    async def main():
        outlet = Outlet(wire)
        outlet.hold(True)
        outlet.say("a")
        outlet.delay(1.0)
        outlet.say("b")
        await asyncio.sleep(3)
        assert wire.said == []
        outlet.hold(False)
        outlet.stop()

    run_virtually(main)
    assert wire.said == [(3.0, "a"), (3.0, "b")]


def test_what_a_delay_begins_with_comes_ahead_of_what_it_kept_also_in_a_hold(wire):
    async def main():
        outlet = Outlet(wire)
        outlet.hold(True)
        outlet.say("a")
        outlet.delay(1.0, first=lambda: outlet.say("b"))
        outlet.say("c")
        await asyncio.sleep(2)
        outlet.say("d")
        outlet.hold(False)

    run_virtually(main)
    assert [kind for _, kind in wire.said] == ["a", "b", "c", "d"]


def test_a_hold_that_ends_during_a_delay_keeps_the_order(wire):
    async def main():
        outlet = Outlet(wire)
        outlet.hold(True)
        outlet.say("a")
        outlet.delay(1.0, first=lambda: outlet.say("b"))
        outlet.say("c")
        outlet.hold(False)
        outlet.say("d")
        assert wire.said == []
        await asyncio.sleep(2)

    run_virtually(main)
    assert wire.said == [(1.0, "a"), (1.0, "b"), (1.0, "c"), (1.0, "d")]
