"""The panel on a recording of half an hour, in a real JupyterLab: a slider is moved → all is drawn anew."""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from figures import percentile, show
from page.call import noise
from playwright.sync_api import Page, expect, sync_playwright

# isort: split
from lab import Lab, chromium  # on the path since page.call

sys.path.append(str(Path(__file__).parents[2]))

from tests.analysis.known_call import KnownCall, speech

AIM = 100.0
"""Milliseconds, for a call of half an hour."""

LIMITS = {"vad_threshold": 0.5, "min_silence": 1400, "max_silence": 3000}
CLIPS = [f"cards-00{number}.wav" for number in range(1, 6)]

PANEL = "import voicenb as vn\npanel = vn.TurnDetectionPanel('call')\npanel"

KERNEL = """
import time
from voicenb.turn_detection import TurnDetection
from voicenb.widgets.recorded_figures import figures
from voicenb.widgets.recorded_turns import numbers
decided, took = panel._decided, []
for n in range(60):
    begun = time.perf_counter()
    setting = TurnDetection(min_silence=300 + 20 * n, max_silence=3000)
    numbers(decided.ghosts.of(setting), decided.ground)
    figures(decided.sweep.of(setting))
    took.append(1000 * (time.perf_counter() - begun))
print(*[round(each, 2) for each in took])
"""
"""What the kernel does for a move, without the way there and back."""


def build(folder: Path, minutes: float) -> int:
    """A call in which turns have pauses; returns how many turns."""
    chance = np.random.default_rng(7)
    call = KnownCall(folder, 60 * minutes, LIMITS)
    at, turns = 1.0, 0
    while at < 60 * minutes - 15:
        end = call.says(at, speech(str(chance.choice(CLIPS))))
        for pause in chance.choice([0.45, 0.7, 1.1], int(chance.integers(0, 3))).tolist():
            end = call.says(end + pause, speech(str(chance.choice(CLIPS))))
        over = end + 1.4
        call.turn(f"item-{turns}", "Two of clubs.", told=at + 0.1, decided=over, transcribed=over)
        sound = speech(str(chance.choice(CLIPS)))
        call.reply(f"r{turns}", "Yes.", sound, began=over, received=over, heard=over + 0.4)
        at, turns = over + 0.4 + len(sound) / 24_000 + 1.0, turns + 1
    call.build()
    return turns


def moved(page: Page, name: str, key: str, times: int) -> list[float]:
    """Milliseconds from each press of a key on a slider to the picture of the screen that shows it."""
    took = page.locator(".voicenb-recorded-took")
    page.get_by_role("slider", name=name).focus()
    found = []
    for _ in range(times):
        page.evaluate("document.querySelector('.voicenb-recorded-took').textContent = ''")
        page.keyboard.press(key)
        expect(took).to_have_text(re.compile(r"redrawn in \d+ ms"))
        found.append(float(re.findall(r"\d+", took.inner_text())[0]))
    return found


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long the call is")
    parser.add_argument("--moves", type=int, default=60, help="how often each slider is moved")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        lab = Lab(folder / "lab")
        stack.callback(lab.stop)
        turns = build(lab.folder / "call", given.minutes)
        lab.write("tune.ipynb", [PANEL, KERNEL])
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(chromium(playwright, noise(folder / "noise.wav")))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        notebook = lab.open(page, "tune.ipynb")
        notebook.run(0)
        expect(page.locator(".voicenb-recorded-figure").first).not_to_be_empty(timeout=300_000)
        page.wait_for_timeout(8000)  # the other thresholds are heard meanwhile
        half = given.moves // 2
        sliders = {
            "min_silence": [
                *moved(page, "min_silence", "ArrowLeft", half // 2),
                *moved(page, "min_silence", "ArrowRight", half),
            ],
            "vad_threshold": moved(page, "vad_threshold", "ArrowLeft", 8),
        }
        notebook.run(1)
        kernel = [float(each) for each in notebook.output(1).split()]
    rows = []
    for name, values in sliders.items():
        told = f"p50 {percentile(values, 0.5):.0f} ms, largest {max(values):.0f}, n = {len(values)}"
        rows.append((f"{name} moved → drawn", told, "", f"aim ≤ {AIM:.0f} ms"))
    told = f"p50 {percentile(kernel, 0.5):.1f} ms, largest {max(kernel):.1f}, n = {len(kernel)}"
    rows.append(("of it the kernel's part", told, "", ""))
    show(f"Panel on a recording of {given.minutes:g} minutes, {turns} turns", rows)


if __name__ == "__main__":
    main()
