"""Microphone to service: Talk in JupyterLab, direct, beside a plain page with its own socket."""

from __future__ import annotations

import argparse

from figures import percentile, show
from page.call import plain_call, talk_call
from page.report import median, tell, tell_call
from playwright.sync_api import sync_playwright

SIDES = ("plain", "direct")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--seconds", type=float, default=20)
    chosen = options.parse_args()
    whole: dict[str, list[list[float]]] = {side: [] for side in SIDES}
    way: dict[str, list[list[float]]] = {side: [] for side in SIDES}
    lost = dict.fromkeys(SIDES, 0)
    with sync_playwright() as playwright:
        for run in range(1, chosen.runs + 1):
            for side in SIDES:
                with plain_call(playwright) if side == "plain" else talk_call(playwright, side) as call:
                    call.listen(3)  # the page settles
                    window = call.listen(chosen.seconds)
                    told = call.input()
                whole[side].append(list(told.latency(window)))
                way[side].append(list(told.way(window)))
                lost[side] += told.lost
                tell(f"run {run}, {side}", told, window)
                tell_call(call, told)
    rows = [("figure", "Talk, direct", "plain page", "aim")]
    for title, runs, aims in (
        ("captured → service", whole, ("≤ 30 ms", "≤ 50 ms")),
        ("left the worklet → service", way, ("", "≤ plain page + 5 ms")),
    ):
        for share, aim in zip((0.5, 0.99), aims, strict=True):
            direct, plain = (median([percentile(run, share) for run in runs[side]]) for side in SIDES[::-1])
            rows.append((f"{title}, p{share * 100:.0f}", direct, plain, aim))
    direct, plain = (" / ".join(str(len(run)) for run in whole[side]) for side in SIDES[::-1])
    rows.append(("messages", direct, plain, ""))
    rows.append(("samples lost", str(lost["direct"]), str(lost["plain"]), "0"))
    show(f"Microphone, idle kernel; median of {chosen.runs} runs of {chosen.seconds:g} s", rows)


if __name__ == "__main__":
    main()
