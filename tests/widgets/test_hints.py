from __future__ import annotations

from typing import Any

import pytest

import voicenb as vn
from voicenb.widgets.hints import GENERAL, checked, hints_for


def test_made_from_what_the_tool_is_for_and_its_examples(agent: vn.Agent) -> None:
    assert hints_for(agent) == [
        "I would like to book a table on Friday for four people.",
        "What can you do for me?",
    ]


def test_from_the_first_sentence_where_nothing_says_what_the_caller_wants() -> None:
    agent = vn.Agent()

    @agent.tool
    def opening_hours(time: str) -> str:
        """Tell whether the shop is open.

        Args:
            time: e.g. "19:00".
        """
        return ""

    assert hints_for(agent)[0] == "Can you tell whether the shop is open at 19:00?"


def test_two_tools_for_the_same_thing_are_one_hint(agent: vn.Agent) -> None:
    @agent.tool
    def book_table(day: str) -> str:
        """Book a table. Use once the day is known."""
        return ""

    @agent.tool
    def weather(city: str) -> str:
        """Get the weather. Use when the user asks to hear the forecast."""
        return ""

    assert hints_for(agent) == [
        "I would like to book a table on Friday for four people.",
        "I would like to hear the forecast.",
    ]


@pytest.mark.parametrize("hints", ["Hello", 5, ["Hello", 5], b"Hello"])
def test_hints_are_a_list_of_texts(hints: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="hints must be a list of texts"):
        checked(hints)
    with pytest.raises(vn.InvalidConfiguration, match="hints must be a list of texts"):
        vn.Talk(vn.Agent(), hints=hints)


def test_hints_of_one_s_own_are_taken_as_they_are() -> None:
    assert checked(["Hello."]) == checked(("Hello.",)) == ["Hello."]
    assert checked([]) == []


def test_general_ones_where_there_are_no_tools() -> None:
    assert hints_for(vn.Agent()) == list(reversed(GENERAL))
    assert len(hints_for("agent_123")) == 2
