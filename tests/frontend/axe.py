"""axe-core, which looks for what keeps people from using a page."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

HERE = Path(__file__).parent

RUN = """async (within) => {
  // Nobody can say what is behind the names in the lanes, a moving picture: mostly their own paper is.
  const where = { include: [[within]], exclude: [[".voicenb-lane-name"]] };
  const { violations, incomplete, passes } = await axe.run(where);
  const told = ({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
    `${id}: ${html.slice(0, 160)}: ${[...any, ...all, ...none].map((check) => check.message).join(" ")}`);
  const passed = passes.map(({ id }) => id);
  return { wrong: violations.flatMap(told), open: incomplete.flatMap(told), passed };
}"""


@cache
def library() -> str:
    """The library's source; installed if it is missing."""
    source = HERE / "node_modules" / "axe-core" / "axe.min.js"
    if not source.is_file():
        npm = shutil.which("npm")
        assert npm, "The front end's tests need npm: apt-get install nodejs npm"
        command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=HERE, check=True, timeout=300)
    return source.read_text(encoding="utf-8")


def judged(page: Page, within: str) -> dict[str, list[str]]:
    """What axe-core says of a part of the page.

    Args:
        page: the page.
        within: selector of the part.

    Returns:
        What is ``wrong``, what is left ``open`` (it could not tell), and the rules that were ``passed``.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(library())
    found: dict[str, list[str]] = page.evaluate(RUN, within)
    return found
