"""What a wait was made of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.analysis.turn import ToolUse, Turn
from voicenb.analysis.wait import Wait
from voicenb.plot.palette import DARK, LIGHT
from voicenb.plot.stages import LABELS, look, stages

PLAIN = replace(
    Turn(1, "user", "plain", 1.0, 2.0, "Hello.", ended_by="min_silence", configured_silence=0.8),
    end_of_turn_delay=0.9,
    reply_latency=0.3,
    playback_delay=0.1,
    leading_silence=0.2,
    response_latency=1.5,
)
TOOL = ToolUse("c", "look_up", 2.0, 1.0, is_error=False)


def told(turn: Turn) -> list[tuple[str, float]]:
    return [(stage.kind, pytest.approx(stage.length)) for stage in stages(turn)]


def test_a_plain_turn() -> None:
    assert told(PLAIN) == [("silence", 0.8), ("service", 0.1), ("reply", 0.3), ("playback", 0.3)]


def test_the_adaptive_default_is_not_separable() -> None:
    adaptive = replace(PLAIN, ended_by="adaptive", configured_silence=None)
    assert told(adaptive)[0] == ("service", 0.9)


def test_a_tool_turn_reaches_to_the_answer() -> None:
    waited = (Wait("tool", 3.0, 5.0), Wait("announcement", 5.3, 6.4))
    turn = replace(PLAIN, kind="tool", tools=(TOOL,), waits=waited, first_answer=5.0)
    assert turn.wait == 5.0
    assert told(turn) == [
        ("silence", 0.8),
        ("service", 0.1),
        ("reply", 0.1),
        ("tool", 2.0),
        ("reply", 0.3),
        ("announcement", 1.1),
        ("reply", 0.6),
    ]


def test_a_tool_turn_of_which_the_announcement_was_heard_alone_has_no_answer() -> None:
    turn = replace(PLAIN, kind="tool", tools=(TOOL,), first_sound=1.5)
    assert turn.wait is None
    assert stages(turn) == []


def test_an_answer_that_came_when_the_caller_had_gone_on_is_none() -> None:
    assert replace(PLAIN, unanswered=True).wait is None
    assert stages(replace(PLAIN, unanswered=True)) == []


def test_what_was_not_captured_is_not_made_up() -> None:
    assert stages(replace(PLAIN, response_latency=None)) == []
    assert told(replace(PLAIN, end_of_turn_delay=None)) == [("service", 1.5)]


@given(
    *[st.one_of(st.none(), st.floats(-1, 5)) for _ in range(4)],
    st.lists(st.floats(0, 15), max_size=6),
    st.floats(0.01, 9),
    st.sampled_from(["plain", "tool"]),
)
def test_they_follow_each_other_and_are_no_longer_than_the_wait(
    silence: float | None,
    delay: float | None,
    playback: float | None,
    leading: float | None,
    moments: list[float],
    wait: float,
    kind: str,
) -> None:
    spans = zip(sorted(moments)[::2], sorted(moments)[1::2], strict=False)
    turn = replace(
        PLAIN,
        kind=kind,
        configured_silence=silence,
        end_of_turn_delay=delay,
        playback_delay=playback,
        leading_silence=leading,
        waits=tuple(Wait("tool", begin, end) for begin, end in spans),
        response_latency=wait,
        first_answer=wait,
        tools=(TOOL,),
    )
    at = 0.0
    for stage in stages(turn):
        assert stage.start == pytest.approx(at)
        assert stage.length > 0
        at += stage.length
    assert at <= wait + 1e-6


def test_each_looks_different() -> None:
    for colours in (LIGHT, DARK):
        looks = [tuple(sorted(look(kind, colours).items())) for kind in LABELS]
        assert len(set(looks)) == len(looks)
        assert "hatch" in look("silence", colours)
