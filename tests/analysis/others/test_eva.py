"""EVA's turn-taking score, against its documentation's tables and a call of which everything is known."""

from __future__ import annotations

import pytest

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.others.eva import EvaScore, latency_score, turn_taking
from voicenb.analysis.turn import ToolUse, Turn
from voicenb.analysis.turns import Turns
from voicenb.analysis.voiced import Voiced

TOOL = ToolUse("c", "look_up", 1.0, 0.5, is_error=False)


@pytest.mark.parametrize(
    ("latency", "plain", "tool"),
    [
        (-0.5, 0.0, 0.0),
        (0.0, 0.5, 0.5),
        (0.2, 0.7, 0.7),
        (0.5, 1.0, 1.0),
        (2.0, 1.0, 1.0),
        (2.75, 0.5, 1.0),
        (3.0, 1 / 3, 1.0),
        (3.5, 0.0, 0.75),
        (4.0, 0.0, 0.5),
        (5.0, 0.0, 0.0),
    ],
)
def test_the_curve_of_its_documentation(latency: float, plain: float, tool: float) -> None:
    assert latency_score(latency) == pytest.approx(plain)
    assert latency_score(latency, tool=True) == pytest.approx(tool)


def call(said: list[tuple[float, float]], heard: list[tuple[float, float]], **last: object) -> Turns:
    """Turns of the caller's, one for each stretch; what the agent said is in runs."""
    turns = [Turn(n, "user", "plain", start, end, "Words.") for n, (start, end) in enumerate(said, 1)]
    if last:
        from dataclasses import replace

        turns[-1] = replace(turns[-1], **last)  # type: ignore[arg-type]
    runs = [Voiced(f"r{n}", start, end, 0) for n, (start, end) in enumerate(heard)]
    return Turns(turns, [Speech(*each) for each in said], runs)


def score(found: Turns) -> list[tuple[str, float]]:
    return [(turn.reason, pytest.approx(turn.score)) for turn in turn_taking(found).turns]


def test_a_turn_that_was_answered_scores_by_its_latency_and_the_greeting_not_at_all() -> None:
    found = call([(2.0, 3.0), (10.0, 11.0)], [(0.5, 1.5), (4.0, 6.0), (13.75, 15.0)])
    assert score(found) == [("latency", 1.0), ("latency", 0.5)]
    assert turn_taking(found).score == pytest.approx(0.75)


def test_in_a_tool_turn_it_is_patient() -> None:
    found = call([(2.0, 3.0)], [(5.75, 7.0)], kind="tool", tools=(TOOL,))
    assert score(found) == [("latency", 1.0)]


def test_who_speaks_over_the_agent_scores_by_how_long_it_goes_on() -> None:
    found = call([(2.0, 3.0), (5.4, 7.0)], [(4.0, 6.0), (8.0, 9.0)])
    assert score(found) == [("latency", 1.0), ("user_interrupt", 0.7)]


def test_an_agent_that_speaks_over_the_caller_has_at_most_a_half() -> None:
    """0.5 s of overlap scores 0.375, one time 0.5, and 1.0 s of wait for the answer 1."""
    found = call([(2.0, 6.0)], [(3.0, 3.5), (7.0, 9.0)])
    assert score(found) == [("agent_interrupt", 0.375)]
    twice = call([(2.0, 6.0)], [(3.0, 3.2), (4.0, 4.2), (7.0, 9.0)])
    assert score(twice) == [("agent_interrupt", 0.25)]
    late = call([(2.0, 6.0)], [(3.0, 3.2), (9.3, 10.0)])
    assert score(late) == [("agent_interrupt", latency_score(3.3))]
    through = call([(2.0, 6.0)], [(5.0, 9.0)])
    assert score(through) == [("agent_interrupt", 0.25)]


def test_both_at_once_score_the_less() -> None:
    found = call([(2.0, 3.0), (5.0, 8.0)], [(4.0, 6.0), (7.0, 7.5), (9.0, 10.0)])
    assert score(found)[1] == ("dual_interrupt", 0.375)


def test_a_missed_last_turn_is_worth_nothing_at_all() -> None:
    found = call([(2.0, 3.0), (8.0, 9.0)], [(4.0, 6.0)], unanswered=True)
    told = turn_taking(found)
    assert (told.missed, told.score, len(told.turns)) == (True, 0.0, 1)
    assert EvaScore((), missed=False).score == 0.0
