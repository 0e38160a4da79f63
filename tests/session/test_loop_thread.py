from __future__ import annotations

import asyncio
import threading

import pytest

from voicenb.session.loop_thread import LoopThread, session_thread, user_thread


async def where() -> str:
    return threading.current_thread().name


def test_it_begins_with_the_first_use_and_again_after_a_stop() -> None:
    thread = LoopThread("test-loop")
    assert thread.submit(where()).result(5) == "test-loop"
    first = thread.loop
    thread.stop()
    assert first.is_closed()
    assert thread.submit(where()).result(5) == "test-loop"
    assert thread.loop is not first
    thread.stop()
    thread.stop()


def test_it_knows_whether_one_is_on_it() -> None:
    thread = LoopThread("test-loop")

    async def here() -> bool:
        return thread.here

    assert thread.submit(here()).result(5)
    assert not thread.here
    done = threading.Event()
    thread.soon(done.set)
    assert done.wait(5)
    thread.stop()


def test_the_process_has_two() -> None:
    assert session_thread() is session_thread()
    names = {thread.submit(where()).result(5) for thread in (session_thread(), user_thread())}
    assert names == {"voicenb-session", "voicenb-user"}
    assert asyncio.run(where()) == "MainThread"


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_it_outlives_what_gives_up_on_it(error: type[BaseException]) -> None:
    thread = LoopThread("test-loop")
    loop = thread.loop
    tasks: list[asyncio.Task[None]] = []

    async def spawns() -> None:
        async def leaves() -> None:
            raise error

        tasks.append(asyncio.create_task(leaves()))

    def leave() -> None:
        raise error

    thread.submit(spawns()).result(5)
    thread.soon(leave)
    assert thread.submit(where()).result(5) == "test-loop"
    assert thread.loop is loop
    thread.stop()
    assert loop.is_closed()
