"""Whether the other side of a connection lives, on the virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from voicenb.session.pulse import DEAD, DOUBT, TICK, Pulse
from voicenb.testing.virtual_clock import run_virtually


class Other:
    """Another side that answers pings after so many seconds, for so long."""

    def __init__(self, *, delay: float = 0.1, until: float = 1e9) -> None:
        self.delay = delay
        self.until = until
        self.pings: list[float] = []
        self.given_up: list[float] = []
        self.pulse = Pulse(self.ping, self.give_up)
        self.pulse.listening = True

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def ping(self) -> bool:
        self.pings.append(self.now)
        await asyncio.sleep(self.delay if self.now + self.delay < self.until else 1e6)
        return True

    def give_up(self) -> None:
        self.given_up.append(self.now)


def virtually(story: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await story()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    run_virtually(main, limit=1000)


def test_before_the_first_frame_nothing_is_expected() -> None:
    async def story() -> None:
        other = Other()
        await asyncio.sleep(100)
        assert other.pings == []
        assert not other.pulse.in_doubt

    virtually(story)


@pytest.mark.parametrize("delay", [0.0, 0.9, 1.5])
def test_who_answers_is_not_doubted(delay: float) -> None:
    async def story() -> None:
        other = Other(delay=delay)
        other.pulse.sign()
        for _ in range(300):
            await asyncio.sleep(0.1)
            assert not other.pulse.in_doubt
        assert other.given_up == []
        assert 30 / (TICK + delay + 1) < len(other.pings) <= 31

    virtually(story)


def test_who_falls_silent_is_doubted_and_given_up_once() -> None:
    async def story() -> None:
        began = asyncio.get_running_loop().time()
        other = Other(until=began + 20.0)
        other.pulse.sign()
        await asyncio.sleep(20 + DOUBT * TICK - 0.5)  # the ping of second 20 is the first without an answer
        assert not other.pulse.in_doubt
        await asyncio.sleep(1.0)
        assert other.pulse.in_doubt
        await asyncio.sleep((DEAD - DOUBT) * TICK - 1.0)
        assert not other.pulse.lost
        await asyncio.sleep(100)
        assert other.pulse.lost
        assert other.given_up == [pytest.approx(began + 20 + DEAD * TICK)]

    virtually(story)


def test_the_silence_counts_from_the_last_sign() -> None:
    silent: list[float] = []

    async def story() -> None:
        other = Other(until=0.0)
        other.pulse = Pulse(other.ping, lambda: silent.append(other.pulse.silent))
        other.pulse.listening = True
        other.pulse.sign()
        await asyncio.sleep(3.5)
        other.pulse.sign()
        await asyncio.sleep(100)

    virtually(story)
    assert len(silent) == 1
    assert DEAD * TICK - TICK <= silent[0] <= DEAD * TICK


def test_a_frame_is_a_sign_though_the_answer_waits_behind_it() -> None:
    async def story() -> None:
        other = Other(until=0.0)
        for _ in range(100):
            other.pulse.sign()
            await asyncio.sleep(0.7)
            assert not other.pulse.in_doubt
        assert other.given_up == []

    virtually(story)


def test_while_nobody_takes_frames_nothing_is_counted() -> None:
    async def story() -> None:
        other = Other(until=0.0)
        other.pulse.sign()
        other.pulse.listening = False
        await asyncio.sleep(100)
        assert not other.pulse.in_doubt
        other.pulse.listening = True
        await asyncio.sleep(DEAD * TICK + 1.5)
        assert other.pulse.lost

    virtually(story)


def test_a_program_that_is_held_up_blames_nobody() -> None:
    """A loop that stands still for a minute makes one tick late, and not sixty."""

    async def story() -> None:
        other = Other()
        other.pulse.sign()
        await asyncio.sleep(5.5)
        loop = asyncio.get_running_loop()
        loop._now += 60.0  # type: ignore[attr-defined]
        for _ in range(50):
            await asyncio.sleep(0.1)
            assert not other.pulse.in_doubt
        assert other.given_up == []

    virtually(story)


def test_stopped_it_listens_no_longer() -> None:
    async def story() -> None:
        other = Other(until=0.0)
        other.pulse.sign()
        await asyncio.sleep(2.5)
        other.pulse.stop()
        other.pulse.stop()
        await asyncio.sleep(100)
        assert other.given_up == []

    virtually(story)
