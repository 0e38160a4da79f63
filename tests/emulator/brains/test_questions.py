"""How the rules ask for a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from voicenb.emulator.brains import questions
from voicenb.emulator.brains.intent import errand_of
from voicenb.emulator.brains.slots import Slot

Make = Callable[..., dict[str, Any]]
DAY = Slot("day", "day", example="Friday")
PEOPLE = Slot("people", "number", "size of the party", "4", whole=True)


@pytest.mark.parametrize(
    ("slot", "changing", "looking"),
    [
        (DAY, "What day would you like?", "For which day?"),
        (Slot("date", "date"), "What date would you like?", "For which date?"),
        (Slot("time", "time"), "What time would you like?", "At what time?"),
        (Slot("start_date", "date"), "What start date would you like?", "What start date would you like?"),
        (Slot("arrival", "date"), "What date for the arrival?", "What date for the arrival?"),
        (Slot("name", "name"), "What name shall I put it under?", "What is the name?"),
        (Slot("last_name", "name"), "What is your last name?", "What is your last name?"),
        (Slot("first_name", "name"), "What is your first name?", "What is your first name?"),
        (Slot("phone", "phone"), "What is your phone number?", "What is your phone number?"),
        (Slot("email", "email"), "What is your email address?", "What is your email address?"),
        (PEOPLE, "How many people?", "How many people?"),
        (Slot("order_id", "number"), "What is the order id?", "What is the order id?"),
        (Slot("budget", "number"), "What budget would you like?", "What budget would you like?"),
        (
            Slot("size", "enum", choices=("small", "extra_large")),
            "What size would you like: small or extra large?",
            "Which size: small or extra large?",
        ),
        (Slot("size", "enum", choices=tuple("abcde")), "Which size would you like?", "Which size?"),
        (Slot("toppings", "list"), "Which toppings would you like?", "Which toppings would you like?"),
        (Slot("city", "place"), "Which city?", "Which city?"),
        (Slot("gift", "boolean"), "Gift, yes or no?", "Gift, yes or no?"),
        (
            Slot("milk", "boolean", "whether the caller wants milk"),
            "Would you like milk?",
            "Would you like milk?",
        ),
        (Slot("wrap", "boolean", "whether to wrap it"), "Shall I wrap it?", "Shall I wrap it?"),
        (Slot("text", "text", "what to say"), "Please tell me what to say.", "Please tell me what to say."),
        (
            Slot("x", "text", "delivery address"),
            "What is the delivery address?",
            "What is the delivery address?",
        ),
        (Slot("x", "text", "the reason"), "What is the reason?", "What is the reason?"),
        (Slot("note", "text"), "What is the note?", "What is the note?"),
        (Slot("note", "text", " ".join(["word"] * 9)), "What is the note?", "What is the note?"),
    ],
)
def test_questions(slot: Slot, changing: str, looking: str) -> None:
    assert questions.question(slot, True) == changing
    assert questions.question(slot, False) == looking


@pytest.mark.parametrize(
    ("slot", "sample"),
    [
        (DAY, "Friday"),
        (PEOPLE, "four"),
        (Slot("day", "day"), "Friday"),
        (Slot("time", "time"), "half past seven"),
        (Slot("time", "time", example="20:30"), "half past eight in the evening"),
        (Slot("n", "number"), "four"),
        (Slot("size", "enum", choices=("s", "m", "l", "xl", "xxl")), "s, m, l or xl"),
        (Slot("name", "name", example="Anna"), "Anna"),
        (Slot("note", "text"), ""),
    ],
)
def test_samples(slot: Slot, sample: str) -> None:
    assert questions.sample_of(slot) == sample


def test_the_second_time_with_an_example() -> None:
    assert (
        questions.with_example(DAY, True)
        == "Sorry, I need a day, Friday for instance. What day would you like?"
    )
    assert questions.with_example(Slot("note", "text"), True) == "Sorry, I need the note. What is the note?"
    size = Slot("size", "enum", choices=("small", "large"))
    assert (
        questions.with_example(size, True) == "Sorry. Size can be small or large. Which one would you like?"
    )
    many = Slot("tags", "list", choices=tuple("abcde"))
    assert (
        questions.with_example(many, True)
        == "Sorry. Tags can be a, b, c or d, among others. Which would you like?"
    )


def test_after_that_with_a_way_out(tool: Make) -> None:
    errand = errand_of(tool("book_table", "Book a table."))
    third, fourth = (questions.with_help(PEOPLE, errand, times) for times in (3, 4))
    assert third != fourth
    for said in (third, fourth):
        assert "the number of people" in said
        assert "Say just four, for example" in said
        assert "never mind" in said
    assert "Say just the note" in questions.with_help(Slot("note", "text"), errand, 3)


@pytest.mark.parametrize(
    ("said", "menu"),
    [
        ("what sizes do you have", "Size can be s, m or l."),
        ("which size is the biggest", "Size can be s, m or l."),
        ("what tags are there", "Tags can be a, b, c or d, among others."),
        ("what notes do you have", ""),
        ("a big size please", ""),
    ],
)
def test_what_there_is_to_choose_from(said: str, menu: str) -> None:
    slots = [
        Slot("note", "text"),
        Slot("size", "enum", choices=("s", "m", "l")),
        Slot("tags", "list", choices=tuple("abcde")),
    ]
    assert questions.menu(said, slots) == menu


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        (
            Slot("people", "number", "guests", low=1, high=8),
            "The number of people has to be between one and eight.",
        ),
        (Slot("degrees", "number", low=5), "The number of degrees has to be five or more."),
        (Slot("budget", "number", high=0), "The budget has to be zero or less."),
        (Slot("nights", "number", whole=True), "That has to be a whole number of nights."),
        (Slot("budget", "number"), ""),
    ],
)
def test_limits(slot: Slot, said: str) -> None:
    assert questions.limits(slot) == said


def test_a_date_without_a_calendar() -> None:
    assert questions.limits(Slot("date", "date")).startswith("I have no calendar here")
