"""SIGTERM, by which CI cancels and machines are shut down; SIGHUP, which a closed terminal sends."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest
from scripted_service import Peer, ScriptedService

import voicenb as vn
from voicenb.session import exits
from voicenb.session.helper_host import HelperHost


@pytest.fixture(autouse=True)
def nothing_from_before() -> None:
    """Where a session ended by itself, signals are given back when the next one ends in the main thread."""
    exits.guard(Future)()


TALKS = """
import signal, sys, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # these tests may be run by what ignores it: nohup, a service
import voicenb as vn
{before}
session = vn.Session(vn.Agent(name="Lido"), sys.argv[1], recording=sys.argv[2]).start()
{after}
print("talking", flush=True)
time.sleep(60)
"""


@contextmanager
def program(
    service: ScriptedService, folder: Path, before: str = "", after: str = ""
) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-c",
        TALKS.format(before=before, after=after),
        service.address().url,
        str(folder),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "talking\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_script_that_is_told_to_go_ends_its_session(tmp_path: Path, number: signal.Signals) -> None:
    with ScriptedService() as service, program(service, tmp_path / "call") as script:
        script.send_signal(number)
        service.closed.result(5)
        assert script.wait(5) == -number
    assert service.types[-1] == "session.end"
    assert vn.load(tmp_path / "call").finished


def test_a_service_that_does_not_answer_holds_it_for_two_seconds(tmp_path: Path) -> None:
    async def silent(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("session.end")
        await peer.get()

    with ScriptedService(silent) as service, program(service, tmp_path / "call") as script:
        begin = time.monotonic()
        script.terminate()
        assert script.wait(10) == -signal.SIGTERM
        assert time.monotonic() - begin < 3
    assert service.types[-1] == "session.end"
    assert vn.load(tmp_path / "call").conversation.ready


MINE = 'signal.signal(signal.SIGTERM, lambda *_: (print("mine", flush=True), sys.exit(7)))'


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_handler_of_the_users_stays(tmp_path: Path, when: str) -> None:
    with ScriptedService() as service, program(service, tmp_path / "call", **{when: MINE}) as script:
        script.terminate()
        assert script.wait(10) == 7
        assert script.stdout is not None
        assert script.stdout.read() == "mine\n"
        service.closed.result(5)
    assert vn.load(tmp_path / "call").finished  # as at every exit


def test_a_script_that_outlives_its_terminal_goes_on(tmp_path: Path) -> None:
    ignores = "signal.signal(signal.SIGHUP, signal.SIG_IGN)"  # as nohup does
    with ScriptedService() as service, program(service, tmp_path / "call", before=ignores) as script:
        script.send_signal(signal.SIGHUP)
        script.terminate()
        service.closed.result(5)
        assert script.wait(5) == -signal.SIGTERM
    assert service.types[-1] == "session.end"


def test_a_fork_is_not_the_one_that_holds_the_session(tmp_path: Path) -> None:
    forks = """
import os
ready, begun = os.pipe()
if (child := os.fork()) == 0:
    os.write(begun, b".")
    time.sleep(60)
os.read(ready, 1)
os.kill(child, signal.SIGTERM)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGTERM
assert session.state == "listening"
"""
    with ScriptedService() as service, program(service, tmp_path / "call", after=forks) as script:
        script.terminate()
        service.closed.result(5)
    assert service.types[-1] == "session.end"


@pytest.fixture
def of_a_terminal() -> Iterator[None]:
    """SIGHUP does what it does by default, whatever these tests are run by."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("of_a_terminal")
def test_the_default_is_back_when_all_have_ended() -> None:
    both = (signal.SIGTERM, signal.SIGHUP)
    assert [signal.getsignal(number) for number in both] == [signal.SIG_DFL] * 2
    with ScriptedService() as service:
        first, second = (vn.Session(vn.Agent(name="Lido"), service) for _ in range(2))
        first.start()
        ours = signal.getsignal(signal.SIGTERM)
        assert callable(ours)
        second.start()
        first.end()
        assert [signal.getsignal(number) for number in both] == [ours] * 2
        second.end()
    assert [signal.getsignal(number) for number in both] == [signal.SIG_DFL] * 2


def test_other_threads_leave_signals_alone() -> None:
    found: list[object] = []

    def calls() -> None:
        with ScriptedService() as service, vn.Session(vn.Agent(name="Lido"), service):
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=calls)
    thread.start()
    thread.join()
    assert found == [signal.SIG_DFL]


def test_the_helper_knows_by_its_pipe() -> None:
    with ScriptedService() as service, vn.Session(vn.Agent(name="Lido"), service, host=HelperHost()):
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


RUNS = """
import sys
import voicenb as vn
vn.run(vn.Agent(name="Lido"), [vn.Pause(60)], sys.argv[1], recording=sys.argv[2], clock="real")
"""


def test_a_run_in_real_time_ends_as_well(tmp_path: Path) -> None:
    talking = threading.Event()

    async def listens(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("input.audio")
        talking.set()
        await peer.goodbye()

    with ScriptedService(listens) as service:
        command = [sys.executable, "-c", RUNS, service.address().url, str(tmp_path / "call")]
        with subprocess.Popen(command) as process:
            assert talking.wait(20)
            process.terminate()
            assert process.wait(10) == -signal.SIGTERM
        service.closed.result(5)
    assert service.types[-1] == "session.end"
    assert vn.load(tmp_path / "call").finished


BREAKS = """
import sys
import voicenb as vn
from voicenb.session.thread_host import ThreadCall, ThreadHost
from voicenb.session.loop_thread import session_thread

class Broken(ThreadCall):
    def request(self, command):
        raise RuntimeError("no door")

class Breaks(ThreadHost):
    def hold(self, plan, publish):
        return Broken(session_thread(), plan, publish)

lido = vn.Agent(name="Lido")
sessions = [
    vn.Session(lido, sys.argv[1], recording=sys.argv[2] + str(n), host=host).start()
    for n, host in enumerate([Breaks(), None, Breaks()])
]
"""


def test_a_session_that_cannot_be_asked_to_end_leaves_no_other_open(tmp_path: Path) -> None:
    with ScriptedService() as service:
        command = [sys.executable, "-c", BREAKS, service.address().url, str(tmp_path / "call")]
        ended = subprocess.run(command, timeout=30, check=False, capture_output=True, text=True)
    assert ended.stderr == ""
    assert vn.load(tmp_path / "call1").finished
    assert service.received.count({"type": "session.end"}) == 1


STUCK = """
import time
from concurrent.futures import Future
from voicenb.session import exits

exits.PATIENCE = 1.0

class Stuck:
    def __init__(self):
        self.done = Future()
    def request(self, command):
        return Future()

calls = [Stuck() for _ in range(6)]
for call in calls:
    exits.watch(call)
print("leaving", flush=True)
"""


def test_all_sessions_that_are_stuck_hold_the_exit_up_together() -> None:
    with subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "leaving\n"
        begin = time.monotonic()
        assert program.wait(30) == 0
        assert 0.5 < time.monotonic() - begin < 4
