from __future__ import annotations

import logging
import subprocess
import sys
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


LEAVES = """
import sys, threading, time
from voicenb.widgets.errands import Errands
errands, began = Errands("errands", patience=float(sys.argv[1])), threading.Event()
def work():
    began.set()
    time.sleep(float(sys.argv[2]))
    print("done", flush=True)
errands.ask(work)
errands.ask(print, "another")
assert began.wait(10)
"""


def leaves(patience: float, takes: float) -> str:
    """What a program prints that ends while an errand is under way and another waits."""
    command = [sys.executable, "-c", LEAVES, str(patience), str(takes)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_the_interpreters_exit_waits_for_the_one_under_way_and_begins_no_other() -> None:
    assert leaves(patience=30, takes=0.3) == "done\n"


def test_it_waits_no_longer_than_its_patience() -> None:
    assert leaves(patience=0, takes=40) == ""
