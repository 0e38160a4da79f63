"""What ``import voicenb`` costs beside ``import anywidget``, without the interpreter's own start."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from figures import show

RUNS = 15


def once(code: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begun


def main() -> None:
    codes = {"bare": "pass", "voicenb": "import voicenb", "anywidget": "import anywidget"}
    times: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(RUNS):
        for name, code in codes.items():
            times[name].append(once(code))
    bare = statistics.median(times["bare"])
    ours, theirs = (statistics.median(times[name]) - bare for name in ("voicenb", "anywidget"))
    show(
        f"Import, median of {RUNS} fresh interpreters, their start ({bare * 1e3:.0f} ms) taken off",
        [
            ("figure", "voicenb", "anywidget", "ratio (aim ≤ 0.5)"),
            ("import", f"{ours * 1e3:.0f} ms", f"{theirs * 1e3:.0f} ms", f"{ours / theirs:.2f}"),
        ],
    )


if __name__ == "__main__":
    main()
