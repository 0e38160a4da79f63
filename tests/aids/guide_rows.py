"""The rows of the guide's tables of what the emulator cannot be right about."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import voicenb

_TEXT = (Path(voicenb.__file__).parent / "guide.md").read_text(encoding="utf-8")
SECTION = _TEXT.partition("\n## What the emulator cannot be right about\n")[2].partition("\n## ")[0]

ROWS: dict[str, tuple[str, str, str]] = {
    cells[0]: (cells[1], cells[2], cells[3])
    for line in SECTION.splitlines()
    if line.startswith("| ")
    and len(cells := [cell.strip() for cell in line.strip("| ").split(" | ")]) == 4
    and cells[1] != "what is known"
}
"""By what is uncertain: what is known of it, and what the emulator does on each profile."""

PROFILES = ("contract", "live")


def row(title: str) -> Any:
    """Marks the test that holds a row; it runs once for each profile, whose name it takes as ``profile``."""
    assert title in ROWS, f"the guide has no such row: {title}"
    return pytest.mark.parametrize("profile", PROFILES)


def rows_held(folder: Path) -> set[str]:
    """The rows for which there is a test below a folder."""
    files = sorted(folder.glob("test_*.py"))
    return {
        title
        for file in files
        for title in re.findall(r"^@row\([\"'](.+)[\"']\)$", file.read_text("utf-8"), re.M)
    }
