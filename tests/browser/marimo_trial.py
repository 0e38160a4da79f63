"""A trial of the panel in marimo: a whole call, direct and through the kernel, in a real Chromium.

No test: marimo is not among what the tests need. Run it with a Python that has marimo and voicenb:

    python -m venv SOMEWHERE && SOMEWHERE/bin/pip install marimo ".[emulator]"
    python tests/browser/marimo_trial.py SOMEWHERE/bin/python

It prints what was seen, and leaves screenshots in the folder that it names.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from lab import chromium, free_port
from playwright.sync_api import Page, expect, sync_playwright
from talking import captions, start, stop

from voicenb.audio.speech import synthesise
from voicenb.audio.wav import write_wav

NOTEBOOK = '''
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import voicenb as vn
    return mo, vn


@app.cell
def _(vn):
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Good evening.")

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book a table.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
        """
        return ["19:00", "20:30"]

    talk = vn.Talk(agent{options})
    address = talk.open(browser=False)
    return address, talk


@app.cell
def _(address, mo):
    mo.md(f"Tab: {{address}}")
    return


@app.cell
def _(mo, talk):
    {shown}
    return
'''

SHOWN = {"plain": "talk", "anywidget": "mo.ui.anywidget(talk)"}
BEFORE = 12.0
"""Seconds of the microphone's silence: loading the page and the greeting are heard out."""


def caller(folder: Path) -> Path:
    """A microphone: silence, one sentence, silence."""
    said = np.frombuffer(synthesise("I would like a table on Friday for four people."), np.int16) / 2**15
    sound = np.concatenate([np.zeros(round(BEFORE * 24_000)), said, np.zeros(60 * 24_000)])
    write_wav(folder / "caller.wav", sound.astype(np.float32), 24_000)
    return folder / "caller.wav"


@contextmanager
def marimo(python: str, notebook: Path) -> Iterator[str]:
    """A running ``marimo run``; yields its address."""
    port = free_port()
    folder = notebook.parent
    program = [python, "-m", "marimo", "run", "--headless", "--no-token", "-p", str(port), str(notebook)]
    settings = {
        "HOME": str(folder),
        "VOICENB_RECORDINGS": str(folder / "recordings"),
        "VOICENB_BRAIN": "rules",
    }
    with (folder / "marimo.log").open("ab") as log:
        process = subprocess.Popen(
            program, env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _await(f"http://127.0.0.1:{port}/health")
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(address: str, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def converse(page: Page) -> str:
    """Press Start, talk, press Stop; returns what the panel's foot said of the audio."""
    start(page)
    expect(captions(page)).to_contain_text("half past eight", timeout=60_000)
    told = page.get_by_text(re.compile(r"audio (direct|through)")).first.inner_text()
    stop(page)
    return told


def try_out(python: str, folder: Path, name: str, shown: str, options: str) -> None:
    """One notebook, one call in it, or in a tab of its own."""
    notebook = folder / f"{name.replace(' ', '_')}.py"
    notebook.write_text(NOTEBOOK.format(shown=shown, options=options), encoding="utf-8")
    with (
        marimo(python, notebook) as address,
        sync_playwright() as playwright,
        chromium(playwright, caller(folder)) as browser,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled(timeout=60_000)
        if name == "a tab":
            link = page.get_by_text("Tab: ").inner_text().partition("Tab: ")[2]
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(link)
        print(f"{name}: {converse(page)}", flush=True)
        page.screenshot(path=folder / f"{notebook.stem}.png")


def main(python: str) -> None:
    """Try the panel in both ways of showing it, through the kernel, and in a tab."""
    folder = Path(tempfile.mkdtemp(prefix="voicenb-marimo-"))
    print(f"Screenshots and logs: {folder}")
    try_out(python, folder, "as the last expression", SHOWN["plain"], "")
    try_out(python, folder, "in mo.ui.anywidget", SHOWN["anywidget"], "")
    try_out(python, folder, "through the kernel", SHOWN["plain"], ', audio="kernel"')
    try_out(python, folder, "a tab", SHOWN["plain"], "")


if __name__ == "__main__":
    main(sys.argv[1])
