from __future__ import annotations

import logging
import threading

import pytest

from voicenb.widgets.errands import Errands


def until_idle(errands: Errands) -> None:
    done = threading.Event()
    errands.ask(done.set)
    assert done.wait(10)


def test_one_after_the_other_in_order() -> None:
    errands = Errands("errands")
    began, go_on = threading.Event(), threading.Event()
    ran: list[int] = []

    def first() -> None:
        began.set()
        assert go_on.wait(10)
        ran.append(0)

    errands.ask(first)
    assert began.wait(10)
    for number in range(1, 100):
        errands.ask(ran.append, number)
    assert ran == [], "what is asked for waits for what was asked for before"
    go_on.set()
    until_idle(errands)
    assert ran == list(range(100))


def test_one_that_fails_holds_nothing_up(caplog: pytest.LogCaptureFixture) -> None:
    errands = Errands("errands")
    with caplog.at_level(logging.ERROR):
        errands.ask(lambda: 1 / 0)
        until_idle(errands)
    assert "ZeroDivisionError" in caplog.text


def test_the_thread_ends_and_another_begins() -> None:
    errands = Errands("errands")
    threads: list[threading.Thread] = []
    for _ in range(2):
        errands.ask(lambda: threads.append(threading.current_thread()))
        until_idle(errands)
        threads[-1].join(10)
        assert not threads[-1].is_alive()
    assert threads[0] is not threads[1]
