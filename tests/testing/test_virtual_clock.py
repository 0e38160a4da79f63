import asyncio
import threading
import time

import pytest

from voicenb.errors import InvalidConfiguration, VoicenbError, WaitTimeout
from voicenb.testing.virtual_clock import VirtualLoop, run_virtually


def now() -> float:
    return asyncio.get_running_loop().time()


def test_time_jumps_to_the_next_timer_and_stands_still_while_work_is_done():
    async def main():
        begin = now()
        time.sleep(0.01)  # noqa: ASYNC251  # work, not waiting
        worked = now() - begin
        await asyncio.sleep(1800)
        return worked, now() - begin

    assert run_virtually(main) == (0.0, 1800.0)


def test_a_minute_of_frames_and_answers_in_order():
    """6,000 frames at 10 ms, each handed through a queue and acknowledged, beside a slow ticker."""

    async def main():
        frames: asyncio.Queue[int | None] = asyncio.Queue()
        acknowledged: asyncio.Queue[int] = asyncio.Queue()
        order: list[tuple[float, object]] = []

        async def microphone():
            for number in range(6000):
                await asyncio.sleep(number * 0.01 - now())
                await frames.put(number)
            await frames.put(None)

        async def service():
            while (frame := await frames.get()) is not None:
                await acknowledged.put(frame)
                order.append((round(now(), 6), frame))

        async def ticker():
            while True:
                await asyncio.sleep(0.25)
                order.append((round(now(), 6), "tick"))

        ticking = asyncio.create_task(ticker())
        async with asyncio.TaskGroup() as group:
            group.create_task(microphone())
            group.create_task(service())
        ticking.cancel()
        return now(), acknowledged.qsize(), order

    first = run_virtually(main)
    assert first[0] == pytest.approx(59.99)
    assert first[1] == 6000
    assert [at for at, _ in first[2]] == sorted(at for at, _ in first[2])
    assert run_virtually(main) == first


def test_the_clock_starts_where_it_is_told():
    async def main():
        return now()

    assert run_virtually(main, start=12.5) == 12.5


def test_what_main_raises_is_raised():
    async def main():
        await asyncio.sleep(1)
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        run_virtually(main)


def test_also_what_is_no_exception_proper():
    async def main():
        pytest.fail("says the test")

    with pytest.raises(pytest.fail.Exception, match="says the test"):
        run_virtually(main)


def test_everything_waits_and_nothing_is_due():
    tidied = []

    async def listener():
        await asyncio.Event().wait()

    async def main():
        listening = asyncio.create_task(listener(), name="listener")
        await asyncio.sleep(2)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.5)
            tidied.append(now())
            listening.cancel()

    with pytest.raises(WaitTimeout, match=r"at 2\.000 virtual seconds.*listener in ") as caught:
        run_virtually(main)
    assert tidied == [2.5]
    assert len(caught.value.facts["waiting"]) == 2


def test_a_stall_while_tidying_up_is_an_error_too():
    async def main():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.Event().wait()

    with pytest.raises(VoicenbError, match="Everything waits"):
        run_virtually(main)


def test_the_limit_cancels_and_lets_tidy_up():
    tidied = []

    async def main():
        try:
            while True:  # noqa: ASYNC110
                await asyncio.sleep(1)
        finally:
            await asyncio.sleep(0.25)
            tidied.append(now())

    with pytest.raises(WaitTimeout, match="limit of 10 virtual seconds"):
        run_virtually(main, limit=10)
    assert tidied == [10.25]


def test_timeouts_of_the_code_under_test_still_work():
    async def main():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.Event().wait()
        return now()

    assert run_virtually(main) == 5.0


def test_a_word_from_another_thread_is_heard():
    async def main():
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        thread = threading.Thread(target=loop.call_soon_threadsafe, args=(event.set,))
        thread.start()
        await event.wait()
        thread.join()
        return now()

    assert run_virtually(main) == 0.0


def test_threads_are_done_in_place():
    async def main():
        outer = threading.get_ident()
        inner = await asyncio.to_thread(threading.get_ident)
        with pytest.raises(ZeroDivisionError):
            await asyncio.get_running_loop().run_in_executor(None, lambda: 1 // 0)
        return inner == outer, now()

    assert run_virtually(main) == (True, 0.0)


def test_there_is_no_network():
    async def main():
        await asyncio.open_connection("127.0.0.1", 9)

    with pytest.raises(InvalidConfiguration, match="no network"):
        run_virtually(main)


def test_it_runs_inside_a_running_loop():
    async def inner():
        await asyncio.sleep(60)
        return now()

    async def notebook():
        return run_virtually(inner)

    assert asyncio.run(notebook()) == 60.0


def test_task_groups_cancel_in_order_of_creation():
    async def main():
        cancelled = []

        async def waits(number):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(number)
                raise

        async def fails():
            await asyncio.sleep(1)
            raise LookupError

        with pytest.raises(ExceptionGroup):  # noqa: PT012
            async with asyncio.TaskGroup() as group:
                for number in range(40):
                    group.create_task(waits(number))
                group.create_task(fails())
        return cancelled

    assert run_virtually(main) == list(range(40))


def test_the_loop_by_itself():
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(asyncio.sleep(3600, "slept")) == "slept"
