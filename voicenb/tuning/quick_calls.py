"""Calls that were decided too soon to observe a setting, among others that do observe it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voicenb.tuning.scores import Ground
from voicenb.tuning.table import Floats
from voicenb.turn_taking.segmenter import FRAME_SECONDS

NAMED = 3
"""Calls that are named; of more it is told how many."""

_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class QuickCalls:
    """Calls that hide what the others show.

    Attributes:
        names: of the calls that have an end decided sooner than the setting would.
        others: how many calls observe the setting, all of their ends.
        ends: how many ends those have.
    """

    names: tuple[str, ...]
    others: int
    ends: int

    def __str__(self) -> str:
        named = ", ".join(self.names[:NAMED])
        if len(self.names) > NAMED:
            named += f" and {len(self.names) - NAMED:,} more"
        quick = f"Only the call {named} was decided sooner: without it"
        if len(self.names) > 1:
            quick = f"The {len(self.names):,} calls {named} were decided sooner: without them"
        ends = f"{self.ends:,} end{'' if self.ends == 1 else 's'}"
        if self.others == 1:
            return f"{quick} the other call ({ends}) observes it"
        return f"{quick} the other {self.others:,} calls ({ends}) observe it"


def quick_calls(latency: Floats, ground: Ground) -> QuickCalls | None:
    """The calls for which a setting is not observed; None where that is none of them, or all.

    Args:
        latency: of each end under the setting, in seconds, shape ``(e,)``; NaN where it misses it.
        ground: the calls.
    """
    call = ground.turn_call[ground.end_turn]
    calls = len(ground.calls)
    ends = np.bincount(call, minlength=calls)
    beyond = latency > ground.observed + FRAME_SECONDS + _HAIR
    quick = np.bincount(call[beyond], minlength=calls) > 0
    others = ~quick & (ends > 0)
    if not quick.any() or not others.any():
        return None
    names = tuple(ground.calls[at].evidence.name for at in np.flatnonzero(quick).tolist())
    return QuickCalls(names, int(others.sum()), int(ends[others].sum()))
