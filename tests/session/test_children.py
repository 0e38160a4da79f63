"""Real children: they end with their standard input, in good order or not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from voicenb.session import children
from voicenb.session.children import dismiss, hang_up, own_group

Start = Callable[..., "subprocess.Popen[bytes]"]

OBEDIENT = "import sys; print('here', flush=True); sys.stdin.buffer.read(); sys.exit(7)"
STUBBORN = "import time; print('here', flush=True); time.sleep(600)"


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def begin(program: str, **options: object) -> subprocess.Popen[bytes]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE} | options
        process: subprocess.Popen[bytes] = subprocess.Popen([sys.executable, "-c", program], **pipes)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def test_a_child_that_listens_ends_by_itself(start: Start) -> None:
    assert dismiss(start(OBEDIENT)) == 7


def test_a_child_that_does_not_is_ended(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "PATIENCE", 0.05)
    assert dismiss(start(STUBBORN)) not in (0, None)


def test_a_child_that_has_ended_already_is_dismissed_all_the_same(start: Start) -> None:
    process = start("print('here', flush=True)")
    process.wait(10)
    assert dismiss(process) == 0
    assert dismiss(process) == 0


def test_words_that_it_did_not_read_any_more_are_no_error(start: Start) -> None:
    process = start("print('here', flush=True)")
    process.wait(10)
    assert process.stdin is not None
    process.stdin.write(b"too late\n")  # stands in the buffer until it is closed
    hang_up(process)
    assert process.stdin.closed


def test_hanging_up_is_for_once_and_for_children_with_an_ear(start: Start) -> None:
    process = start(OBEDIENT)
    hang_up(process)
    hang_up(process)
    assert process.wait(10) == 7
    hang_up(start(STUBBORN, stdin=subprocess.DEVNULL))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX process groups")
def test_an_interrupt_of_this_group_does_not_reach_it(start: Start) -> None:
    process = start(STUBBORN, **own_group())
    assert os.getpgid(process.pid) == process.pid != os.getpgid(0)
