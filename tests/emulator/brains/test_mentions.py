"""Free words said along with a wish."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brains.context import Found
from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.mentions import example_heard, mention, split, wanted, without_moment
from voicenb.emulator.brains.slots import Slot


def mentioned(slot: Slot, text: str) -> Any:
    found = mention(slot, line_of(text), text)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("topic", "The topic is jazz.", "jazz"),
        ("topic", "Tell me about the moon.", "moon"),
        ("message", "Send a message saying I'll be late.", "I'll be late"),
        ("message", "The message should be: see you", None),
        ("note", "Write a note that says hello!", "hello"),
        ("query", "Search for turn detection", "turn detection"),
        ("note", "Please note down that the printer is broken.", "the printer is broken"),
        ("text", "Remind me to water the plants, please", "water the plants"),
        ("text", "Let Anna know that I'm late.", "I'm late"),
        ("reason", "An appointment because my knee hurts.", "my knee hurts"),
        ("reason", "It's about my knee", "my knee"),
        ("recipient", "Send a message to Anna Berger saying hello", "Anna Berger"),
        ("recipient", "Tell my boss that I'm late", "my boss"),
        ("recipient", "Transfer fifty euros to Anna.", "Anna"),
        ("recipient", "I'd like to pay", None),
        ("colour", "Something about blue", None),
        ("colour", "The colour would be blue, please.", "blue"),
    ],
)
def test_text_that_names_its_slot(name: str, text: str, value: str | None) -> None:
    found = mentioned(Slot(name, "text"), text)
    assert found == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("toppings", "a large pizza with mushrooms and olives", ["mushrooms", "olives"]),
        ("toppings", "A pizza with ham, olives and an egg, please.", ["ham", "olives", "egg"]),
        ("toppings", "A pizza with ham for two people", ["ham"]),
        ("toppings", "A pizza with ham and with olives to Mill Road", ["ham", "olives"]),
        ("toppings", "A pizza with ham, without onions", ["ham"]),
        ("toppings", "A pizza without toppings", []),
        ("toppings", "A pizza with no extra toppings", []),
        ("toppings", "The toppings are ham and olives.", ["ham", "olives"]),
        ("toppings", "With ham and olives as toppings", ["ham", "olives"]),
        ("toppings", "A pizza with my friends", None),
        ("toppings", "A pizza, please", None),
        ("symptoms", "I woke up with a cough and a fever on Monday", ["cough", "fever"]),
        ("guests", "A meeting with my boss and Anna at three", ["my boss", "Anna"]),
        ("items", "Add milk, eggs and bread to my shopping list", ["milk", "eggs", "bread"]),
        ("items", "Put some milk on the list", ["milk"]),
        ("items", "Put bread on it, please", ["bread"]),
        ("dishes", "I'd like a lasagne and two risottos at seven", ["lasagne", "two risottos"]),
        ("dishes", "I'd like to order and to pay", None),
        ("dishes", "I'd like to order food", None),
        ("extras", "A car with a child seat and a roof rack from Friday", ["child seat", "roof rack"]),
    ],
)
def test_lists_said_along(name: str, text: str, value: list[str] | None) -> None:
    assert mentioned(Slot(name, "list"), text) == value


def test_a_list_of_choices_is_found_by_its_choices() -> None:
    assert mentioned(Slot("toppings", "list", choices=("ham",)), "with mushrooms") is None


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        (Slot("title", "text"), "Do you have the book Pride and Prejudice?", "Pride and Prejudice"),
        (Slot("title", "text", "title of the book"), "A book called Emma, please.", "Emma"),
        (Slot("title", "text", "title of the book"), "I'd like to renew Emma.", "Emma"),
        (Slot("film", "text"), "Two tickets for Casablanca at eight", "Casablanca"),
        (Slot("song", "text"), "Play the song Let It Be", "Let It Be"),
        (Slot("title", "text"), "Do you have Emma?", "Emma"),
        (Slot("title", "text"), "I want to return a book.", None),
        (Slot("title", "text"), "Not the book Emma, please", None),
        (Slot("colour", "text"), "Do you have Emma?", None),
    ],
)
def test_titles(slot: Slot, text: str, value: str | None) -> None:
    assert mentioned(slot, text) == value


@pytest.mark.parametrize(
    ("slot", "text", "heard"),
    [
        (Slot("room", "text", example="kitchen"), "Turn on the light in the kitchen", True),
        (Slot("drug", "text", example="aspirin"), "Do you have Aspirin?", True),
        (Slot("drug", "text", example="aspirin"), "Not aspirin, ibuprofen", False),
        (Slot("name", "name", example="Anna"), "Anna's birthday", False),
        (Slot("drug", "text", example=""), "Do you have aspirin?", False),
        (Slot("drug", "text", example="two tablets of aspirin"), "two tablets of aspirin", False),
        (Slot("message", "text", example="buy milk"), "Remind me to buy milk and eggs", False),
    ],
)
def test_a_slot_s_own_example(slot: Slot, text: str, heard: bool) -> None:
    found = example_heard(slot, line_of(text))
    assert (found.value if found else None) == (slot.example if heard else None)


@pytest.mark.parametrize(
    ("text", "kind", "left"),
    [
        ("water the plants at six", "time", "water the plants"),
        ("call mum tomorrow at half past six in the evening, please", "time", "call mum"),
        ("call mum on Friday", "day", "call mum"),
        ("call mum on Friday", "time", "call mum on Friday"),
        ("at six", "time", "at six"),
        ("meet the six of them", "time", "meet the six of them"),
    ],
)
def test_a_moment_behind_free_text_is_that_of_another_slot(text: str, kind: Any, left: str) -> None:
    slots = [Slot("task", "text"), Slot("when", kind), Slot("day", "day")]
    found = {"task": Found(text), "when": Found("x")} | ({"day": Found("x")} if "tomorrow" in text else {})
    assert without_moment(found["task"], found, slots).value == left


def test_parts() -> None:
    assert split("ham, the olives and a few capers plus garlic") == ["ham", "olives", "few capers", "garlic"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("milk", "A coffee with milk, please.", True),
        ("milk", "A coffee without milk", False),
        ("milk", "A coffee, no milk", False),
        ("milk", "A coffee and some milk", True),
        ("milk", "A coffee", None),
        ("with_breakfast", "A room with breakfast", True),
        ("on", "Turn on the light in the kitchen", True),
        ("on", "Turn the kitchen light off.", False),
        ("state", "Switch off everything", False),
        ("on", "The light on the left", None),
    ],
)
def test_yes_and_no_said_along(name: str, text: str, value: bool | None) -> None:
    found = wanted(Slot(name, "boolean"), line_of(text))
    assert (found.value if found else None) is value
