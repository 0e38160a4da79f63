"""Made-up frames and bodies; ``aids`` makes them. At the end it says how many there were."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "aids"))

from share import COUNTS


def pytest_terminal_summary(terminalreporter):
    if COUNTS:
        terminalreporter.section("made up")
        for name, count in COUNTS.items():
            terminalreporter.write_line(f"{count:>8,} {name}")
        terminalreporter.write_line(f"{sum(COUNTS.values()):>8,} in all")
