"""A caller who takes what was just found, where no tool takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
FOUND = "There is seven or half past eight in the evening."


@pytest.fixture
def one_tool(lido: Any) -> Any:
    """The agent of the README: it looks up free tables, and has no tool to book one."""
    del lido.tools[1]
    return lido


@pytest.fixture
def found(one_tool: Any) -> Any:
    assert one_tool.say("A table for four on Friday.").endswith(FOUND)
    return one_tool


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Half past eight.", "Half past eight in the evening"),
        ("The later one, please.", "Half past eight in the evening"),
        ("Seven is fine.", "Seven in the evening"),
        ("Great, we'll take the first one.", "Seven in the evening"),
        ("Book it for seven, then.", "Seven in the evening"),
        ("Then book it for half past eight, please.", "Half past eight in the evening"),
        ("Not seven.", "Half past eight in the evening"),
        ("I don't mind.", "Seven in the evening"),
        ("Have past ate.", "Half past eight in the evening"),
    ],
)
def test_what_is_picked_is_said_and_that_it_cannot_be_booked(found: Any, text: str, item: str) -> None:
    assert found.say(text) == f"{item}. I have no tool to book it. Is there anything else?"
    assert len(found.calls) == 1
    assert found.say("No, thank you.").startswith("You're welcome. Goodbye")


@pytest.mark.parametrize("text", ["Great, book it.", "Yes, please book that.", "Can you reserve it for me?"])
def test_asked_to_book_without_a_choice_it_asks_for_nothing_again(found: Any, text: str) -> None:
    verb = "reserve" if "reserve" in text else "book"
    assert found.say(text) == f"I have no tool to {verb} it, I'm afraid. Is there anything else?"
    assert len(found.calls) == 1


def test_the_only_one_is_taken_with_a_yes(one_tool: Any) -> None:
    assert one_tool.say("A table for four on Sunday.").endswith("There is seven in the evening.")
    assert one_tool.say("Yes, please.") == (
        "Seven in the evening. I have no tool to book it. Is there anything else?"
    )


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Great.", "Good. Is there anything else?"),
        ("Neither.", "All right. Is there anything else?"),
        ("Anything later?", "That is all I found. Is there anything else?"),
        ("Half past nine.", f"That I did not find. {FOUND} Is there anything else?"),
        ("What times do you have?", f"{FOUND} Is there anything else?"),
    ],
)
def test_what_else_is_said_of_it(found: Any, text: str, reply: str) -> None:
    assert found.say(text) == reply
    assert len(found.calls) == 1


@pytest.mark.parametrize(
    ("text", "day", "people"),
    [
        ("And on Saturday?", "Saturday", 4),
        ("A table for seven on Saturday.", "Saturday", 7),
        ("What about six people?", "Friday", 6),
        ("And for seven?", "Friday", 7),
        ("Actually, make it five.", "Friday", 5),
        ("A table for four on Friday.", "Friday", 4),
    ],
)
def test_what_asks_anew_is_looked_up(found: Any, text: str, day: str, people: int) -> None:
    found.say(text)
    assert found.calls[1:] == [("free_tables", {"day": day, "people": people})]


def test_the_same_can_be_asked_of_what_was_found_twice(found: Any) -> None:
    found.say("Half past eight.")
    assert found.say("No, seven.") == (
        "Seven in the evening. I have no tool to book it. Is there anything else?"
    )


@pytest.mark.parametrize("text", ["A table for seven.", "There are seven of us.", "Seven people, please."])
def test_a_number_of_people_is_no_time(found: Any, text: str) -> None:
    assert "in the evening" not in found.say(text)


def test_where_nothing_was_found_there_is_nothing_to_pick(one_tool: Any) -> None:
    one_tool.say("A table for four on Monday.")
    assert "no tool to book it" not in one_tool.say("Half past eight.")


def test_who_booked_picks_nothing(lido: Any) -> None:
    for text in ("A table for two on Friday at seven.", "Anna.", "Yes."):
        lido.say(text)
    assert "no tool" not in lido.say("Half past eight.")


def test_where_nothing_is_said_of_booking_it_can_only_tell(story: Make, tool: Make) -> None:
    films = story(
        [tool("list_films", "List the films of a day.", day={"type": "string"})],
        {"list_films": lambda day: ["Metropolis", "Nosferatu"]},
    )
    films.say("Which films are there on Friday?")
    assert films.say("Metropolis.") == ("Metropolis. I can only tell what there is. Is there anything else?")
    assert films.say("Order it.") == "I have no tool to order it, I'm afraid. Is there anything else?"


def test_another_tool_that_takes_it_is_begun(story: Make, tool: Make) -> None:
    shop = story(
        [
            tool("list_films", "List the films of a day.", day={"type": "string"}),
            tool("buy_ticket", "Buy a ticket.", film={"type": "string"}, seats={"type": "integer"}),
        ],
        {"list_films": lambda day: ["Metropolis", "Nosferatu"]},
    )
    shop.say("Which films are there on Friday?")
    assert "no tool" not in shop.say("Buy a ticket for Metropolis.")
    assert shop.history[-1].text.endswith("?")


def test_the_long_introduction_is_made_once_in_a_call(found: Any) -> None:
    replies = [found.say(text) for text in ("Bananas.", "Oh, pineapples.", "Do you sell socks?", "Grapes.")]
    replies += [found.say("A table for four on Friday."), found.say("Bananas."), found.say("Pears.")]
    assert sum("rule-based stand-in" in reply for reply in replies) == 1
    assert "rule-based stand-in" in replies[0]
    assert "get the free times on a day" in replies[-1]


@pytest.mark.parametrize(
    "text", ["A table for four on Friday.", "I would like a table on Friday for four people."]
)
def test_the_whole_request_again_is_looked_up_again(found: Any, text: str) -> None:
    assert found.say(text).endswith(FOUND)
    assert len(found.calls) == 2
