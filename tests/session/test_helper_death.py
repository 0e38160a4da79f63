"""What happens to the call when the kernel is killed, interrupted, or leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from scripted_service import Peer, ScriptedService

import voicenb as vn

KERNEL = Path(__file__).parent / "aids" / "kernel.py"
LIMIT = 2.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and interrupts POSIX process groups")


class Kernel:
    """The program of ``kernel.py``, in a process group of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(KERNEL), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.helper = int(self.line())

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def ask(self) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.line()


@contextmanager
def kernel(*arguments: str) -> Iterator[Kernel]:
    program = Kernel(*arguments)
    try:
        yield program
    finally:
        program.process.kill()
        program.process.wait()
        for stream in (program.process.stdin, program.process.stdout):
            assert stream is not None
            stream.close()


def gone(pid: int, seconds: float) -> bool:
    """Whether that process, which need not be a child of this one, ends within the time."""
    until = time.monotonic() + seconds
    while runs(pid):
        if time.monotonic() >= until:
            return False
        time.sleep(0.01)  # who is no parent is not told: it has to look again and again
    return True


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Ended, but not yet collected by whoever is its parent now: Linux alone says so here.
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return not Path("/proc/self").exists()


@pytest.mark.parametrize("fork", [False, True])
def test_a_killed_kernel_ends_the_call(tmp_path: Path, fork: bool) -> None:
    with ScriptedService() as service:
        arguments = [service.address().url, str(tmp_path / "call"), *(["fork"] if fork else [])]
        with kernel(*arguments) as program:
            assert program.line() == "talking"
            killed = time.monotonic()
            program.process.kill()
            service.closed.result(LIMIT)  # the script's last word is session.end
            assert gone(program.helper, LIMIT - (time.monotonic() - killed))
            if fork:
                os.killpg(program.process.pid, signal.SIGKILL)
    assert service.types[-1] == "session.end"
    recording = vn.load(tmp_path / "call")
    assert recording.finished
    assert recording.ended is not None
    assert recording.ended["reason"] == "ended"
    assert len(recording.caller) > 0


def test_a_service_that_does_not_answer_delays_nothing(tmp_path: Path) -> None:
    async def silent(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("session.end")
        await peer.get()

    with (
        ScriptedService(silent) as service,
        kernel(service.address().url, str(tmp_path / "call")) as program,
    ):
        assert program.line() == "talking"
        program.process.kill()
        assert gone(program.helper, LIMIT)
    assert service.types[-1] == "session.end"
    assert vn.load(tmp_path / "call").finished


def test_an_interrupt_of_the_kernel_does_not_reach_the_helper(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        kernel(service.address().url, str(tmp_path / "call")) as program,
    ):
        assert program.line() == "talking"
        os.killpg(program.process.pid, signal.SIGINT)
        assert program.line() == "interrupted"
        assert program.ask() == "listening"
        assert not gone(program.helper, 0)
        before = len(service.received)
        while len(service.received) < before + 10:
            assert program.ask() == "listening"
        assert program.process.stdin is not None
        program.process.stdin.close()
        service.closed.result(5)
    assert service.types[-1] == "session.end"


def test_a_kernel_that_leaves_in_good_order(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        kernel(service.address().url, str(tmp_path / "call")) as program,
    ):
        assert program.line() == "talking"
        assert program.process.stdin is not None
        program.process.stdin.close()
        assert program.process.wait(10) == 0
        assert gone(program.helper, LIMIT)
        service.closed.result(5)
    assert vn.load(tmp_path / "call").finished


def test_the_emulator_goes_with_the_kernel(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        kernel(service.address().url, str(tmp_path / "call"), "emulator") as program,
    ):
        emulator = int(program.line())
        assert program.line() == "talking"
        os.killpg(program.process.pid, signal.SIGINT)
        assert program.line() == "interrupted"
        assert not gone(emulator, 0)
        program.process.kill()
        assert gone(emulator, 30)  # no figure is promised for it


def test_a_kernel_that_dies_while_the_helper_starts_leaves_no_word() -> None:
    helper = subprocess.Popen(
        [sys.executable, "-m", "voicenb.session.helper"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert helper.stdin is not None
    assert helper.stdout is not None
    assert helper.stderr is not None
    helper.stdout.close()
    helper.stdin.write(b'{"secret": "s"}\n')
    helper.stdin.close()
    said = helper.stderr.read()
    helper.stderr.close()
    assert (helper.wait(10), said) == (0, b"")
