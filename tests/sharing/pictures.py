"""Draws the README's picture of a call's page, twice: ``python tests/sharing/pictures.py .github``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import voicenb as vn

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "browser"))


def main(folder: Path) -> None:
    """Draw both."""
    from lab import find_chromium

    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        page = vn.load(ROOT / "notebooks" / "sample-call").to_html(Path(scratch) / "call.html")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": 1180, "height": 900}, color_scheme=scheme)
            shown = context.new_page()
            shown.goto(page.as_uri())
            # The line of the interruption, so that the picture has something to follow.
            shown.get_by_text("Go on, ").last.click()
            shown.screenshot(path=folder / f"call-{scheme}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
