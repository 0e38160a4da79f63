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
        ("NaN", "NaN"),
        ("[Infinity]", "[Infinity]"),
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
            "The seats are four and the class is first.",
            "That is done. The seats are four and the class is first.",
        ),
        (
            {"price": 240, "currency": "euros"},
            "The price is 240 euros.",
            "That is done. The price is 240 euros.",
        ),
        ({"currency": "euros"}, "The currency is euros.", "That is done. The currency is euros."),
        ({"available": False}, "Available: no.", "That is done."),
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
        ("One. Two. Three. Four.", "One. Two. Three.", None),
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
