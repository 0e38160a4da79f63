"""What a lively call costs JupyterLab's main thread: the panel in view, out of sight, and before the call."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from figures import show
from page.call import SETUP, noise, sink
from playwright.sync_api import Page, expect, sync_playwright

# isort: split
from lab import Lab, chromium  # on the path since page.call
from main_thread import Work, watch

SLICE = 10
"""Seconds of one trace."""

TURNS = 200
"""Turns above those that are measured."""

FILLING = "\n".join(f"# {line}" for line in range(60))


def watched(page: Page, seconds: int) -> Work:
    """What the main thread does in so many seconds."""
    whole = Work()
    for _ in range(0, seconds, SLICE):
        work = watch(page, lambda: page.wait_for_timeout(SLICE * 1000))
        whole.tasks += work.tasks
        whole.walls += work.walls
        whole.parts += work.parts
    return whole


def measured(seconds: int) -> dict[str, Work]:
    """The page before the call, with the panel in view, and with the panel out of sight."""
    found = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        port, control = stack.enter_context(sink())
        lab = Lab(folder / "lab")
        stack.callback(lab.stop)
        lab.write("call.ipynb", [SETUP.format(port=port, audio="direct"), FILLING, FILLING])
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(chromium(playwright, noise(folder / "noise.wav")))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        notebook = lab.open(page, "call.ipynb")
        notebook.run(0)
        page.wait_for_timeout(3000)
        found["before the call"] = watched(page, SLICE)

        def do(what: str, **order: int) -> None:
            control.send(json.dumps({"do": what, **order}))
            control.recv()

        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.locator(".voicenb-state")).to_contain_text("listening", timeout=30_000)
        do("past", turns=TURNS)
        expect(page.locator(".voicenb-captions")).to_contain_text(f"Question {TURNS - 1},", timeout=30_000)
        do("converse", seconds=2 * seconds + 60)
        page.wait_for_timeout(5000)
        found["panel in view"] = watched(page, seconds)
        page.locator(".jp-WindowedPanel-outer").evaluate("(pane) => pane.scrollTo(0, pane.scrollHeight)")
        expect(page.locator(".voicenb-pill")).to_be_visible()
        found["panel out of sight"] = watched(page, seconds)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=60)
    seconds = options.parse_args().seconds
    found = measured(seconds)
    idle = found["before the call"].busy / SLICE
    rows = [("main thread, of one core", "share", "the call's own", "longest task")]
    for name, work in found.items():
        length = SLICE if name == "before the call" else seconds
        share, longest = (
            work.busy / length / 10,
            f"{work.longest:.0f} ms ({max(work.walls):.0f} by the clock)",
        )
        rows.append((name, f"{share:.1f} %", f"{share - idle / 10:.1f} %", longest))
    show(f"A lively call in JupyterLab, {TURNS} turns above; aim ≤ 15 % and ≤ 50 ms", rows)
    most = found["panel in view"].parts.most_common(12)
    print("  in view, % of a core:", ", ".join(f"{name} {ms / seconds / 10:.1f}" for name, ms in most))


if __name__ == "__main__":
    main()
