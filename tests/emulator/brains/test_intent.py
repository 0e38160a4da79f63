"""Which tool a caller wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from voicenb.emulator.brains.intent import Toolbox, errand_of, stem, stems

Make = Callable[..., dict[str, Any]]
DAY = {"type": "string", "description": "weekday"}
PEOPLE = {"type": "integer", "description": "size of the party"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bookings", "book"),
        ("reservation", "book"),
        ("reserve", "booking"),
        ("cancelled", "cancel"),
        ("delete", "cancel"),
        ("rainy", "rainy"),
        ("raining", "weather"),
        ("umbrella", "forecast"),
        ("opening", "hours"),
        ("closes", "open"),
        ("tables", "table"),
        ("cities", "city"),
        ("caller's", "caller"),
    ],
)
def test_words_that_mean_the_same_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("book", "cook"), ("table", "tab"), ("free", "fee")])
def test_words_that_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_small_words_mean_nothing() -> None:
    assert stems("I would like to have the a for please, 42!") == set()
    assert stems("Do you have gluten free pasta?") == {stem("pasta")}
    assert stem("free") in stems("Is anything free?")


def test_a_tool_as_an_errand(tool: Make) -> None:
    errand = errand_of(tool("bookTable", "Book a table.", ["day"], day=DAY, note={"type": "string"}))
    assert errand.words == ["book", "table"]
    assert (errand.verb, errand.changes) == ("book", True)
    assert [slot.name for slot in errand.required] == ["day"]
    assert errand.slot("note") is errand.slots[1]
    assert errand.slot("missing") is None
    assert errand.responses == {}


@pytest.mark.parametrize(
    ("name", "description", "verb", "changes"),
    [
        ("get_weather", "Gets the weather.", "get", False),
        ("appointment", "Schedules an appointment.", "schedule", True),
        ("cancel-order", "", "cancel", True),
        ("weather", "", "weather", False),
        ("", "", "", False),
    ],
)
def test_verbs(tool: Make, name: str, description: str, verb: str, changes: bool) -> None:
    errand = errand_of(tool(name, description))
    assert (errand.verb, errand.changes) == (verb, changes)


@pytest.fixture
def lido_box(tool: Make) -> Toolbox:
    return Toolbox(
        [
            tool("free_tables", "Get the free times on a day.", day=DAY, people=PEOPLE),
            tool(
                "book_table",
                "Book a table.",
                day=DAY,
                people=PEOPLE,
                time={"type": "string"},
                name={"type": "string"},
            ),
            tool("opening_hours", "Tell when the house is open."),
        ]
    )


def test_a_look_up_stands_behind_what_it_serves(lido_box: Toolbox) -> None:
    assert lido_box.goals() == ["book_table", "opening_hours"]
    look = lido_box.lookup("book_table")
    assert look is not None
    assert look.name == "free_tables"
    assert lido_box.lookup("opening_hours") is None
    assert lido_box.group("book_table") == ["free_tables", "book_table"]
    assert lido_box.group("opening_hours") == ["opening_hours"]
    assert [slot.name for slot in lido_box.slots("book_table")] == ["day", "people", "time", "name"]


@pytest.mark.parametrize(
    "look",
    [
        ("get_weather", "Get the weather on a day.", {"day": DAY}),  # nothing in common but the day
        (
            "find_table",
            "Find a table by its number.",
            {"number": {"type": "integer"}},
        ),  # needs something else
        ("count_tables", "Count the tables.", {}),  # finds out nothing for a day
        ("order_table", "Order a table.", {"day": DAY}),  # changes something itself
    ],
)
def test_what_is_no_look_up_for_a_booking(tool: Make, look: tuple[str, str, dict[str, Any]]) -> None:
    name, description, parameters = look
    box = Toolbox(
        [tool(name, description, **parameters), tool("book_table", "Book a table.", day=DAY, people=PEOPLE)]
    )
    assert box.lookup("book_table") is None
    assert set(box.goals()) == {name, "book_table"}


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("i'd like a table", "book_table"),
        ("do you have anything free", "book_table"),
        ("could i make a reservation", "book_table"),
        ("when do you close", "opening_hours"),
        ("what are your opening hours", "opening_hours"),
    ],
)
def test_what_fits_best(lido_box: Toolbox, text: str, goal: str) -> None:
    scores = lido_box.scores(text)
    assert max(scores, key=lambda name: scores[name]) == goal
    assert scores[goal] >= 1.0


def test_what_fits_nothing(lido_box: Toolbox) -> None:
    assert set(lido_box.scores("what is the meaning of life").values()) == {0.0}


def test_a_word_of_several_tools_weighs_less_for_each(tool: Make) -> None:
    one = Toolbox([tool("order_pizza", "Order a pizza.")])
    two = Toolbox([tool("order_pizza", "Order a pizza."), tool("rate_pizza", "Rate a pizza.")])
    assert two.scores("pizza")["order_pizza"] < one.scores("pizza")["order_pizza"]


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("i need an appointment", "make_appointment"),
        ("an appointment on friday please", "make_appointment"),
        ("i'd like to cancel my appointment", "cancel_appointment"),
        ("delete my appointment", "cancel_appointment"),
        ("i want to make an appointment", "make_appointment"),
    ],
)
def test_undoing_is_for_those_who_say_so(tool: Make, text: str, goal: str) -> None:
    box = Toolbox(
        [
            tool("cancel_appointment", "Cancel an appointment."),
            tool("make_appointment", "Make an appointment."),
        ]
    )
    scores = box.scores(text)
    assert max(scores, key=lambda name: scores[name]) == goal
    assert scores[goal] >= 2.0


def test_boxes_are_asked_by_name(lido_box: Toolbox) -> None:
    assert "free_tables" in lido_box
    assert "other" not in lido_box
    assert lido_box["book_table"].name == "book_table"
    assert lido_box
    assert not Toolbox([])
