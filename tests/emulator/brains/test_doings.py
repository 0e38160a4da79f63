"""What an errand does, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from voicenb.emulator.brains import doings
from voicenb.emulator.brains.intent import errand_of

Make = Callable[..., dict[str, Any]]


def test_an_errand_with_what_is_known(tool: Make) -> None:
    errand = errand_of(
        tool(
            "order_pizza",
            "Order a pizza.",
            size={"enum": ["small", "large"]},
            order_id={"type": "string"},
            toppings={"type": "array", "items": {"type": "string"}},
        )
    )
    values = {"size": "large", "order_id": "x1", "toppings": ["ham", "olives"]}
    assert doings.doing(errand, values) == "order a large pizza with ham and olives"
    assert doings.doing(errand, {}) == "order a pizza"


@pytest.mark.parametrize(
    ("name", "description", "doing"),
    [
        ("cancel_order", "", "cancel the order"),
        ("book_appointment", "", "book an appointment"),
        ("send_flowers", "", "send flowers"),
        ("update_addresses", "", "update the addresses"),
        ("roll", "Rolls the dice.", "roll the dice"),
        ("book_a_table", "", "book a table"),
    ],
)
def test_errands_in_words(tool: Make, name: str, description: str, doing: str) -> None:
    assert doings.doing(errand_of(tool(name, description)), {}) == doing


@pytest.mark.parametrize(
    ("description", "ability"),
    [
        ("Get the free times. Use when needed.", "get the free times"),
        ("Gets the free times", "get the free times"),
        ("Searches the docs.", "search the docs"),
        ("Carries parcels", "carry parcels"),
        ("Passes messages on", "pass messages on"),
        ("API status", "tell you the API status"),
        ("", "look it up"),
    ],
)
def test_abilities(tool: Make, description: str, ability: str) -> None:
    assert doings.ability(errand_of(tool("look_it_up", description))) == ability


def test_many_abilities(tool: Make) -> None:
    errands = [errand_of(tool(f"do_{n}", f"Do {n}.")) for n in "abcde"]
    assert doings.abilities(errands[:2]) == "do a or do b"
    assert doings.abilities(errands) == "do a, do b, do c or do d, among other things"
    assert doings.abilities([]) == ""


@pytest.mark.parametrize(
    ("description", "ability"),
    [
        ("When the garage is open.", "tell you when the garage is open"),
        ("Status of an order.", "tell you the status of an order"),
        ("Use this to look up a book.", "look up a book"),
        ("Use this tool when the caller is in a hurry, to order a taxi.", "order a taxi"),
        ("Use when the caller wants to order a taxi.", "order a taxi"),
        ("Allows the caller to renew a loan.", "renew a loan"),
    ],
)
def test_abilities_of_descriptions_that_do_not_begin_with_a_verb(
    tool: Make, description: str, ability: str
) -> None:
    assert doings.ability(errand_of(tool("it", description))) == ability


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "buy one ticket at eight in the evening"), (3, "buy three tickets at eight in the evening")],
)
def test_how_many_of_what_it_is_about(tool: Make, number: int, said: str) -> None:
    errand = errand_of(
        tool("buy_tickets", "Buy tickets.", tickets={"type": "integer"}, time={"type": "string"})
    )
    assert doings.doing(errand, {"tickets": number, "time": "20:00"}) == said
