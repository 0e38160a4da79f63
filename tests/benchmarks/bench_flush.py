"""``input.speech.started`` sent → the page's output silent, on each way, beside a plain page."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager

from figures import percentile_or_largest, show
from page.call import Call, plain_call, talk_call
from page.cells import cell
from playwright.sync_api import Playwright, sync_playwright

LEAD = 0.5
"""Seconds of voice that wait in the page when it is cut off."""

EACH = 1.5
"""Seconds that one takes, generously."""

SIDES = {
    "plain": "plain page",
    "direct": "Talk, direct",
    "kernel": "Talk, through the kernel",
    "busy": "the same, a pure-Python cell running",
}


def call_on(playwright: Playwright, side: str, count: int) -> AbstractContextManager[Call]:
    """A call of that side; behind a busy one stands the cell."""
    if side == "plain":
        return plain_call(playwright)
    cells = [cell("pure Python", 3 + EACH * count)]
    return talk_call(playwright, "direct" if side == "direct" else "kernel", cells)


def flushes(call: Call, count: int) -> list[float]:
    """Cut the voice off time and again; milliseconds to silence at the page's output."""
    call.listen(3)
    moments = []
    for _ in range(count):
        call.do("tone", lead=LEAD)
        call.listen(0.7)
        moments.append(call.do("interrupt"))
        call.listen(0.5)
    output = call.output()
    return [output.silent_after(moment) for moment in moments]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--count", type=int, default=20)
    chosen = options.parse_args()
    taken: dict[str, list[float]] = {side: [] for side in SIDES}
    device: dict[str, float] = {}
    with sync_playwright() as playwright:
        for run in range(1, chosen.runs + 1):
            for side, found in taken.items():
                with call_on(playwright, side, chosen.count) as call:
                    if side == "busy" and call.notebook is not None:
                        call.notebook.run(1, wait=False)
                    here = flushes(call, chosen.count)
                    device[side] = call.latency()["output"] * 1000
                found += here
                print(f"  run {run}, {side}: {' '.join(f'{ms:.0f}' for ms in sorted(here))}", flush=True)
    rows = [("to silence at the page's output", "p50", "p95", "largest")]
    for side, name in SIDES.items():
        p50, p95 = (percentile_or_largest(taken[side], share) for share in (0.5, 0.95))
        rows.append((f"{name} (n = {len(taken[side])})", p50, p95, f"{max(taken[side]):.1f} ms"))
    own = (f"{device[side]:.0f} ms {side}" for side in ("plain", "direct", "kernel"))
    rows.append(("the device's own, by the browser's word", *own))
    show("A voice that is cut off, 0.5 s of it still waiting in the page; aim p95 ≤ 60 ms", rows)


if __name__ == "__main__":
    main()
