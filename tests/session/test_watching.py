from __future__ import annotations

import threading
from typing import Any

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


def test_a_local_event_comes_as_it_is() -> None:
    local = event(0, "state", "local")
    assert message_of(local) is local
