"""A moment of a call, as people name it: in seconds, or by a turn or a line of the transcript."""

from __future__ import annotations

import math
from typing import SupportsFloat

from voicenb.analysis.turn import Turn
from voicenb.errors import InvalidConfiguration
from voicenb.protocol.lines import Line
from voicenb.recording.given import told

Moment = float | Turn | Line
"""Seconds on the engine's clock; a row of ``vn.turns``; a line of ``recording.transcript``."""


def seconds_of(moment: object, name: str) -> float:
    """Where a moment lies, in the engine's seconds.

    Args:
        moment: seconds; or a turn or a line, which stand for their beginning.
        name: of the argument, for what is wrong with it.

    Raises:
        InvalidConfiguration: it is no moment, or a turn without a sound.
    """
    if isinstance(moment, Turn):
        if moment.start is None:
            raise InvalidConfiguration(
                f"Turn {moment.number} has no sound to go to.",
                remedy="Its start is None; go to another turn, or to seconds.",
                param=name,
            )
        return moment.start
    if isinstance(moment, Line):
        return moment.started
    # A number of numpy's is one too.
    if isinstance(moment, SupportsFloat) and not isinstance(moment, bool | str):
        seconds = float(moment)
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    raise InvalidConfiguration(
        f"{name}={told(moment)} is no moment of a call.",
        remedy="Give seconds from its start, or a turn: vn.turns(call)[3].",
        param=name,
    )
