"""How stretches of milliseconds are printed."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence

from figures import percentile
from page.call import Call
from page.trace import Input, Window


def median(values: Sequence[float]) -> str:
    """The median run, with the best and the worst beside it."""
    middle = f"{statistics.median(values):.1f} ms"
    return middle if len(values) == 1 else f"{middle} ({min(values):.1f} to {max(values):.1f})"


def spread(values: Sequence[float]) -> str:
    """p50, p99 and the largest."""
    return f"{percentile(values, 0.5):.1f}/{percentile(values, 0.99):.1f}/{max(values):.1f}"


def tell(title: str, told: Input, window: Window, more: str = "") -> None:
    """One line about a stretch of a call: p50/p99/largest in ms, and what the machine was like."""
    whole, way, to_page = told.latency(window), told.way(window), told.to_page(window)
    print(
        f"  {title}: n={len(whole)} whole {spread(whole)} · from the worklet {spread(way)}"
        f" (to the page {spread(to_page)}) · audio thread late by ≤ {told.stalled(window):.0f}"
        f" · load {os.getloadavg()[0]:.1f}{more}",
        flush=True,
    )


def tell_call(call: Call, told: Input) -> None:
    """One line about a whole call."""
    misdated = abs(told.misdated).max()
    print(
        f"    samples lost {told.lost}, foreign {told.foreign}; frames misdated by ≤ {misdated:.0f};"
        f" clocks {call.clock['page']:.2f} ms apart, ± {call.clock['trip'] / 2:.2f}",
        flush=True,
    )
