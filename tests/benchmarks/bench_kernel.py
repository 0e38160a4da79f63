"""The microphone's way through the kernel, idle and under a pure-Python cell, beside the direct way."""

from __future__ import annotations

import argparse

from figures import show
from page.stretches import Stretches
from playwright.sync_api import sync_playwright

AIMS = {"idle": {0.5: "≤ 60 ms", 0.99: "≤ 120 ms"}, "pure Python": {0.5: "", 0.99: "≤ 120 ms"}}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--seconds", type=float, default=10)
    chosen = options.parse_args()
    kernel, direct = Stretches("kernel"), Stretches("direct")
    with sync_playwright() as playwright:
        for _ in range(chosen.runs):
            for side in (direct, kernel):
                side.run(playwright, ["pure Python"], chosen.seconds, tool=False)
    rows = [("captured → service", "through the kernel", "direct", "aim")]
    for kind, aims in AIMS.items():
        for share, aim in aims.items():
            name = f"{kind}, p{share * 100:.0f}"
            rows.append((name, kernel.figure(kind, share), direct.figure(kind, share), aim))
        rows.append((f"{kind}, messages", kernel.count(kind), direct.count(kind), ""))
        rows.append((f"{kind}, gaps in the voice", kernel.gap(kind), direct.gap(kind), ""))
    rows.append(("samples lost", str(kernel.lost), str(direct.lost), "0"))
    show(f"Through the kernel, median of {chosen.runs} runs of {chosen.seconds:g} s (best to worst)", rows)


if __name__ == "__main__":
    main()
