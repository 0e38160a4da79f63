"""Turns as a table."""

from __future__ import annotations

from voicenb.analysis.turn import Pause, ToolUse, Turn
from voicenb.analysis.turns_table import dtypes, table
from voicenb.analysis.wait import Wait

TOOLS = (ToolUse("a", "look_up", 2.0, 1.0, is_error=False), ToolUse("b", "book", 1.5, 1.0, is_error=False))
CALLER = Turn(
    1,
    "user",
    "tool",
    1.0,
    3.0,
    "Hello there.",
    replies=("r1", "r2"),
    pauses=(Pause(1.5, 1.75), Pause(2.0, 2.5)),
    tools=TOOLS,
    waits=(Wait("tool", 4.0, 6.5),),
)
AGENT = Turn(2, "agent", "turn", 7.0, 8.0, "Yes.")


def test_a_row_for_each_turn_with_pauses_tools_and_replies_by_number_and_sum() -> None:
    caller, agent = table([CALLER, AGENT]).to_dict("records")
    assert (caller["pauses"], caller["pause_time"]) == (2, 0.75)
    assert (caller["tools"], caller["tool_time"]) == ("look_up, book", 2.5), "what overlaps counts once"
    assert (caller["replies"], agent["replies"]) == (2, 0)
    assert agent["tool_time"] != agent["tool_time"], "not a number"


def test_every_call_has_the_same_columns_of_the_same_types() -> None:
    for turns in ([CALLER, AGENT], [AGENT], []):
        found = table(turns)
        assert list(found.columns) == list(dtypes())
        assert {name: str(kind) for name, kind in found.dtypes.items()} == dtypes()
