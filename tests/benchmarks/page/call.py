"""A call in a real browser, the sink its service: from a plain page, or from Talk in a real JupyterLab."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import numpy as np
from page.trace import Input, Output, Window, read_input, read_output
from playwright.sync_api import Page, Playwright
from websockets.sync.client import ClientConnection, connect

HERE = Path(__file__).parent
sys.path.append(str(HERE.parents[1] / "browser"))

from lab import Lab, Notebook, chromium  # noqa: E402

SECONDS = 240
"""How long the microphone hears noise."""


class Call:
    """A running call.

    Attributes:
        page: the browser's page.
        notebook: where Talk is in; None on the plain page.
        clock: how far the page's clock is ahead of the sink's, and the round trip that told, in ms.
        voice_late: by how many seconds the sink's own chunks came late at most.
    """

    def __init__(self, page: Page, port: int, control: ClientConnection, notebook: Notebook | None) -> None:
        self.page = page
        self.notebook = notebook
        self.clock: dict[str, float] = {}
        self.voice_late = 0.0
        self._port = port
        self._control = control

    def do(self, what: str, **order: Any) -> Any:
        """A command to the sink."""
        self._control.send(json.dumps({"do": what, **order}))
        return json.loads(self._control.recv())

    def await_messages(self, count: int = 20, within: float = 30) -> None:
        """Wait until the microphone is heard."""
        until = time.monotonic() + within
        while self.do("count")["messages"] < count:
            if time.monotonic() > until:
                raise SystemExit(
                    f"The sink hears nothing. The page says:\n{self.page.inner_text('body')[-1500:]}"
                )
            self.page.wait_for_timeout(50)

    def listen(self, seconds: float) -> Window:
        """Let time pass; returns which."""
        begun = time.time()
        self.page.wait_for_timeout(seconds * 1000)
        return begun, time.time()

    def run_cell(self, index: int, timeout: float = 60_000) -> Window:
        """Run a cell that prints when it began and ended; returns these."""
        assert self.notebook is not None
        self.notebook.run(index, timeout=timeout)
        begun, ended = self.notebook.output(index).split()[-2:]
        return float(begun), float(ended)

    def input(self) -> Input:
        """The microphone's way so far."""
        self.clock = self.page.evaluate(f"__bench.clock('ws://127.0.0.1:{self._port}/clock')")
        arrived = self.do("dump")  # first: what arrives meanwhile has then left the worklet for certain
        self.voice_late = arrived["lateness"]
        return read_input(self.page.evaluate("__bench.input()"), arrived, self.clock["page"])

    def output(self) -> Output:
        """What the page put out so far."""
        return read_output(self.page.evaluate("__bench.output()"))

    def latency(self) -> dict[str, float]:
        """The audio context's own word: ``base`` and ``output`` latency in seconds, ``rate``."""
        told: dict[str, float] = self.page.evaluate("__bench.latency()")
        return told

    def panel(self) -> str:
        """What Talk's panel says about the way of the sound."""
        return self.page.locator(".voicenb-way").first.inner_text()

    def stop(self) -> None:
        """Press Stop, and wait until the sink has seen the session's end."""
        self.page.get_by_role("button", name="Stop").click()
        until = time.monotonic() + 5
        while not self.do("count")["ended"] and time.monotonic() < until:
            self.page.wait_for_timeout(20)


def noise(path: Path) -> Path:
    """A WAV in which no stretch is like another."""
    samples = np.random.default_rng(3).normal(0, 1500, 48_000 * SECONDS)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(samples.clip(-32000, 32000).astype("<i2").tobytes())
    return path


@contextmanager
def sink() -> Iterator[tuple[int, ClientConnection]]:
    """The sink's port, and the connection that gives it orders."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "sink.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = json.loads(process.stdout.readline())["port"]
        with connect(
            f"ws://127.0.0.1:{port}/control", compression=None, max_size=None, proxy=None
        ) as control:
            yield port, control
    finally:
        process.stdin.close()
        process.wait(10)


@contextmanager
def _browser(playwright: Playwright, folder: Path) -> Iterator[Page]:
    hooks = (HERE / "hooks.js").read_text("utf-8")
    worklet = json.dumps((HERE / "worklet.js").read_text("utf-8"))
    with chromium(playwright, noise(folder / "noise.wav")) as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(hooks.replace("__WORKLET__", worklet))
        yield context.new_page()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def plain_call(playwright: Playwright) -> Iterator[Call]:
    """The baseline: a plain page with its own socket to the sink."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(HERE)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            port, control = stack.enter_context(sink())
            page = stack.enter_context(_browser(playwright, folder))
            service = f"ws://127.0.0.1:{port}/v1/ws"
            page.goto(f"http://127.0.0.1:{server.server_port}/plain.html?service={service}")
            page.get_by_role("button", name="Start").click()
            call = Call(page, port, control, None)
            call.await_messages()
            yield call
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


SETUP = """\
import time
import voicenb as vn

agent = vn.Agent(name="Bench", system_prompt="You are a benchmark.")

@agent.tool
def compute(seconds: float) -> int:
    \"\"\"Compute. Use when asked to.

    Args:
        seconds: for how long, e.g. 5.
    \"\"\"
    until, turns = time.time() + seconds, 0
    while time.time() < until:
        turns += 1
    return turns

talk = vn.Talk(agent, service="ws://127.0.0.1:{port}/v1/ws", audio={audio!r})
talk"""


@contextmanager
def talk_call(playwright: Playwright, audio: str, cells: list[str] | None = None) -> Iterator[Call]:
    """Talk in a notebook of a real JupyterLab; ``cells`` stand behind it, from index 1 on."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        port, control = stack.enter_context(sink())
        lab = Lab(folder / "lab")
        stack.callback(lab.stop)
        lab.write("call.ipynb", [SETUP.format(port=port, audio=audio), *(cells or [])])
        page = stack.enter_context(_browser(playwright, folder))
        notebook = lab.open(page, "call.ipynb")
        notebook.run(0)
        page.get_by_role("button", name="Start", exact=True).click()
        call = Call(page, port, control, notebook)
        call.await_messages()
        yield call
        call.stop()
