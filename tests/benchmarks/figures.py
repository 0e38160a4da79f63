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


FEWEST = ((0.99, 300), (0.95, 60), (0.9, 20))
"""Shares, and how many values each needs before it says more than the largest does."""


def percentile_or_largest(values: Sequence[float], share: float, form: str = "{:.1f} ms") -> str:
    """The percentile where there are enough values for it; else the highest that they allow, and the largest.

    Args:
        values: at least one.
        share: 0…1.
        form: how a value is written.
    """
    known = next((each for each, fewest in FEWEST if each <= share and len(values) >= fewest), None)
    if share <= 0.5 or known == share:
        return form.format(percentile(values, share))
    largest = f"largest {form.format(max(values))}, n = {len(values)}"
    return f"p{known * 100:.0f} {form.format(percentile(values, known))}, {largest}" if known else largest


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
