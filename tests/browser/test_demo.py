"""``voicenb demo``: the address that it prints opens the first notebook, and one can talk."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

from lab import Notebook, chromium, free_port, open_page, settle
from playwright.sync_api import expect
from talking import captions, start, stop


@contextmanager
def demo(folder, port, log):
    """Run the command as one whose JupyterLab has no settings; yields the address that it prints."""
    command = [sys.executable, "-m", "voicenb", "demo", str(folder), "--no-browser", f"--port={port}"]
    environment = settle(log.parent / "settings")
    shutil.rmtree(environment["JUPYTERLAB_SETTINGS_DIR"])
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield address_in(log, process)
    finally:
        process.terminate()
        process.wait(30)
        left = listens(port)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert not left, "JupyterLab ends with the command"


def address_in(log, process):
    def printed():
        assert process.poll() is None, log.read_text()
        return re.search(r"(https?://\S+token=\S+)\s", log.read_text())

    return until(printed, "no address was printed")[1]


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def until(found, otherwise):
    """Ask until there is an answer."""
    end = time.monotonic() + 60
    while not (answer := found()):
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)
    return answer


def test_the_demo_opens_on_the_first_notebook(playwright, microphone, tmp_path):
    folder = tmp_path / "notebooks"
    with (
        demo(folder, free_port(), tmp_path / "log") as address,
        chromium(playwright, microphone(1.0)) as browser,
    ):
        page = open_page(browser)
        page.goto(address)
        notebook = Notebook.of(page, folder / "01-talk.ipynb")
        expect(page.get_by_role("tab", name="01-talk.ipynb")).to_be_visible()
        notebook.run(0)
        notebook.run(1)
        start(page)
        expect(captions(page)).to_contain_text("Lido, good evening.", timeout=60_000)
        stop(page)
        expect(page.get_by_text("official Jupyter news")).to_have_count(0)
