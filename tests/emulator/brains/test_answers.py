"""Bare answers in the caller's own words, and free text that names its slot."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brains.answers import answer
from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.slots import Slot


def answered(slot: Slot, text: str, *, others: bool = False) -> Any:
    found = answer(slot, line_of(text), text, others)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes, please.", True),
        ("Sure.", True),
        ("Oh yes.", True),
        ("No thanks.", False),
        ("Rather not.", False),
        ("Without.", False),
        ("With bananas, yes.", True),
        ("Bananas.", None),
    ],
)
def test_yes_and_no(text: str, value: bool | None) -> None:
    assert answered(Slot("milk", "boolean"), text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ham, olives and capers, please.", ["Ham", "olives", "capers"]),
        ("I'll have ham plus olives", ["ham", "olives"]),
        ("ham", ["ham"]),
        ("an onion and some ham", ["onion", "ham"]),
        ("None.", []),
        ("No.", []),
        ("No onions.", []),
        ("Yes, please.", None),
        ("Please.", None),
        ("No, ham and olives.", ["ham", "olives"]),
        ("Just plain.", []),
    ],
)
def test_lists(text: str, value: list[str] | None) -> None:
    assert answered(Slot("toppings", "list"), text) == value


def test_a_list_of_choices_takes_no_other_words() -> None:
    slot = Slot("toppings", "list", choices=("ham", "olives"))
    assert answered(slot, "Pineapple.") is None
    assert answered(slot, "Nothing.") == []


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "Well, it's my throat.", "my throat"),
        ("text", "I have a sore throat.", "I have a sore throat"),
        ("text", "My sister, please.", "My sister"),
        ("text", "Call me back please", "Call me back please"),
        ("text", "...", None),
        ("place", "To Rome, please", "Rome"),
        ("place", "in a place so far away that nobody knows", None),
        ("name", "Anna.", "Anna"),
        ("name", "Who are you?", None),
        ("phone", "5 5 5 1 2", "55512"),
        ("phone", "five", None),
        ("number", "Bananas.", None),
    ],
)
def test_other_answers(kind: Any, text: str, value: str | None) -> None:
    assert answered(Slot("x", kind), text) == value


def test_a_code_has_digits() -> None:
    slot = Slot("tracking_number", "text", example="PX1234")
    assert answered(slot, "With a neighbour, yes.") is None
    assert answered(slot, "PX12, please") == "PX12"


def test_short_answers_lose_their_article_where_the_example_has_none() -> None:
    assert answered(Slot("animal", "text", example="dog"), "A cat.") == "cat"
    assert answered(Slot("film", "text", example="Emma"), "The Birds.") == "The Birds"


@pytest.mark.parametrize("kind", ["text", "place", "name", "list"])
def test_free_words_are_no_answer_where_other_values_were_found_in_them(kind: Any) -> None:
    assert answered(Slot("x", kind), "On Friday", others=True) is None
