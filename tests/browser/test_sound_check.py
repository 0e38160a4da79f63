"""A sound check in JupyterLab, with and without a loudspeaker that the microphone hears."""

import json
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from lab import chromium, open_page
from playwright.sync_api import expect
from talking import AGENT, captions, start

from voicenb.audio.noise import pink
from voicenb.audio.wav import load_wav, write_wav

ROOM = (Path(__file__).parent / "room.js").read_text("utf-8")
CLIPS = Path(__file__).parents[1] / "data" / "audio"
RATE = 24_000

CELLS = [
    AGENT,
    "talk = vn.Talk(agent)\ntalk",
    "found = talk.check()\nfound",
    "import json\nprint(json.dumps(found.to_dict()))",
    "found = talk.calibration\nfound",
]


@pytest.fixture
def checked(playwright, lab, tmp_path):
    """``checked(room)``: the page after a check, what it found, and the latency that the browser states.

    It is begun by a cell, or with the panel's button (``button=True``).
    """
    with ExitStack() as stack:

        def check(room=None, *, button=False):
            sound = (0.001 * pink(20 * RATE, 5)).astype(np.float32)
            clip = load_wav(CLIPS / "austen-0930.wav").samples
            sound[8 * RATE : 8 * RATE + len(clip)] += clip
            write_wav(tmp_path / "microphone.wav", sound, RATE)
            lab.write("talk.ipynb", CELLS)
            page = open_page(stack.enter_context(chromium(playwright, tmp_path / "microphone.wav")))
            if room is not None:
                page.add_init_script(f"window.__room = {json.dumps(room)};\n{ROOM}")
            notebook = lab.open(page, "talk.ipynb")
            notebook.run(0)
            notebook.run(1)
            panel = page.locator(".voicenb-talk").first
            if button:
                panel.get_by_role("button", name="Check the sound").click()
            else:
                notebook.run(2, wait=False)
                expect(panel).to_contain_text("Press Start for a sound check.")
                start(page)
            expect(captions(page)).to_contain_text("Please say nothing until you have heard five tones.")
            expect(captions(page)).to_contain_text("Now say a sentence or two")
            if button:
                expect(panel).to_contain_text("Sound check: voice", timeout=60_000)
                notebook.run(4)
            else:
                notebook.await_run(2)
            notebook.run(3)
            latency = page.evaluate("window.__latency?.() ?? null")
            return page, notebook, json.loads(notebook.output(3)), latency

        yield check


@pytest.mark.campaign
def test_headphones(checked):
    page, notebook, found, _ = checked(button=True)
    assert (found["tones"], found["tones_found"]) == (5, 0)
    assert (found["echo"], found["round_trip"]) == (None, None)
    assert found["echo_below"] < -30
    assert -45 < found["voice"] < -10
    assert found["noise"] < found["voice"] - 15
    panel = page.locator(".voicenb-talk").first
    expect(panel).to_contain_text("Sound check: voice -")
    expect(panel).to_contain_text("echo none found above -")
    expect(panel.get_by_role("button", name="Start", exact=True)).to_be_visible()
    expect(captions(page)).not_to_contain_text("tones")
    assert "none found above" in notebook.output(4)


def test_a_loudspeaker(checked):
    page, _, found, latency = checked({"delay": 0.12, "gain": 0.1})
    assert found["tones_found"] == 5
    assert found["echo"] == pytest.approx(-20, abs=2)
    # The way back is inside of the page: what the browser says of its loudspeaker's latency is not in it.
    off = found["round_trip"] + latency - 0.12
    assert abs(off) < 0.04
    assert found["round_trip_uncertainty"] < 0.05
    expect(page.locator(".voicenb-talk").first).to_contain_text("The agent may hear itself: use headphones")
