from __future__ import annotations

from voicenb.analysis.answer import Answer
from voicenb.analysis.summary import Summary


def answer(wait: float, tools: float | None = None) -> Answer:
    return Answer("r", 1.0, 1.0 + wait / 2, 1.0 + wait, "unknown", None, tools)


def test_turns_with_tools_are_not_pooled_with_the_others() -> None:
    answers = [answer(1.0), answer(1.5), answer(4.0), answer(3.0, tools=0.5)]
    assert str(Summary.of(5, answers, 2)) == (
        "5 turns · answered in 1.5 s (median of 3, longest 4.0) · with a tool in 3.0 s · 2 interruptions"
    )


def test_of_one_there_is_no_median() -> None:
    assert str(Summary.of(1, [answer(1.25)], 0)) == "1 turn · answered in 1.2 s · no interruption"
    assert (
        str(Summary.of(1, [answer(2.0, tools=0.0)], 1))
        == "1 turn · answered with a tool in 2.0 s · 1 interruption"
    )


def test_of_a_call_without_a_turn_there_is_little_to_say() -> None:
    assert str(Summary.of(0, [], 0)) == "nobody spoke to the agent"
    assert str(Summary.of(0, [], 1)) == "0 turns · 1 interruption"


def test_what_was_only_announced_is_no_answer() -> None:
    assert str(Summary.of(1, [], 0, [answer(2.87, tools=0.0)])) == (
        "1 turn · 1 not answered, first sound after 2.9 s · no interruption"
    )
    assert str(Summary.of(3, [answer(1.0)], 1, [answer(2.0), answer(4.0)])) == (
        "3 turns · answered in 1.0 s · 2 not answered, first sound after 3.0 s (median of 2, longest 4.0) "
        "· 1 interruption"
    )
