"""Gaps in the agent's voice, and whose doing they were.

A gap is what the benchmarks call one: a pause at the page's output in the midst of a voice that itself has
none (see humming.py). Not each is ours: the service may have sent too late, and a machine that is busy with
something else lets everybody wait.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from humming import LOUD, RATE

QUANTUM = 128
"""Samples that are rendered at a time."""

ALLOWED = 0.12
"""Seconds that the way from the service to the loudspeaker may take in any case."""

STALLED = 0.1
"""Seconds without a render quantum after which the machine is to blame: in that thread there is next to
nothing to do, and it has precedence."""

MUCH = 0.1
"""Share of the processors from which others are to blame: programs that have nothing to do with the test.
What the conversation and the busy kernel take themselves is no excuse."""

BEFORE = 1.0
"""Seconds before a gap in which it came about."""

DOUBTFUL = 1 / 3
"""Share of a stretch that may have an excuse at most; beyond it one cannot say that no gap is ours."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause in the agent's voice that was not in it.

    Attributes:
        at: when it began, in epoch seconds.
        seconds: of silence.
        waited: seconds by which the sample that was missing had been sent before it was missed; negative when
            it was sent too late.
        stalled: the longest time without a render quantum, from a second before the gap to its end.
        others: the share of the processors that programs beside the test had in that time.
    """

    at: float
    seconds: float
    waited: float
    stalled: float
    others: float

    @property
    def on_the_way(self):
        """Whether it came about between the service and the loudspeaker."""
        return self.waited > ALLOWED

    @property
    def ours(self):
        """Whether it did so, and not because others had the processors."""
        return self.on_the_way and self.stalled < STALLED and self.others < MUCH


def find_gaps(output, sent, others):
    """The gaps in one reply.

    Args:
        output: of each quantum at the page's output when it was rendered, in epoch seconds, and its root mean
            square.
        sent: of each piece of the reply when it had been sent, in epoch seconds, and its samples.
        others: tells the share of the processors that programs beside the test had between two moments.
    """
    at, level = np.array([quantum for quantum in output if quantum[0] >= sent[0][0]]).reshape(-1, 2).T
    moments, samples = zip(*sent, strict=True)
    ends = np.cumsum(samples)
    gaps = []
    for heard, (last, first) in enumerate(pairwise(np.flatnonzero(level > LOUD / 2)), start=1):
        if first - last == 1:
            continue
        missing = np.searchsorted(ends, heard * QUANTUM, "right")
        begun, over = float(at[last + 1]), float(at[first])
        around = at[(at >= begun - BEFORE) & (at <= over)]
        gaps.append(
            Gap(
                at=begun,
                seconds=float(first - last - 1) * QUANTUM / RATE,
                waited=float(begun - moments[min(missing, len(moments) - 1)]),
                stalled=float(np.max(np.diff(around), initial=0.0)),
                others=others(begun - BEFORE, over),
            )
        )
    return gaps


def excused(gaps, begun):
    """Seconds since a moment about which nothing is known, for there was a gap that is not ours.

    Without any gap nothing needs an excuse, however much the machine had to do.

    Args:
        gaps: in order.
        begun: the moment, in epoch seconds.
    """
    seconds = 0.0
    for gap in gaps:
        if not gap.ours:
            seconds += max(0.0, gap.at + gap.seconds - max(begun, gap.at - BEFORE))
            begun = max(begun, gap.at + gap.seconds)
    return seconds
