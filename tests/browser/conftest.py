"""Fixtures of the browser tests: JupyterLab, Chromium, callers as WAV files."""

import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
sys.path[:0] = [
    str(HERE),
    str(HERE.parent / "frontend"),
]  # modules beside the tests, and those of the page's tests

CLIPS = Path(__file__).parents[1] / "data" / "audio"
RATE = 24_000


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")  # it keeps an event loop running on this thread: no longer than it must
def playwright():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # a machine may be busy
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def jupyter(tmp_path_factory):
    """A Jupyter server for all tests here: it takes its time to start."""
    from lab import Lab

    running = Lab(tmp_path_factory.mktemp("lab"))
    yield running
    running.stop()


@pytest.fixture
def lab(jupyter):
    """A JupyterLab on an empty folder, without a kernel."""
    yield jupyter
    jupyter.clear()


@pytest.fixture
def microphone(tmp_path):
    """``microphone(3.0, "austen-0880", 9.0)``: a WAV of clips, and of silences in seconds."""
    from voicenb.audio.wav import load_wav, write_wav

    def make(*parts):
        sound = [
            np.zeros(round(part * RATE), np.float32)
            if isinstance(part, int | float)
            else load_wav(CLIPS / f"{part}.wav").samples
            for part in parts
        ]
        path = tmp_path / "microphone.wav"
        write_wav(path, np.concatenate(sound), RATE)
        return path

    return make


@pytest.fixture
def others():
    """``others(begun, ended)``: the share of the processors that programs beside the test had meanwhile."""
    from others import Others

    with Others() as running:
        yield running.share


@pytest.fixture
def conversation(playwright, lab, microphone):
    """``conversation(emulator, "print(talk)", says=[3.0, "austen-0880"])``: a call that has just begun.

    A notebook is open, with the agent, the panel and then the given cells, and Start has been pressed.
    ``agent`` is the agent's cell, ``extra`` is put into the call of ``Talk``, ``says`` is what the microphone
    hears, ``host`` is the name by which the page knows the Jupyter server.
    """
    from lab import chromium, open_page
    from talking import AGENT, Conversation, start, talk_cell

    with ExitStack() as stack:

        def begin(emulator, *cells, agent=AGENT, extra="", says=(1.0,), host="127.0.0.1"):
            lab.write("talk.ipynb", [agent, talk_cell(emulator, extra), *cells])
            browser = stack.enter_context(chromium(playwright, microphone(*says)))
            page = open_page(browser)
            notebook = lab.open(page, "talk.ipynb", host=host)
            notebook.run(0)
            notebook.run(1)
            start(page)
            return Conversation(page, notebook, emulator)

        yield begin
