"""A conversation while the kernel is busy: Talk in JupyterLab, direct.

Beside it the plain page, with the same work in a process of its own: what the machine alone makes of it.
"""

from __future__ import annotations

import argparse

from figures import show
from page.cells import WORK
from page.stretches import TOOL, Stretches
from playwright.sync_api import sync_playwright


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--seconds", type=float, default=10)
    chosen = options.parse_args()
    talk, plain = Stretches("direct"), Stretches("plain")
    with sync_playwright() as playwright:
        for _ in range(chosen.runs):
            plain.run(playwright, list(WORK), chosen.seconds, tool=False)
            talk.run(playwright, list(WORK), chosen.seconds, tool=True)
    rows = [("captured → service, while the kernel is", "Talk, direct", "plain page", "gaps in the voice")]
    for kind in talk.whole:
        name = f"in a tool for {TOOL:g} s" if kind == "tool" else kind
        for share in (0.5, 0.99):
            beside = plain.figure(kind, share) if kind in plain.whole else ""
            gaps = f"{talk.gap(kind)} (plain page: {plain.gap(kind)})" if share == 0.5 else ""
            rows.append((f"{name}, p{share * 100:.0f}", talk.figure(kind, share), beside, gaps))
        rows.append((f"{name}, messages", talk.count(kind), plain.count(kind), ""))
    rows.append(("samples lost", str(talk.lost), str(plain.lost), ""))
    show(f"Direct, cells of {chosen.seconds:g} s; median of {chosen.runs} runs (best to worst)", rows)


if __name__ == "__main__":
    main()
