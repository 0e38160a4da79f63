"""How the rules say things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from voicenb.emulator.brains import phrasing
from voicenb.emulator.brains.slots import Slot

Make = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("text", "said"), [("seven is free", "Seven is free."), (" done! ", "Done!"), ("", ""), ("a…", "A…")]
)
def test_sentences(text: str, said: str) -> None:
    assert phrasing.sentence(text) == said


@pytest.mark.parametrize(
    ("items", "word", "said"),
    [
        ([], "and", ""),
        (["a"], "and", "a"),
        (["a", "b"], "or", "a or b"),
        (["a", "b", "c"], "and", "a, b and c"),
    ],
)
def test_lists(items: list[str], word: str, said: str) -> None:
    assert phrasing.listed(items, word) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("at 19:30", "at half past seven in the evening"),
        ("at 7:30 pm", "at 7:30 pm"),
        ("on 2026-03-14", "on March fourteenth"),
        ("**bold** `code` # head", "bold code head"),
        ("order_id", "order id"),
        ("21°C and 70 °F", "21 degrees and 70 degrees"),
        ("see https://example.com/a?b=c.", "see a link"),
        ("on today", "today"),
        ("on tomorrow at 8", "tomorrow at 8"),
        ("a  b\n c", "a b c"),
    ],
)
def test_text_of_tools_for_a_voice(text: str, said: str) -> None:
    assert phrasing.speakable(text) == said


@pytest.mark.parametrize(
    ("slot", "value", "said"),
    [
        (Slot("x", "boolean"), True, "yes"),
        (Slot("people", "number"), 4, "four"),
        (Slot("tags", "list"), ["a", "b"], "a and b"),
        (Slot("tags", "list"), [], "nothing"),
        (Slot("date", "date"), "2026-03-14", "March fourteenth"),
        (Slot("day", "day"), "November 21", "November twenty-first"),
        (Slot("phone", "phone"), "5551", "5 5 5 1"),
        (Slot("time", "time"), "20:30", "half past eight in the evening"),
        (Slot("time", "time"), "soon", "soon"),
        (Slot("size", "enum"), "extra_large", "extra large"),
    ],
)
def test_values(slot: Slot, value: Any, said: str) -> None:
    assert phrasing.say_value(slot, value) == said


@pytest.mark.parametrize(
    ("slot", "noun", "called"),
    [
        (Slot("size", "number", "size of the party"), "people", "number of people"),
        (Slot("nights", "number"), "nights", "number of nights"),
        (Slot("count", "number", "the number of rooms"), "rooms", "number of rooms"),
        (Slot("n", "number", "how many bottles"), "bottles", "number of bottles"),
        (Slot("degrees", "number"), "degrees", "number of degrees"),
        (Slot("temperature", "number"), "", "temperature"),
        (Slot("glass", "number"), "", "glass"),
        (Slot("day", "day"), "", "day"),
    ],
)
def test_what_a_number_counts(slot: Slot, noun: str, called: str) -> None:
    assert phrasing.noun(slot) == noun
    assert phrasing.called(slot) == called


@pytest.mark.parametrize(
    ("slot", "value", "said"),
    [
        (Slot("day", "day"), "Friday", "on Friday"),
        (Slot("day", "day"), "tomorrow", "tomorrow"),
        (Slot("day", "day"), "in 5 days", "in five days"),
        (Slot("time", "time"), "20:30", "at half past eight in the evening"),
        (Slot("name", "name"), "Anna", "in the name of Anna"),
        (Slot("city", "place"), "Rome", "in Rome"),
        (Slot("destination", "place"), "Rome", "to Rome"),
        (Slot("toppings", "list"), [], "without toppings"),
        (Slot("milk", "boolean"), False, "without milk"),
        (Slot("people", "number", "guests"), 1, "for one person"),
        (Slot("nights", "number"), 1, "for one night"),
        (Slot("bottles", "number"), 1, "one bottle"),
        (Slot("bottles", "number"), 3, "three bottles"),
        (Slot("budget", "number"), 50, "budget fifty"),
        (Slot("phone", "phone"), "12", "phone 1 2"),
        (Slot("recipient", "text"), "My sister", "to your sister"),
        (Slot("message", "text"), "hi", "saying: hi"),
        (Slot("address", "text"), "3 Mill Lane", "address: 3 Mill Lane"),
    ],
)
def test_parts_of_a_sentence(slot: Slot, value: Any, said: str) -> None:
    assert phrasing.part(slot, value, "book") == said


@pytest.mark.parametrize(
    ("verb", "past"),
    [
        ("book", "booked"),
        ("reserve", "reserved"),
        ("cancel", "cancelled"),
        ("buy", "bought"),
        ("pay", "paid"),
        ("carry", "carried"),
        ("send", "sent"),
        ("play", "played"),
    ],
)
def test_participles(verb: str, past: str) -> None:
    assert phrasing.past(verb) == past


def test_ways_take_turns() -> None:
    assert [phrasing.varied(("a", "b"), turn) for turn in range(3)] == ["a", "b", "a"]
