from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from typing import Any

import pytest

from voicenb.protocol import messages as m
from voicenb.session.loop_thread import LoopThread
from voicenb.session.watching import Messages, Observers, message_of


def event(n: int, kind: str = "input.speech.started", direction: str = "in") -> dict[str, Any]:
    return {"n": n, "t": 0.0, "dir": direction, "type": kind, "msg": {"type": kind}}


def test_observers_get_what_they_want_in_order_on_the_thread() -> None:
    thread = LoopThread("observers")
    done = threading.Event()
    got: list[tuple[int, str]] = []

    def note(event: dict[str, Any]) -> None:
        got.append((event["n"], threading.current_thread().name))

    observers = Observers(thread, lambda text: None)
    observers.add(note, ["input.speech.started"])
    observers.add(lambda event: done.set(), {"end"})
    for n in range(3):
        observers.tell(event(n))
    observers.tell(event(3, "input.speech.stopped"))
    observers.tell(event(4, "end"))
    assert done.wait(5)
    assert got == [(n, "observers") for n in range(3)]
    thread.stop()


def test_an_observer_that_fails_is_complained_of_and_the_others_go_on() -> None:
    thread = LoopThread("observers")
    done = threading.Event()
    complaints: list[str] = []

    def fails(event: dict[str, Any]) -> None:
        raise RuntimeError("no")

    observers = Observers(thread, complaints.append)
    observers.add(fails, None)
    stop = observers.add(lambda event: done.set(), None)
    observers.tell(event(0))
    assert done.wait(5)
    assert complaints == [
        "The observer test_an_observer_that_fails_is_complained_of_and_the_others_go_on.<locals>.fails "
        "failed: RuntimeError: no"
    ]
    stop()
    stop()
    thread.stop()


@pytest.mark.parametrize("error", [SystemExit, asyncio.CancelledError])
@pytest.mark.parametrize("how", ["sync", "async"])
def test_an_observer_that_gives_up_takes_no_thread_with_it(error: type[BaseException], how: str) -> None:
    thread = LoopThread("observers")
    loop = thread.loop
    done = threading.Event()
    complaints: list[str] = []

    def leaves(event: dict[str, Any]) -> None:
        raise error("enough")

    async def leaves_later(event: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        raise error("enough")

    def complain(text: str) -> None:
        complaints.append(text)
        if len(complaints) == 2:
            done.set()

    observers = Observers(thread, complain)
    observers.add(leaves if how == "sync" else leaves_later, None)
    observers.tell(event(0))
    observers.tell(event(1))
    assert done.wait(5)
    assert complaints[0] == complaints[1]
    assert complaints[0].endswith(f"failed: {error.__name__}: enough")
    assert thread.loop is loop
    thread.stop()


def test_an_async_observer_gets_an_event_when_it_is_done_with_the_one_before() -> None:
    thread = LoopThread("observers")
    done = threading.Event()
    got: list[str] = []

    async def slow_at_first(event: dict[str, Any]) -> None:
        got.append(f"begin {event['n']}")
        for _ in range(10 - 5 * event["n"]):
            gc.collect()  # nobody but the observers holds what runs
            await asyncio.get_running_loop().run_in_executor(None, int)
        got.append(f"end {event['n']}")
        if event["n"] == 2:
            done.set()

    observers = Observers(thread, got.append)
    observers.add(slow_at_first, None)
    for n in range(3):
        observers.tell(event(n))
    assert done.wait(10)
    assert got == ["begin 0", "end 0", "begin 1", "end 1", "begin 2", "end 2"]
    thread.stop()


def test_an_async_observer_that_is_held_by_nobody_else_comes_to_its_end() -> None:
    thread = LoopThread("observers")
    done = threading.Event()
    reached: list[asyncio.Future[None]] = []
    held = threading.Event()

    async def waits(event: dict[str, Any]) -> None:
        future = asyncio.get_running_loop().create_future()
        reached.append(weakref.proxy(future))
        held.set()
        await future
        done.set()

    observers = Observers(thread, lambda text: None)
    observers.add(waits, None)
    observers.tell(event(0))
    assert held.wait(5)
    thread.submit(asyncio.sleep(0)).result(5)
    gc.collect()
    thread.soon(lambda: reached[0].set_result(None))
    assert done.wait(5)
    thread.stop()


def test_what_still_waits_when_an_observer_is_taken_away_is_not_told() -> None:
    thread = LoopThread("observers")
    begun, go, last = threading.Event(), threading.Event(), threading.Event()
    got: list[int] = []

    async def note(event: dict[str, Any]) -> None:
        got.append(event["n"])
        begun.set()
        await asyncio.get_running_loop().run_in_executor(None, go.wait)
        last.set()

    observers = Observers(thread, lambda text: None)
    stop = observers.add(note, None)
    observers.tell(event(0))
    observers.tell(event(1))
    assert begun.wait(5)
    stop()
    go.set()
    assert last.wait(5)
    thread.submit(asyncio.sleep(0)).result(5)
    assert got == [0]
    thread.stop()


def test_an_observer_that_fails_at_the_complaint_about_it_is_not_complained_of_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    thread = LoopThread("observers")
    done = threading.Event()
    complaints: list[str] = []

    def complain(text: str) -> None:
        complaints.append(text)
        observers.tell(event(len(complaints), "log", "local"))

    def fails(event: dict[str, Any]) -> None:
        raise RuntimeError("no")

    observers = Observers(thread, complain)
    observers.add(fails, None)
    observers.add(lambda event: done.set(), {"log"})  # before it is told: the complaint comes at once
    observers.tell(event(0))
    assert done.wait(5)
    thread.submit(asyncio.sleep(0)).result(5)
    assert len(complaints) == 1
    assert "failed: RuntimeError: no" in caplog.text
    thread.stop()


def test_messages_come_typed_and_without_audio() -> None:
    def watch(put: Any) -> Any:
        for each in (
            event(0),
            event(1, "reply.audio"),
            event(2, "reply.create", "out"),
            event(3, "new.thing"),
            None,
        ):
            put(each)
        return lambda: None

    first, second = Messages(watch)
    assert first == m.SpeechStarted()
    assert second == m.Unknown(type="new.thing", fields={})


def test_a_client_s_message_that_came_from_the_service_is_one_that_nobody_knows() -> None:
    event = {"n": 0, "t": 0.0, "dir": "in", "type": "session.update", "msg": {"type": "session.update"}}
    assert message_of(event) == m.Unknown(type="session.update", fields={})


def test_a_local_event_comes_as_it_is() -> None:
    local = event(0, "state", "local")
    assert message_of(local) is local
