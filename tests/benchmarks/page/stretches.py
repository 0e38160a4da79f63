"""Stretches of a conversation, the machine busy another way in each: in the kernel or beside a plain page."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from figures import percentile
from page.call import Call, plain_call, talk_call
from page.cells import cell
from page.report import median, tell, tell_call
from page.trace import Window
from playwright.sync_api import Playwright

LEAD = 0.2
"""Seconds by which the service's voice is ahead of real time."""

TOOL = 5.0
"""Seconds that the tool computes."""


@dataclass(slots=True)
class Stretches:
    """Runs of one side, by the kind of stretch.

    Attributes:
        whole: milliseconds from a message's first sample to its arrival.
        way: from leaving the worklet.
        gaps: pauses in the agent's voice, in milliseconds.
        lost: samples.
    """

    side: str
    whole: dict[str, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    way: dict[str, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    gaps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lost: int = 0

    def figure(self, kind: str, share: float) -> str:
        """A percentile of a kind of stretch: the median of the runs, and the best and worst."""
        return median([percentile(run, share) for run in self.whole[kind]])

    def count(self, kind: str) -> str:
        """How many messages there were, run by run."""
        return "/".join(str(len(run)) for run in self.whole[kind])

    def gap(self, kind: str) -> str:
        """What gaps there were."""
        gaps = self.gaps[kind]
        return f"{len(gaps)}, longest {max(gaps):.0f} ms" if gaps else "0"

    def run(self, playwright: Playwright, kinds: Sequence[str], seconds: float, *, tool: bool) -> None:
        """One call: an idle stretch, then one of each kind, then a tool that computes."""
        cells = [cell(kind, seconds) for kind in kinds]
        plain = self.side == "plain"
        with plain_call(playwright) if plain else talk_call(playwright, self.side, cells) as call:
            call.listen(3)  # the page settles
            call.do("tone", lead=LEAD)
            call.listen(1)
            windows = {"idle": call.listen(seconds)}
            for index, kind in enumerate(kinds):
                windows[kind] = beside(call, cells[index]) if plain else call.run_cell(index + 1)
                call.listen(1)
            if tool:
                windows["tool"] = _tool(call)
            call.listen(0.5)
            output, told = call.output(), call.input()
            panel = "" if plain else f"; the panel says: {call.panel()}"
        self.lost += told.lost
        for kind, window in windows.items():
            gaps = output.gaps(window)
            self.whole[kind].append(list(told.latency(window)))
            self.way[kind].append(list(told.way(window)))
            self.gaps[kind] += gaps
            tell(f"{self.side}, {kind}", told, window, f" · {len(gaps)} gaps {sum(gaps):.0f} ms")
        tell_call(call, told)
        print(f"    the sink's own chunks came late by ≤ {call.voice_late * 1000:.0f} ms{panel}", flush=True)


def beside(call: Call, source: str) -> Window:
    """Do a cell's work in a process of its own: what the machine alone makes of it, without a kernel."""
    work = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True)
    while work.poll() is None:
        call.page.wait_for_timeout(50)
    assert work.stdout is not None
    begun, ended = work.stdout.read().split()
    return float(begun), float(ended)


def _tool(call: Call) -> Window:
    told = call.do("tool", call_id="call_1", name="compute", arguments={"seconds": TOOL})
    return told["begun"], told["until"]
