"""Processes that work: no script is run twice, a lost one takes one piece of work with it."""

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.tuning.jobs import double, who
from voicenb.tuning.processes import Processes, WorkerLost


@pytest.fixture(autouse=True)
def found_by_children(monkeypatch):
    """Other processes find the work that these tests make up."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]), prepend=os.pathsep)


@pytest.fixture
def two():
    with Processes(2) as made:
        yield made


def test_the_work_is_done_elsewhere_and_in_order(two):
    assert list(two.map(double, range(20))) == [2 * n for n in range(20)]
    assert os.getpid() not in set(two.map(who, range(4)))
    assert 1 <= len(two.pids) <= 2


def test_nothing_is_started_before_there_is_work(two):
    assert two.pids == []
    two.submit(double, 1).result(60)
    assert len(two.pids) == 1


def test_an_error_is_raised_here(two):
    with pytest.raises(ZeroDivisionError) as raised:
        two.submit(divmod, 1, 0).result(60)
    assert "in another process" in raised.value.__notes__[0]
    assert two.submit(double, 2).result(60) == 4


def test_what_cannot_be_sent_is_told_and_the_process_goes_on(two):
    with pytest.raises((AttributeError, pickle.PicklingError)):
        two.submit(lambda: 1).result(60)
    with pytest.raises((TypeError, pickle.PicklingError)):
        two.submit(open, os.devnull).result(60)  # a file cannot come back
    assert two.submit(double, 2).result(60) == 4


def test_a_lost_process_takes_one_piece_of_work_with_it(two):
    lost = two.submit(os._exit, 3)
    with pytest.raises(WorkerLost, match=r"code 3"):
        lost.result(60)
    assert list(two.map(double, range(4))) == [0, 2, 4, 6]


def test_a_process_that_is_killed_in_its_work(two):
    asleep = two.submit(time.sleep, 600)
    while not two.pids:
        time.sleep(0.01)
    os.kill(two.pids[0], signal.SIGKILL)
    with pytest.raises(WorkerLost):
        asleep.result(60)
    assert two.submit(double, 3).result(60) == 6


def test_after_the_end_there_are_no_processes_and_no_work():
    processes = Processes(2)
    done = [processes.submit(double, n) for n in range(5)]
    processes.shutdown()
    assert [each.result() for each in done] == [0, 2, 4, 6, 8]
    assert processes.pids == []
    with pytest.raises(RuntimeError, match="shut down"):
        processes.submit(double, 1)


def test_killed_they_end_in_the_middle_of_their_work():
    processes = Processes(1)
    asleep, behind = processes.submit(time.sleep, 600), processes.submit(double, 1)
    while not processes.pids:
        time.sleep(0.01)
    processes.kill()
    assert processes.pids == []
    assert isinstance(asleep.exception(), WorkerLost)
    assert behind.cancelled()


def test_a_script_without_a_guard_is_run_once(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            """
            print("begins")
            from voicenb.tuning.processes import Processes
            with Processes(2) as two:
                print(list(two.map(abs, [-1, -2, -3])))
            """
        )
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("begins\n[1, 2, 3]\n", "")


def test_who_forgets_to_end_them_leaves_none_behind(tmp_path):
    script = (
        "from voicenb.tuning.processes import Processes\n"
        "two = Processes(2)\n"
        "import os; print(two.submit(os.getpid).result(60))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    child = int(done.stdout)
    until = time.monotonic() + 30
    while time.monotonic() < until and _lives(child):
        time.sleep(0.02)
    assert not _lives(child)


def _lives(pid):
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
