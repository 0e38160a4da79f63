"""Tool calls side by side."""

from __future__ import annotations

from voicenb.plot.at_once import at_once
from voicenb.protocol.calls import ToolCallState


def called(name: str, at: float, result_at: float | None) -> ToolCallState:
    return ToolCallState(call_id=name, name=name, arguments={}, at=at, timeout=9.0, result_at=result_at)


def names(*calls: ToolCallState) -> list[list[str]]:
    return [["".join(call.name for call in row) for row in group] for group in at_once(calls)]


def test_one_behind_the_other_has_its_row_alone() -> None:
    assert names(called("b", 2, 3), called("a", 1, 2)) == [["a"], ["b"]]
    assert names(called("a", 1, None), called("b", 1, None)) == [["a"], ["b"]], "they take no time"
    assert names() == []


def test_what_overlaps_lies_in_rows() -> None:
    a, b, c, d = called("a", 1, 2), called("b", 1.5, 6), called("c", 2.5, 4), called("d", 5, 7)
    assert names(d, c, b, a, called("e", 8, 9)) == [["acd", "b"], ["e"]]
    three = called("a", 1, 4), called("b", 2, 5), called("c", 3, 6)
    assert names(*three) == [["a", "b", "c"]]
