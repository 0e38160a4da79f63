"""A real JupyterLab (and Notebook 7) and a real Chromium whose microphone is a WAV file."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Playwright, Request, expect

FLAGS = [
    "--autoplay-policy=user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def listening(name):
    """A script that listens in the page's audio thread, with what it needs."""
    folder = Path(__file__).parent
    return "".join((folder / each).read_text("utf-8") for each in ("audio_thread.js", name))


TAP = listening("tap.js")


HOST = "lab.localhost"
"""Another name of this machine: to a browser as safe as ``localhost``, to the panel a server far away."""


LAB, NOTEBOOK_7 = "lab/tree", "notebooks"
"""The faces in which one server shows a notebook: JupyterLab, and Notebook 7."""


LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
"""Themes."""


def find_chromium() -> str:
    """The browser, or one line that says how to get it."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if path := shutil.which(name):
            return path
    raise RuntimeError(
        "The browser tests need Chromium: apt-get install chromium, or run pytest -m 'not browser'."
    )


def settle(folder: Path, theme: str = LIGHT) -> dict[str, str]:
    """Environment of a JupyterLab that knows nothing of this machine's settings and leaves none there."""
    _set(folder, "notification", {"fetchNews": "false", "checkForUpdates": False})
    _set(folder, "themes", {"theme": theme})
    return {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "VOICENB_RECORDINGS": str(folder / "recordings"),
        "VOICENB_BRAIN": "rules",
    }


def _set(folder: Path, plugin: str, values: dict[str, object]) -> None:
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / f"{plugin}.jupyterlab-settings").write_text(json.dumps(values))


def free_port() -> int:
    """A port on loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Lab:
    """A running JupyterLab on a folder of its own."""

    def __init__(self, folder: Path, *, theme: str = LIGHT, environment: dict[str, str] | None = None):
        self._settled = folder
        self.folder = folder / "root"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.recordings = folder / "recordings"
        self.token = secrets.token_urlsafe(16)
        self.port = free_port()
        self.log = folder / "jupyter.log"
        self._log = self.log.open("wb")
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyterlab",
                "--no-browser",
                "--allow-root",
                f"--port={self.port}",
                "--ServerApp.port_retries=0",
                f"--IdentityProvider.token={self.token}",
                f"--ServerApp.root_dir={self.folder}",
                f"--ServerApp.local_hostnames={HOST}",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            ],
            env={**os.environ, **settle(folder, theme), **(environment or {})},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._await_server()

    def _await_server(self) -> None:
        import time

        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(self.api("status"), timeout=2).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text()[-3000:]}") from None
                time.sleep(0.1)

    def api(self, path: str) -> str:
        """The address of a REST call of the Jupyter server."""
        return f"http://127.0.0.1:{self.port}/api/{path}?token={self.token}"

    def write(self, name: str, cells: list[str]) -> None:
        """Write a notebook of code cells."""
        notebook = {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"c{i}",
                    "metadata": {},
                    "source": s,
                    "outputs": [],
                    "execution_count": None,
                }
                for i, s in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self.folder / name).write_text(json.dumps(notebook))

    def address(self, name: str, host: str = "127.0.0.1", face: str = LAB) -> str:
        """Where a notebook is opened."""
        return f"http://{host}:{self.port}/{face}/{name}?token={self.token}&reset"

    def open(self, page: Page, name: str, host: str = "127.0.0.1", face: str = LAB) -> Notebook:
        """Open a notebook and wait for its kernel."""
        # Begun here, the kernel is there by the time that the page looks for it.
        beginning = threading.Thread(target=self._begin_kernel, args=[name])
        beginning.start()
        page.goto(self.address(name, host, face))
        beginning.join()
        return Notebook.of(page, self.folder / name)

    def _begin_kernel(self, name: str) -> None:
        session = {"path": name, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
        self._ask("sessions", "POST", session)

    def _ask(self, path: str, method: str = "GET", content: object = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self.api(path), body, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def use_theme(self, theme: str) -> None:
        """What pages that are opened from now on look like."""
        _set(self._settled, "themes", {"theme": theme})

    def clear(self) -> None:
        """End the kernels and forget everything: the next notebook is the first one here."""
        for session in self._ask("sessions"):
            self._ask(f"sessions/{session['id']}", "DELETE")
        for folder in (self.folder, self.recordings):
            shutil.rmtree(folder, ignore_errors=True)
        self.folder.mkdir()
        self.use_theme(LIGHT)

    def stop(self) -> None:
        """Stop the server and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()


class Notebook:
    """An open notebook, used by hand."""

    def __init__(self, page: Page, code_cells: list[int]) -> None:
        self.page = page
        self.code_cells = code_cells

    @classmethod
    def of(cls, page: Page, file: Path) -> Notebook:
        """The notebook that the page is opening, once its kernel is there."""
        cells = json.loads(file.read_text("utf-8"))["cells"]
        notebook = cls(page, [i for i, cell in enumerate(cells) if cell["cell_type"] == "code"])
        notebook.await_idle()
        return notebook

    def await_idle(self, timeout: float = 60_000) -> None:
        """Wait until the kernel is there and idle."""
        if f"/{NOTEBOOK_7}/" in self.page.url:  # it has no status bar
            expect(self.page.locator(".jp-KernelName")).to_contain_text("Python 3", timeout=timeout)
            indicator = self.page.locator(".jp-Notebook-ExecutionIndicator")
            expect(indicator).to_have_attribute("data-status", "idle", timeout=timeout)
        else:  # looked for at each picture: what expects looks once a second
            idle = "document.querySelector('#jp-main-statusbar')?.textContent.includes('| Idle')"
            self.page.wait_for_function(idle, timeout=timeout)

    def cell(self, index: int) -> Locator:
        """A code cell, by its place among the code cells (those out of sight are not in the page)."""
        return self.page.locator(
            f".jp-Notebook .jp-Cell[data-windowed-list-index='{self.code_cells[index]}']"
        )

    def run(self, index: int, *, wait: bool = True, timeout: float = 60_000) -> None:
        """Click into a code cell and press Control+Enter; by default wait until it has run."""
        cell = self.cell(index)
        cell.scroll_into_view_if_needed()
        editor = cell.locator(".cm-content")
        editor.click()
        expect(editor).to_be_focused()
        before = self.prompt(index).inner_text()
        self.page.keyboard.press("Control+Enter")
        expect(self.prompt(index)).not_to_have_text(before)
        if wait:
            self.await_run(index, timeout)

    def save(self) -> None:
        """Press Control+S and wait until the file is written."""

        def writes(request: Request) -> bool:
            return request.method == "PUT" and "/api/contents/" in request.url

        # What was on its way before, as JupyterLab saves by itself, may lack what came since.
        with self.page.expect_request(writes) as writing:
            self.page.keyboard.press("Control+s")
        answer = writing.value.response()
        assert answer is not None
        assert answer.ok, answer.status_text
        expect(self.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)

    def prompt(self, index: int) -> Locator:
        """The number before a code cell, ``[*]:`` while it runs."""
        return self.cell(index).locator(".jp-InputArea-prompt")

    def await_run(self, index: int, timeout: float = 60_000) -> None:
        """Wait until a cell that was started has run."""
        expect(self.prompt(index)).to_have_text(re.compile(r"\[\d+\]:"), timeout=timeout)

    def output(self, index: int) -> str:
        """The text of a cell's output."""
        return self.cell(index).locator(".jp-OutputArea").inner_text()


@contextmanager
def chromium(
    playwright: Playwright, wav: Path | None = None, *, flags: list[str] | None = None
) -> Iterator[Browser]:
    """A Chromium whose microphone plays ``wav`` once, then silence."""
    microphone = [] if wav is None else [f"--use-file-for-fake-audio-capture={wav}%noloop"]
    browser = playwright.chromium.launch(
        executable_path=find_chromium(), args=[*FLAGS, *microphone, *(flags or [])], headless=True
    )
    try:
        yield browser
    finally:
        browser.close()


def open_page(browser: Browser, *, width: int = 1280, height: int = 900, dark: bool = False) -> Page:
    """A page with the tap on its sound output."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    context.add_init_script(TAP)
    return context.new_page()
