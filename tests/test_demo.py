import os
import re
import socket
import subprocess
import sys

import nbformat
import pytest

import voicenb as vn
from voicenb.demo import FIRST, copy_notebooks, notebooks_folder
from voicenb.errors import InvalidConfiguration

# The demo's own command, which here tells its version and ends.
JUPYTERLABS_VERSION = """
import pathlib, sys
from voicenb import demo
aside = demo._stand_aside
demo._stand_aside = lambda command, more: aside([*command, "--version"], more)
sys.exit(demo.run_demo(pathlib.Path("notebooks"), browser=False))
"""


def test_the_notebooks_are_copied_with_their_audio(tmp_path):
    copied = copy_notebooks(tmp_path / "new" / "folder")
    names = {path.relative_to(tmp_path / "new" / "folder").as_posix() for path in copied}
    assert {FIRST, "03-ci.ipynb", "audio/austen-0930.wav", "sample-call/caller.flac"} <= names
    assert vn.load(tmp_path / "new" / "folder" / "sample-call").finished
    wav = "audio/austen-0930.wav"
    assert (tmp_path / "new" / "folder" / wav).read_bytes() == (notebooks_folder() / wav).read_bytes()


def test_a_copied_notebook_is_the_same_and_has_not_been_run(tmp_path):
    copy_notebooks(tmp_path)
    for path in tmp_path.glob("*.ipynb"):
        copy, kept = (
            nbformat.read(folder / path.name, as_version=4) for folder in (tmp_path, notebooks_folder())
        )
        assert any(cell.get("outputs") for cell in kept.cells)
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in copy.cells)
        assert [(cell.id, cell.source) for cell in copy.cells] == [
            (cell.id, cell.source) for cell in kept.cells
        ]


def test_a_changed_notebook_is_left_as_it_is(tmp_path):
    copy_notebooks(tmp_path)
    mine = [tmp_path / FIRST, tmp_path / "sample-call" / "session.json"]
    for file in mine:
        file.write_text("mine")
    assert copy_notebooks(tmp_path) == []
    assert [file.read_text() for file in mine] == ["mine", "mine"]


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidConfiguration, match="Name another folder"):
        copy_notebooks(tmp_path / "file" / "folder")


def test_calls_that_were_held_in_the_checkout_are_not_copied(tmp_path, monkeypatch):
    origin = tmp_path / "origin"
    copy_notebooks(origin)
    (origin / "calls" / "lido").mkdir(parents=True)
    (origin / "calls" / "lido" / "caller.wav").write_bytes(b"somebody's voice")
    monkeypatch.setattr("voicenb.demo.notebooks_folder", lambda: origin)
    copied = copy_notebooks(tmp_path / "copy")
    assert not [path for path in copied if "calls" in path.parts]


def test_a_file_where_one_stands_that_is_named_like_a_module_harms_nothing(tmp_path):
    (tmp_path / "token.py").write_text("raise SystemExit('the wrong one')")
    (tmp_path / "jupyterlab.py").write_text("raise SystemExit('the wrong one')")
    told = subprocess.run(
        [sys.executable, "-P", "-c", JUPYTERLABS_VERSION],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert "the wrong one" not in told.stdout
    assert told.returncode == 0


@pytest.fixture
def demo(tmp_path):
    """``voicenb demo`` in a terminal; what is written to its standard input is typed."""
    terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    program = [sys.executable, "-m", "voicenb", "demo", str(tmp_path / "notebooks"), "--no-browser"]
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "RUNTIME", "DATA")}
    process = subprocess.Popen(
        [sys.executable, "-c", terminal, *program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **own},
        start_new_session=True,
    )
    yield process
    process.kill()
    process.communicate()


def read_until(process, words):
    """What it prints, up to these words."""
    told = b""
    while words not in told:
        piece = process.stdout.read1()
        assert piece, told.decode()
        told += piece
    return told.decode()


@pytest.mark.slow
def test_its_address_opens_the_first_notebook_and_control_c_is_jupyterlabs_to_answer(demo):
    told = read_until(demo, b"jpserver-")
    address = re.search(r"http://(?:localhost|127\.0\.0\.1):\d+(/\S*)\?token=", told)[1]
    assert address == f"/lab/tree/{FIRST}"
    demo.stdin.write(b"\x03")
    demo.stdin.flush()
    read_until(demo, b"Shut down this Jupyter server (y/[n])?")
    demo.stdin.write(b"y\n")
    demo.stdin.flush()
    assert "Shutting down" in read_until(demo, b"Shutting down")
    assert demo.wait(30) == 0


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "voicenb", "demo", str(tmp_path), "--no-browser", "--port", port]
        demo = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert demo.returncode == 1
    assert f"port {port}: Address already in use" in demo.stderr
    assert list(tmp_path.iterdir()) == []
