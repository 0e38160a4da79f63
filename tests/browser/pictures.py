"""Pictures of the panel in each of its states, from the first notebook in a real JupyterLab.

``python tests/browser/pictures.py FOLDER [--themes light dark] [--widths 1280 560]``: a synthetic caller
books a table, by the browser's microphone. Each is taken when its state is there; what the caller says comes
by the clock: on a machine that is busy with something else it comes too early. A theme and width that fail
do not keep the others from being taken; they are named at the end.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from lab import Lab, Notebook, chromium, open_page
from playwright.sync_api import Page, expect, sync_playwright

from voicenb.audio.pcm import to_float
from voicenb.audio.speech import synthesise
from voicenb.audio.wav import write_wav

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "01-talk.ipynb"
RATE = 24_000

SAYS: list[float | str] = [
    6.0,  # the greeting
    "Hi, I would like a table on Friday for four people.",
    4.3,  # the answer begins, and is interrupted
    "Half past eight, please.",
    6.5,
    "My name is Anna.",
    8.0,
    "Yes, please.",
    60.0,
]

NAMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def caller(path: Path) -> Path:
    """A WAV of what the caller says."""
    sound = [
        np.zeros(round(part * RATE), np.float32) if isinstance(part, float) else to_float(synthesise(part))
        for part in SAYS
    ]
    write_wav(path, np.concatenate(sound), RATE)
    return path


class Photographer:
    """Takes the pictures of one theme and width.

    Args:
        page: with the notebook, its first two cells run.
        prefix: what the pictures' paths begin with.
    """

    def __init__(self, page: Page, prefix: str) -> None:
        self.page = page
        self.panel = page.locator(".voicenb-talk")
        self._prefix = prefix

    def take(self, name: str) -> None:
        """A picture of the panel."""
        self.panel.screenshot(path=f"{self._prefix}-{name}.png")

    def take_pill(self) -> None:
        """A picture of the page's lower part while the panel is out of sight."""
        pane = self.page.locator(".jp-WindowedPanel-outer")
        pane.evaluate("(pane) => pane.scrollTo(0, pane.scrollHeight)")
        pill = self.page.locator(".voicenb-pill")
        expect(pill).to_be_visible()
        size = self.page.viewport_size
        assert size is not None
        clip = {"x": 0, "y": size["height"] - 260, "width": size["width"], "height": 260}
        self.page.screenshot(path=f"{self._prefix}-pill.png", clip=clip)
        pill.get_by_role("button", name="Show").click()
        expect(pill).to_have_count(0)

    def press(self, name: str) -> None:
        """Press a button of the panel."""
        self.panel.get_by_role("button", name=name, exact=True).click()

    def until(self, selector: str, seconds: float = 30) -> None:
        """Wait until the panel has that."""
        self.panel.locator(selector).last.wait_for(timeout=seconds * 1000)

    # --- the states ---

    def call(self) -> None:
        """A booking, from Start to Stop."""
        self.take("1-ready")
        self.press("Start")
        self.page.wait_for_timeout(250)
        self.take("2-connecting")
        self.until(".voicenb-user .voicenb-tail:not(:empty)", 60)
        self.page.wait_for_timeout(900)
        self.take("3-listening")
        self.until(".voicenb-tool")
        self.take("4-tool")
        self.until(".voicenb-tool ~ .voicenb-agent .voicenb-words:not(:empty)")
        self.page.wait_for_timeout(900)
        self.take("5-speaking")
        self.until(".voicenb-unheard:not(:empty)")
        self.page.wait_for_timeout(600)
        self.take("6-interrupted")
        self.until(".voicenb-yield ~ .voicenb-agent .voicenb-words:not(:empty)", 40)
        self.take_pill()
        self.until(".voicenb-tool ~ .voicenb-tool", 60)
        self.page.wait_for_timeout(5000)
        self.take("7-later")
        expect(self.panel).to_have_attribute("data-state", "listening", timeout=20_000)
        self.press("Stop")
        self.until(".voicenb-after")
        self.page.wait_for_timeout(1500)
        self.take("8-after")

    def without_microphone(self) -> None:
        """It is refused; then there is none, and one types."""
        fails = """(why) => {
          navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", why) };
        }"""
        self.page.evaluate(fails, "NotAllowedError")
        self.press("Start")
        self.until(".voicenb-problem")
        self.take("9-refused")
        self.press("Type instead")
        self.until(".voicenb-typed", 60)
        self.until(".voicenb-agent .voicenb-words:not(:empty)")
        self.panel.locator(".voicenb-typed").fill("Hi, I would like a table for four on Friday.")
        self.take("10-typing")
        self.press("Stop")
        self.until(".voicenb-after")


def pictures(folder: Path, theme: str, width: int) -> None:
    """Take those of a theme, in a window so wide."""
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory()))
        lab = Lab(scratch, theme=NAMES[theme])
        stack.callback(lab.stop)
        shutil.copy(NOTEBOOK, lab.folder)
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(chromium(playwright, caller(scratch / "caller.wav")))
        page = open_page(browser, width=width, height=950, dark=theme == "dark")
        notebook: Notebook = lab.open(page, NOTEBOOK.name)
        if width < 1000:
            page.keyboard.press("Control+b")  # the list of files
        notebook.run(0)
        notebook.run(1)
        photographer = Photographer(page, str(folder / f"{theme}-{width}"))
        photographer.until(".voicenb-hint")
        photographer.call()
        photographer.without_microphone()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--themes", nargs="+", choices=NAMES, default=list(NAMES))
    options.add_argument("--widths", nargs="+", type=int, default=[1280, 560])
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    failed: dict[str, Exception] = {}
    for theme in chosen.themes:
        for width in chosen.widths:
            try:
                pictures(chosen.folder, theme, width)
            except Exception as error:  # whatever it was, the next may go well
                failed[f"{theme} {width}"] = error
    for name, error in failed.items():
        told, _, _ = str(error).partition("\n")
        print(f"{name}: {type(error).__name__}: {told}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
