"""A turn by itself."""

from __future__ import annotations

import inspect
from dataclasses import fields, replace

import pytest

from voicenb.analysis.turn import Pause, ToolUse, Turn
from voicenb.analysis.wait import Wait


def test_lengths() -> None:
    turn = Turn(1, "user", "plain", 2.0, 5.5, "Hello.", pauses=(Pause(3.0, 3.5),))
    assert turn.length == 3.5
    assert turn.pauses[0].length == 0.5
    assert Turn(1, "agent", "turn", None, None, "").length is None


@pytest.mark.parametrize("name", [field.name for field in fields(Turn)])
def test_every_figure_is_explained(name: str) -> None:
    text = inspect.getdoc(Turn) or ""
    assert f"\n    {name}: " in text


def test_the_wait_is_for_an_answer() -> None:
    plain = Turn(1, "user", "plain", 2.0, 5.5, "Hello.", response_latency=1.5)
    assert plain.wait == 1.5
    assert replace(plain, unanswered=True).wait is None, "it came when the caller had gone on"
    announced = replace(plain, kind="tool", first_sound=1.5)
    assert announced.wait is None, "an announcement is no answer"
    assert replace(announced, first_answer=4.0).wait == 4.0


def test_the_time_of_tools_is_known_where_there_are_some() -> None:
    turn = Turn(1, "user", "tool", 2.0, 5.5, "Hello.", waits=(Wait("tool", 6.0, 8.0), Wait("tool", 8.5, 9.0)))
    assert turn.tool_time is None
    assert replace(turn, tools=(ToolUse("c", "x", 2.0, None, is_error=False),)).tool_time == 2.5
