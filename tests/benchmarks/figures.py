"""How the benchmarks print: a figure, its baseline from the same run, and the ratio of the two."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0…1) of the values lie (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked) - 1e-9) - 1)]


def machine() -> str:
    """One line about where this runs."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, {os.cpu_count()} cores, Python {platform.python_version()}"


def show(title: str, rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Print a table of (figure, value, baseline, ratio or aim)."""
    print(f"\n{title}\n  {machine()}")
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
