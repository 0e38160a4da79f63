"""What tools answered: read, and said as sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from voicenb.emulator.brains.intent import errand_of
from voicenb.emulator.brains.results import Result, say_item, say_options, tell, tell_error

Make = Callable[..., dict[str, Any]]


def of(value: Any, *, is_error: bool = False) -> Result:
    return Result.of(value if isinstance(value, str) else json.dumps(value), is_error)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2]", [1, 2]),
        ("4", 4),
        ('"four"', "four"),
        ("  four of them \n", "four of them"),
        ('{"result": [1]}', [1]),
        ('{"result": 1, "more": 2}', {"result": 1, "more": 2}),
        ("", ""),
        ("null", None),
        ("NaN", None),
        ("[Infinity, 1, -Infinity]", [None, 1, None]),
        ('{"temperature": NaN}', {"temperature": None}),
        ("1e999", None),
        ('{"half', '{"half'),
    ],
)
def test_reading(text: str, value: Any) -> None:
    assert Result.of(text, False).value == value


@pytest.mark.parametrize(
    ("value", "failed"),
    [
        ({"error": "none left"}, True),
        ({"ok": False}, True),
        ({"success": False, "message": "no"}, True),
        ({"error": None, "ok": True}, False),
        ({"error": ""}, False),
        ([], False),
        ("Error: no", False),
    ],
)
def test_failures_by_the_tool_s_own_word(value: Any, failed: bool) -> None:
    assert of(value).is_error is failed
    assert of(value, is_error=True).is_error


@pytest.mark.parametrize(
    ("value", "items"),
    [
        (["19:00"], ["19:00"]),
        ([], []),
        ({"times": ["19:00"], "day": "Friday"}, ["19:00"]),
        ({"a": [1], "b": [2]}, None),
        ({"day": "Friday"}, None),
        ([None, "19:00"], ["19:00"]),
        ("19:00", None),
        (3, None),
    ],
)
def test_options_in_an_answer(value: Any, items: Any) -> None:
    assert of(value).items == items


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("19:00", "seven in the evening"),
        ("Friday", "Friday"),
        (4, "four"),
        (120, "120"),
        (True, "yes"),
        (["a", "b", "c"], "a, b and c"),
        (
            {"flight_id": "AB12", "departs": "09:15", "gate": None, "price": 120},
            "quarter past nine in the morning, 120",
        ),
        ({"id": 7}, ""),
        ("see https://example.com/x now", "see a link now"),
    ],
)
def test_items_for_the_ear(item: Any, said: str) -> None:
    assert say_item(item) == said


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (["19:00"], "seven in the evening"),
        (["19:00", "20:30"], "seven or half past eight in the evening"),
        (["11:30", "20:30"], "half past eleven in the morning or half past eight in the evening"),
        (["12:00", "20:30"], "noon or half past eight in the evening"),
        (["red", "green", "blue"], "red, green or blue"),
        ([{"a": "x", "b": "y"}, {"a": "z", "b": "w"}], "x, y; or z, w"),
        ([1, 2, 3, 4, 5], "one, two, three, four or five"),
        ([1, 2, 3, 4, 5, 6], "one, two, three, four and two more"),
    ],
)
def test_options_in_one_breath(items: list[Any], said: str) -> None:
    assert say_options(items) == said


@pytest.mark.parametrize(
    ("value", "looked_up", "done"),
    [
        (
            {"message": "Table 4 is yours at 19:30."},
            "Table 4 is yours at half past seven in the evening.",
            None,
        ),
        (
            {"temperature": 21, "condition": "rain"},
            "The temperature is 21 and the condition is rain.",
            "That is done. The temperature is 21 and the condition is rain.",
        ),
        (
            {"seats": 4, "class": "first"},
            "There are four seats and the class is first.",
            "That is done. There are four seats and the class is first.",
        ),
        (
            {"price": 240, "currency": "euros"},
            "The price is 240 euros.",
            "That is done. The price is 240 euros.",
        ),
        ({"currency": "euros"}, "The currency is euros.", "That is done. The currency is euros."),
        ({"available": False}, "It is not available.", "That is done."),
        ({"ok": True}, "That is done.", "That is done."),
        ({"status": "ok", "booking_id": "x1"}, "That is done.", "That is done."),
        ({"status": "waiting"}, "The status is waiting.", "The status is waiting."),
        ({}, "I found nothing, I'm afraid.", "That is done."),
        ([], "I found nothing, I'm afraid.", None),
        (["19:00", "20:30"], "There is seven or half past eight in the evening.", None),
        (["one thing"], "I found one thing.", None),
        (list("abcdefg"), "I found seven: a; b; c; d; e and more.", None),
        (True, "Yes.", "That is done."),
        (False, "No.", "No."),
        (4, "The table is four.", "The table is four."),
        (None, "I found nothing, I'm afraid.", "That is done."),
        ("ok", "That is done.", "That is done."),
        ("", "I found nothing, I'm afraid.", "That is done."),
        ("it is done", "It is done.", None),
        ("One. Two. Three. Four.", "One. Two. Three. There is more.", None),
        ({"message": "One. Two. Three. Four."}, "One. Two. Three. There is more.", None),
        ("nan", "I found nothing, I'm afraid.", "That is done."),
        (
            {"temperature": float("nan"), "condition": "rain"},
            "The condition is rain.",
            "That is done. The condition is rain.",
        ),
        ({"temperature": float("nan")}, "I found nothing, I'm afraid.", "That is done."),
        (0.1 + 0.2, "The table is 0.3.", "The table is 0.3."),
        ("A table on tomorrow at 8", "A table tomorrow at 8.", None),
    ],
)
def test_answers_as_sentences(tool: Make, value: Any, looked_up: str, done: str | None) -> None:
    assert tell(errand_of(tool("get_table", "Get a table.")), of(value)) == looked_up
    assert tell(errand_of(tool("book_table", "Book a table.")), of(value)) == (done or looked_up)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("none left", "I'm sorry, that did not work: none left."),
        ("ValueError: People must be at most 8!", "I'm sorry, that did not work: people must be at most 8!"),
        ({"error": "Fully booked"}, "I'm sorry, that did not work: fully booked."),
        ({"ok": False, "reason": "closed"}, "I'm sorry, that did not work: closed."),
        ({"error": {"code": 7}}, "I'm sorry, that did not work."),
        ("HTTP 500", "I'm sorry, that did not work: HTTP 500."),
        ("", "I'm sorry, that did not work."),
        (None, "I'm sorry, that did not work."),
        ("x" * 121, "I'm sorry, that did not work."),
        ("Traceback (most recent call last)", "I'm sorry, that did not work."),
        ("KeyError: {'a': 1}", "I'm sorry, that did not work."),
        ("KeyError", "I'm sorry, that did not work."),
        (
            "The booking system is down; offer to call back.",
            "I'm sorry, that did not work: the booking system is down.",
        ),
        ("We are closed. Offer another day.", "I'm sorry, that did not work: we are closed."),
        ("Closed on Monday, so ask for another day.", "I'm sorry, that did not work: closed on Monday."),
        ("Monday is fully booked. Tuesday, too.", "I'm sorry, that did not work: Monday is fully booked."),
        ("I cannot reach the kitchen", "I'm sorry, that did not work: I cannot reach the kitchen."),
        ("API down", "I'm sorry, that did not work: API down."),
        ("Offer to call back.", "I'm sorry, that did not work."),
        ("Offer is over", "I'm sorry, that did not work: offer is over."),
    ],
)
def test_failures_are_told_briefly(value: Any, said: str) -> None:
    assert tell_error(of(value, is_error=True)) == said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("free_tables", 3, "There are three free tables."),
        ("free_tables", 1, "There is one free table."),
        ("free_tables", 0, "There are no free tables."),
        ("get_free_tables", 2, "There are two free tables."),
        ("count_people", 12, "There are twelve people."),
        ("get_parties", 1, "There is one party."),
        ("number_of_guests", 4, "The number of guests is four."),
        ("get_costs", 3.5, "The costs are 3.5."),
        ("get_status", 4, "The status is four."),
        ("get_temperature", 21, "The temperature is 21."),
        ("get_free", 3, "It is three."),
    ],
)
def test_numbers_are_counts_where_the_tool_is_named_after_many(
    tool: Make, name: str, value: float, said: str
) -> None:
    assert tell(errand_of(tool(name, "")), of(value)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            {"free": ["19:00"], "note": "terrace closed"},
            "There is seven in the evening. Terrace closed.",
        ),
        ({"free_tables": ["19:00", "20:30"]}, "There is seven or half past eight in the evening."),
        ({"free": [], "note": "Closed for good."}, "I found nothing, I'm afraid. Closed for good."),
        ({"free": 3}, "Free: three."),
        ({"available": ["red", "blue"]}, "Available: red and blue."),
        (
            {"toppings": ["ham", "olives"], "size": "large"},
            "The toppings are ham and olives and the size is large.",
        ),
        ({"toppings": ["ham"]}, "The toppings are ham."),
        ({"": 2, "_": "red"}, "It is two and it is red."),
        ({"children": 2}, "There are two children."),
        ({"seats": 1}, "There is one seat."),
        ({"free_seats": 0}, "There are no free seats."),
        ({"minutes": 20}, "The minutes are twenty."),
        ({"plot": "A man walks. " * 10}, f"The plot is {'A man walks. ' * 10}".strip()),
        ({"news": "none of late"}, "The news is none of late."),
        ({"day": "Friday", "people": 4}, "The day is Friday and there are four people."),
    ],
)
def test_records_as_sentences(tool: Make, value: Any, said: str) -> None:
    assert tell(errand_of(tool("look_up", "")), of(value)) == said


@pytest.mark.parametrize(
    "value",
    [
        "word " * 1000,
        "x" * 5000,
        "One, " * 1000 + "two.",
        {"message": "word " * 1000},
        {"first": "word " * 1000, "second": 3},
        ["word " * 1000, "b"],
        ["x" * 5000],
        {f"key{number}": "some words" for number in range(200)},
    ],
)
def test_what_is_long_is_cut_and_that_there_is_more_is_said(tool: Make, value: Any) -> None:
    said = tell(errand_of(tool("look_up", "")), of(value))
    assert 50 < len(said) < 400
    assert said.endswith(". There is more.") or " and so on" in said
    assert "  " not in said
    assert ",." not in said


@pytest.mark.parametrize("item", ["word " * 1000, {"a": "x" * 5000}, ["word " * 1000]])
def test_no_option_is_read_out_for_minutes(item: Any) -> None:
    assert len(say_item(item)) < 130
