"""Utterances in an errand that bring it nothing new."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]


@pytest.fixture
def library(story: Make, tool: Make) -> Any:
    title = {"type": "string", "description": "title of the book"}
    return story(
        [
            tool("find_book", "Find a book.", title=title),
            tool("reserve_book", "Reserve a book.", title=title, name={"type": "string"}),
        ],
        {"find_book": lambda title: {"copies": 2}, "reserve_book": lambda **asked: None},
    )


@pytest.mark.parametrize(
    "said", ["Can I reserve it?", "Could you reserve that book, please?", "I'd like to reserve the book."]
)
def test_the_same_wish_once_more_is_taken_well(library: Any, said: str) -> None:
    assert library.say("Do you have the book Emma?").endswith("What name shall I put it under?")
    assert library.say(said) == "Gladly. What name shall I put it under?"


def test_a_question_that_is_not_about_it_has_no_answer(library: Any) -> None:
    library.say("Do you have the book Emma?")
    assert library.say("Can I park there?").startswith("That I cannot answer")
