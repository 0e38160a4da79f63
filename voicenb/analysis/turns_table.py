"""Turns as a pandas table: the same columns of the same types whatever a call was like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from voicenb.analysis.frame import dtypes_of, frame
from voicenb.analysis.turn import Turn

if TYPE_CHECKING:
    import pandas

LEFT_OUT = ("taken_back", "waits")
"""``false_cutoffs`` has the number of the one, ``tool_time`` a sum of the other."""


def table(turns: Iterable[Turn]) -> pandas.DataFrame:
    """A row each; pauses, tools and replies are told by number or name, and by their sums.

    Args:
        turns: of both sides.

    Raises:
        MissingExtra: pandas is not installed.
    """
    return frame([row(turn) for turn in turns], dtypes())


def dtypes() -> dict[str, str]:
    """The columns with pandas' names of their types, from the attributes of a turn."""
    counted = {"replies": "int64", "pauses": "int64", "tools": "string"}
    known = {name: kind for name, kind in dtypes_of(Turn).items() if name not in LEFT_OUT}
    return {**known, **counted, "pause_time": "float64", "tool_time": "float64"}


def row(turn: Turn) -> dict[str, Any]:
    """The columns of one turn, by name.

    Args:
        turn: of either side.
    """
    cells = {field.name: getattr(turn, field.name) for field in fields(turn) if field.name not in LEFT_OUT}
    cells["replies"] = len(turn.replies)
    cells["pauses"], cells["pause_time"] = len(turn.pauses), sum(pause.length for pause in turn.pauses)
    cells["tools"], cells["tool_time"] = ", ".join(tool.name for tool in turn.tools), turn.tool_time
    return cells
