import os
import signal
import subprocess
import sys

import pytest

from voicenb.recording.lock import is_locked, lock
from voicenb.recording.recorder import Recorder


def test_a_folder_is_locked_until_its_writer_lets_go(tmp_path):
    assert not is_locked(tmp_path), "nobody has ever written there"
    held = lock(tmp_path)
    assert is_locked(tmp_path)
    assert is_locked(tmp_path), "to look changes nothing"
    held.close()
    assert not is_locked(tmp_path)


def test_a_recorder_holds_it_from_its_first_word_to_its_last(tmp_path):
    recorder = Recorder(tmp_path / "call", about={})
    assert is_locked(recorder.folder)
    recorder.update(clocks={})
    assert is_locked(recorder.folder)
    recorder.close({})
    assert not is_locked(recorder.folder)


WRITES = """
import sys
from pathlib import Path
from voicenb.recording.recorder import Recorder
recorder = Recorder(Path(sys.argv[1]), about={})
print("writes", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_a_writer_that_was_killed_holds_nothing(tmp_path):
    folder = tmp_path / "call"
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout.readline() == "writes\n"
        assert is_locked(folder)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    assert not is_locked(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="locks as POSIX does")
def test_where_there_are_no_locks_everything_may_be_in_use(tmp_path, monkeypatch):
    import fcntl

    def refuses(file, how):
        raise OSError(95, "not supported")

    (tmp_path / "events.jsonl").write_text("")
    monkeypatch.setattr(fcntl, "flock", refuses)
    with lock(tmp_path):
        assert is_locked(tmp_path)
    assert is_locked(tmp_path)
