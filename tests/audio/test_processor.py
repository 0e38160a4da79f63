import asyncio
import threading

import pytest

from voicenb.audio.processor import InPlaceProcessor, ThreadProcessor
from voicenb.testing.virtual_clock import run_virtually


class Broken(Exception):
    pass


def fails() -> None:
    raise Broken


# --- threads ----------------------------------------------------------------


def with_threads(main, threads=2):
    """Run ``main(processor)`` on a real loop."""

    async def run():
        processor = ThreadProcessor(threads)
        try:
            return await asyncio.wait_for(main(processor), 10)
        finally:
            processor.close()

    return asyncio.run(run())


@pytest.mark.parametrize("background", [False, True])
def test_work_goes_to_a_thread_and_its_stated_cost_is_not_waited_for(background):
    async def main(processor):
        name = threading.current_thread
        return await processor.run(lambda: name().name, cost=3600.0, background=background)

    assert with_threads(main).startswith("voicenb-")


def test_what_the_work_raises_is_raised():
    async def main(processor):
        with pytest.raises(Broken):
            await processor.run(fails, cost=0.0)
        return await processor.run(lambda: "goes on", cost=0.0)

    assert with_threads(main) == "goes on"


def test_as_many_at_once_as_there_are_threads_and_the_loop_stays_free():
    together = threading.Barrier(3, timeout=5)

    async def main(processor):
        both = asyncio.gather(*(processor.run(together.wait, cost=0.0) for _ in range(2)))
        await asyncio.sleep(0)
        together.wait()  # the third is the loop itself: it was not held up
        return len(await both)

    assert with_threads(main) == 2


def test_one_thread_does_one_thing_after_the_other():
    order = []

    async def main(processor):
        await asyncio.gather(*(processor.run(lambda n=n: order.append(n), cost=0.0) for n in range(5)))

    with_threads(main, threads=1)
    assert order == [0, 1, 2, 3, 4]


def test_in_the_background_work_does_not_stand_in_the_way():
    """All threads wait for what is done in the background, and the other way round."""
    free = threading.Event()

    async def main(processor):
        waiting = asyncio.gather(processor.run(lambda: free.wait(5), cost=0.0))
        await processor.run(free.set, cost=0.0, background=True)
        return await waiting

    assert with_threads(main, threads=1) == [True]
    free.clear()

    async def other(processor):
        waiting = asyncio.gather(processor.run(lambda: free.wait(5), cost=0.0, background=True))
        await processor.run(free.set, cost=0.0)
        return await waiting

    assert with_threads(other, threads=1) == [True]


def test_when_it_is_closed_what_has_begun_is_finished_and_what_waits_is_not():
    begun, go_on = threading.Event(), threading.Event()
    done = []

    def first() -> str:
        begun.set()
        assert go_on.wait(5)
        return "finished"

    async def main(processor):
        tasks = [asyncio.create_task(processor.run(first, cost=0.0))]
        tasks.append(asyncio.create_task(processor.run(lambda: done.append("second"), cost=0.0)))
        assert await asyncio.to_thread(begun.wait, 5)
        processor.close()
        processor.close()
        go_on.set()
        await asyncio.wait(tasks)
        assert tasks[0].result() == "finished"
        assert tasks[1].cancelled()

    with_threads(main, threads=1)
    assert done == []


# --- in place ---------------------------------------------------------------


def test_in_place_work_is_done_at_once_and_its_cost_passes_behind_it():
    async def main():
        loop = asyncio.get_running_loop()
        processor = InPlaceProcessor()
        done = []

        def work() -> str:
            done.append((loop.time(), threading.current_thread()))
            return "result"

        result = await processor.run(work, cost=0.25)
        assert done == [(0.0, threading.current_thread())]
        return result, loop.time()

    assert run_virtually(main) == ("result", 0.25)


def test_in_place_what_costs_nothing_takes_no_time_and_what_fails_neither():
    async def main():
        processor = InPlaceProcessor()
        await processor.run(lambda: None, cost=0.0)
        with pytest.raises(Broken):
            await processor.run(fails, cost=5.0)
        processor.close()
        return asyncio.get_running_loop().time()

    assert run_virtually(main) == 0.0


@pytest.mark.parametrize("background", [False, True])
def test_work_that_comes_after_the_close_is_given_up(background):
    async def main(processor):
        processor.close()
        with pytest.raises(asyncio.CancelledError):
            await processor.run(lambda: None, cost=0.0, background=background)

    with_threads(main)
