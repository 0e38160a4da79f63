"""Tool calls that run at the same time, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.protocol.calls import ToolCallState


def over(call: ToolCallState) -> float:
    """When the result of a call was sent (wire); one without a result takes no time."""
    return call.at if call.result_at is None else max(call.at, call.result_at)


def at_once(calls: Iterable[ToolCallState]) -> list[list[list[ToolCallState]]]:
    """Calls in groups, and each group in rows, so that no call lies over another.

    A group is what overlaps, from one call to the next; a row of it holds calls one behind the other.

    Args:
        calls: in any order.

    Returns:
        Groups of rows of calls, each by time.
    """
    groups: list[list[list[ToolCallState]]] = []
    reached = float("-inf")
    for call in sorted(calls, key=lambda each: each.at):
        if call.at >= reached:
            groups.append([])
        reached = max(reached, over(call))
        rows = groups[-1]
        free: Sequence[list[ToolCallState]] = [row for row in rows if over(row[-1]) <= call.at]
        if free:
            free[0].append(call)
        else:
            rows.append([call])
    return groups
