"""What a tool does, by its description and its name."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.verbs import CHANGING, does, verb_of


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("order status", "Look up the status of an order."),
        ("order status", "Gets the status of an order."),
        ("order status", "The status of an order."),
        ("order status", "Order status by number."),
        ("order status", ""),
        ("schedule", "Get the schedule of a day."),
        ("schedule", "The courses of a day."),
        ("schedule", "Schedule of the courses."),
        ("schedule info", ""),
        ("book search", "Search the books of the library."),
        ("book details", "Use this to look up a book."),
        ("record lookup", "Finds a patient's record."),
        ("place info", "Tells what there is to know of a place."),
        ("refund status", "Call this tool when the caller wants to know, to check a refund."),
        ("return policy", "Explains the return policy."),
        ("charge history", "Lists the charges of a card."),
        ("call times", "When somebody can be called."),
        ("store hours", "Returns the opening hours of the store."),
        ("transfer list", "List all transfers."),
        ("weather", "Weather in a city."),
        ("weather", ""),
        ("", ""),
    ],
)
def test_what_only_finds_something_out(name: str, description: str) -> None:
    verb = verb_of(name.split(), description)
    assert verb not in CHANGING
    assert not does(verb, description)


@pytest.mark.parametrize(
    ("name", "description", "verb"),
    [
        ("book table", "Book a table.", "book"),
        ("book table", "", "book"),
        ("order", "Order a pizza.", "order"),
        ("order", "", "order"),
        ("order list", "Orders a list of things.", "order"),
        ("schedule", "Schedules a visit.", "schedule"),
        ("appointment", "Use this to schedule an appointment.", "schedule"),
        ("cancel booking", "Find a booking and cancel it.", "cancel"),
        ("cancel booking", "Looks up a booking.", "cancel"),
        ("free seat", "Find a free seat and book it for the caller.", "book"),
        ("get ticket", "Buys a ticket.", "buy"),
        ("note down", "Write a note for the team.", "write"),
        ("memo", "Saves a memo.", "save"),
        ("order status", "Change the status of an order.", "change"),
        ("update status", "", "update"),
        ("open ticket", "Open a ticket.", "create"),
        ("loan", "Renew a loan.", "renew"),
        ("loan", "Allows the caller to renew a loan.", "renew"),
    ],
)
def test_what_changes_something(name: str, description: str, verb: str) -> None:
    assert verb_of(name.split(), description) == verb
    assert verb in CHANGING
    assert does(verb, description)


@pytest.mark.parametrize(
    ("name", "description", "verb"),
    [
        ("light", "Turn the light on or off.", "turn"),
        ("set timer", "Set a timer.", "set"),
        ("garden", "Water the plants.", "water"),
        ("garden", "Waters all plants.", "water"),
        ("roll dice", "Roll the dice.", "roll"),
        ("fuss", "Toss out the rubbish.", "toss"),
    ],
)
def test_what_does_something_at_once(name: str, description: str, verb: str) -> None:
    assert verb_of(name.split(), description) == verb
    assert verb not in CHANGING
    assert does(verb, description)
