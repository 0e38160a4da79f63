from __future__ import annotations

import asyncio

import pytest

from voicenb.audio.processor import InPlaceProcessor
from voicenb.emulator.budget import Budget
from voicenb.testing.virtual_clock import run_virtually


def budget(places=2):
    return Budget(InPlaceProcessor(), places)


def virtually(main):
    return run_virtually(main, limit=100)


def test_what_is_due_first_goes_first():
    done: list[str] = []

    async def main():
        work = budget(places=1)
        first = asyncio.create_task(work.run(lambda: done.append("first"), 1.0, 0.0))
        await asyncio.sleep(0.1)
        others = [
            asyncio.create_task(work.run(lambda name=name: done.append(name), 0.1, due))
            for name, due in (("late", 0.6), ("soon", 0.2), ("soon too", 0.2))
        ]
        await asyncio.gather(first, *others)
        assert work.running == 0

    virtually(main)
    assert done == ["first", "soon", "soon too", "late"]


def test_no_more_at_once_than_there_are_places():
    async def main():
        work = budget()
        tasks = [asyncio.create_task(work.run(lambda: None, 1.0, 0.0)) for _ in range(5)]
        await asyncio.sleep(0.5)
        assert work.running == 2
        await asyncio.gather(*tasks)
        return asyncio.get_running_loop().time()

    assert virtually(main) == pytest.approx(3.0)


def test_patient_work_leaves_a_place_free():
    async def main():
        work = budget()
        patient = [asyncio.create_task(work.run(lambda: None, 5.0, 50.0)) for _ in range(2)]
        await asyncio.sleep(0.1)
        assert work.running == 1
        await work.run(lambda: None, 0.0, 0.1)
        assert asyncio.get_running_loop().time() == pytest.approx(0.1)
        await asyncio.gather(*patient)

    virtually(main)


def test_short_work_that_must_begin_now_does_not_wait_for_long_work():
    async def main():
        work = budget()
        long = [asyncio.create_task(work.run(lambda: None, 5.0, 0.0)) for _ in range(2)]
        await asyncio.sleep(0.1)
        await work.run(lambda: None, 0.2, 0.1)
        assert asyncio.get_running_loop().time() == pytest.approx(0.3)
        await asyncio.gather(*long)

    virtually(main)


def test_short_work_that_can_wait_begins_when_it_no_longer_can():
    async def main():
        work = budget()
        long = [asyncio.create_task(work.run(lambda: None, 5.0, 0.0)) for _ in range(2)]
        await asyncio.sleep(0.1)
        await work.run(lambda: None, 0.2, 1.0)
        assert asyncio.get_running_loop().time() == pytest.approx(1.0)
        await asyncio.gather(*long)

    virtually(main)


def test_short_work_passes_long_work_that_waits():
    async def main():
        work = budget()
        long = [asyncio.create_task(work.run(lambda: None, 5.0, 0.0)) for _ in range(3)]
        await asyncio.sleep(0.1)
        await work.run(lambda: None, 0.2, 0.1)
        assert asyncio.get_running_loop().time() == pytest.approx(0.3)
        await asyncio.gather(*long)

    virtually(main)


def test_partials_take_no_place():
    async def main():
        work = budget(places=1)
        partial = asyncio.create_task(work.partial(lambda: "words", 5.0))
        await asyncio.sleep(0.1)
        assert work.running == 0
        assert await work.run(lambda: "final", 0.1, 0.0) == "final"
        assert asyncio.get_running_loop().time() == pytest.approx(0.2)
        assert await partial == "words"

    virtually(main)


def test_partials_give_way():
    async def main():
        work = budget()
        assert await work.partial(lambda: "words", 0.1) == "words"
        running = asyncio.create_task(work.partial(lambda: "words", 1.0))
        await asyncio.sleep(0.1)
        assert await work.partial(lambda: "more", 0.1) is None
        assert await work.run(lambda: "final", 0.1, 0.0) == "final"
        assert await running == "words"

    virtually(main)


def test_work_that_is_given_up_frees_its_place():
    async def main():
        work = budget(places=1)
        running = asyncio.create_task(work.run(lambda: None, 1.0, 0.0))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(work.run(lambda: None, 1.0, 0.0))
        await asyncio.sleep(0)
        waiting.cancel()
        running.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)
        assert work.running == 0
        assert await work.run(lambda: 7, 0.1, 0.0) == 7

    virtually(main)


def test_a_failure_is_the_callers():
    async def main():
        work = budget(places=1)
        with pytest.raises(ZeroDivisionError):
            await work.run(lambda: 1 / 0, 0.1, 0.0)
        assert await work.run(lambda: 7, 0.1, 0.0) == 7

    virtually(main)
