"""The helper's process: started when it is needed, once, and gone when it is not."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicenb.errors import VoicenbError
from voicenb.session import helper_process
from voicenb.session.helper_process import HelperProcess


@pytest.fixture
def process() -> Iterator[HelperProcess]:
    process = HelperProcess()
    yield process
    process.stop()


def test_the_process_can_be_stopped_and_started_again() -> None:
    process = HelperProcess()
    first = process.reach()
    assert process.reach() == first
    process.stop()
    assert process.pid is None
    assert process.reach() != first
    process.stop()
    process.stop()


def test_it_is_started_once_however_many_ask_for_it(process: HelperProcess) -> None:
    reached: list[tuple[int, str]] = []
    asking = [threading.Thread(target=lambda: reached.append(process.reach())) for _ in range(5)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(reached) == 5
    assert len(set(reached)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_one_that_died_is_started_again_with_another_secret(process: HelperProcess) -> None:
    _, secret = process.reach()
    pid = process.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert process._process is not None
    process._process.wait()
    assert process.pid is None
    assert process.reach()[1] != secret
    assert process.pid not in (None, pid)


def test_one_that_answers_no_more_where_it_was_is_replaced(process: HelperProcess) -> None:
    port, _ = process.reach()
    pid = process.pid
    assert process.reach(not_at=port + 1)[0] == port
    assert process.pid == pid
    process.reach(not_at=port)
    assert process.pid != pid


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at the process from outside, as Linux can")
def test_its_secret_is_not_among_its_arguments(process: HelperProcess) -> None:
    _, secret = process.reach()
    for what in ("cmdline", "environ"):
        assert secret.encode() not in Path(f"/proc/{process.pid}/{what}").read_bytes()


def test_what_a_page_says_goes_only_to_one_that_runs(process: HelperProcess) -> None:
    assert not process.pass_on(1, {"type": "hello"})
    process.reach()
    assert process.pass_on(1, {"type": "hello"})
    assert process.pass_on(1, b"\x01" + bytes(15))
    process.stop()
    assert not process.pass_on(1, {"type": "hello"})


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_what_a_page_says_to_one_that_died_is_given_back(process: HelperProcess) -> None:
    process.reach()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    assert process._process is not None
    process._process.wait()
    assert not process.pass_on(1, b"\x01" + bytes(15))


def test_a_file_beside_the_notebook_that_is_named_like_a_module_harms_nothing(
    process: HelperProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("token", "types", "random", "voicenb"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    process.reach()
    assert process.pid is not None


def test_what_pythonpath_names_is_still_looked_through(
    process: HelperProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"open({str(tmp_path / 'seen')!r}, 'w').close()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    process.reach()
    assert (tmp_path / "seen").exists()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is run in place of the helper: a script of the test's."""
    script = tmp_path / "python"
    script.write_text("")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    return script


@pytest.mark.skipif(sys.platform == "win32", reason="runs scripts of a POSIX shell")
@pytest.mark.parametrize(
    "does",
    [
        "exit 3",
        "echo nonsense; exec sleep 600",
        "echo 7; exec sleep 600",
        "echo '{}'; exec sleep 600",
        "exec sleep 600",
    ],
)
def test_one_that_does_not_start(
    process: HelperProcess, program: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    program.write_text(f"#!/bin/sh\n{does}\n")
    if does == "exec sleep 600":
        monkeypatch.setattr(helper_process, "START", 0.1)
    with pytest.raises(VoicenbError, match="did not start") as caught:
        process.reach()
    assert "voicenb doctor" in caught.value.remedy
    assert process.pid is None


@pytest.mark.skipif(sys.platform == "win32", reason="runs scripts of a POSIX shell")
def test_one_that_did_not_start_is_tried_again(
    process: HelperProcess, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(VoicenbError, match="exit code 3"):
        process.reach()
    monkeypatch.undo()
    process.reach()
    assert process.pid is not None
