"""What a tool's parameter wants to hear, read from its schema."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brains.slots import Slot, clean, slots_of


@pytest.mark.parametrize(
    ("name", "schema", "kind"),
    [
        ("day", {"type": "string", "description": 'weekday, e.g. "Friday".'}, "day"),
        ("when", {"type": "string", "examples": ["2026-03-14"]}, "date"),
        ("start", {"type": "string", "format": "time"}, "time"),
        ("time", {"type": "string"}, "time"),
        ("people", {"type": "integer"}, "number"),
        ("party_size", {"type": "string", "description": "number of guests, e.g. 4"}, "number"),
        ("customer_name", {"type": "string"}, "name"),
        ("who", {"type": "string", "description": "name for the booking"}, "name"),
        ("phone_number", {"type": "string"}, "phone"),
        ("contact", {"type": "string", "format": "email"}, "email"),
        ("city", {"type": "string"}, "place"),
        ("size", {"type": ["string", "null"], "enum": ["s", "m"]}, "enum"),
        ("n", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "number"),
        ("tags", {"type": "array", "items": {"type": "string"}}, "list"),
        ("gift", {"type": "boolean"}, "boolean"),
        ("product_name", {"type": "string", "description": "what to order"}, "text"),
        ("anything", {}, "text"),
    ],
)
def test_kinds(name: str, schema: dict[str, Any], kind: str) -> None:
    [slot] = slots_of({"parameters": {"properties": {name: schema}}})
    assert slot.kind == kind


def test_slots_know_their_examples_and_whether_they_are_needed() -> None:
    first, second = slots_of(
        {
            "parameters": {
                "properties": {
                    "people": {"type": "integer", "description": "size of the party, e.g. 4."},
                    "note": {"type": "string", "description": "a note (optional)", "default": ""},
                },
                "required": ["people"],
            }
        }
    )
    assert (first.description, first.example, first.required, first.whole) == (
        "size of the party",
        "4",
        True,
        True,
    )
    assert (second.description, second.required) == ("a note", False)


def slot(name: str, **schema: Any) -> Slot:
    [found] = slots_of({"parameters": {"properties": {name: schema}}})
    return found


@pytest.mark.parametrize(
    ("name", "schema", "kind"),
    [
        ("date", {"type": "string", "format": "date"}, "date"),
        ("date", {"type": "string"}, "day"),
        ("opening_hour", {"type": "string"}, "time"),
        ("at", {"type": "string", "description": 'when, e.g. "8pm"'}, "time"),
        ("surname", {}, "name"),
        ("client_name", {}, "name"),
        ("mobile", {"type": "string"}, "phone"),
        ("number", {"type": "string", "description": "phone number"}, "phone"),
        ("destination", {"type": "string"}, "place"),
        ("unit", {"const": "celsius"}, "enum"),
        ("size", {"oneOf": [{"type": "null"}, {"enum": ["s", "m"]}]}, "enum"),
        ("street", {"type": "string"}, "text"),
        ("whatever", True, "text"),
    ],
)
def test_more_kinds(name: str, schema: Any, kind: str) -> None:
    [found] = slots_of({"parameters": {"properties": {name: schema}}})
    assert found.kind == kind


def test_in_the_order_of_the_schema_and_required_as_it_says() -> None:
    properties = {"b": {}, "a": {"default": 1}, "c": {}}
    found = slots_of({"parameters": {"properties": properties, "required": ["b", "a"]}})
    assert [(one.name, one.required) for one in found] == [("b", True), ("a", False), ("c", False)]
    # Where a schema does not say, all are needed that have no default.
    found = slots_of({"parameters": {"properties": properties}})
    assert [one.required for one in found] == [True, False, True]


@pytest.mark.parametrize("tool", [{}, {"parameters": None}, {"parameters": {"properties": None}}])
def test_a_tool_without_parameters(tool: dict[str, Any]) -> None:
    assert slots_of(tool) == ()


def test_limits_and_whole_numbers() -> None:
    people = slot("people", type="integer", minimum=1, maximum=8)
    assert (people.low, people.high, people.whole, people.as_text) == (1.0, 8.0, True, False)
    degrees = slot("degrees", type="number", description="e.g. 21")
    assert (degrees.low, degrees.whole) == (None, False)
    size = slot("party_size", type="string", description="number of guests, e.g. 4")
    assert (size.whole, size.as_text) == (True, True)
    assert slot("x", type="integer", minimum="1").low is None


def test_choices_of_enums_and_of_the_items_of_lists() -> None:
    assert slot("size", enum=["s", "m"]).choices == ("s", "m")
    assert slot("tags", type="array", items={"enum": ["a", "b"]}).choices == ("a", "b")
    assert slot("unit", const="celsius").choices == ("celsius",)
    assert slot("size", type=["string", "null"], enum=["s"]).choices == ("s",)


@pytest.mark.parametrize(
    ("description", "example"),
    [
        ('weekday, e.g. "Friday".', "Friday"),
        ("the date, e.g. 2026-03-14", "2026-03-14"),
        ("an address, for example 12 High Street.", "12 High Street"),
        ("a city such as Paris or Rome", "Paris"),
        ("size (e.g. 4)", "4"),
        ("a note", ""),
    ],
)
def test_examples(description: str, example: str) -> None:
    assert slot("x", type="string", description=description).example == example


@pytest.mark.parametrize(
    ("description", "short"),
    [
        ('weekday, e.g. "Friday".', "weekday"),
        ("The size of the party (at most 8). Ask for it.", "The size of the party"),
        ("what to say: word for word", "what to say"),
        ("", ""),
    ],
)
def test_descriptions_are_cut_to_what_can_be_said(description: str, short: str) -> None:
    assert clean(description) == short


@pytest.mark.parametrize(
    ("name", "words"), [("party_size", "party size"), ("partySize", "party size"), ("Day", "day")]
)
def test_names_in_words(name: str, words: str) -> None:
    assert slot(name, type="string").words == words


@pytest.mark.parametrize(
    ("name", "schema", "of_people"),
    [
        ("people", {"type": "integer"}, True),
        ("size", {"type": "integer", "description": "size of the party"}, True),
        ("nights", {"type": "integer"}, False),
        ("guests", {"type": "string"}, False),
    ],
)
def test_what_counts_people(name: str, schema: dict[str, Any], of_people: bool) -> None:
    assert slot(name, **schema).of_people is of_people


@pytest.mark.parametrize(
    ("slot", "identifies"),
    [
        (Slot("order_id", "number"), True),
        (Slot("roomNumber", "number"), True),
        (Slot("guest_id", "number", "id of the guest"), True),
        (Slot("order", "number", "number of the order"), True),
        (Slot("card", "number", "the member number on the card"), True),
        (Slot("number", "number"), False),
        (Slot("people", "number", "number of the people"), False),
        (Slot("party", "number", "number of guests"), False),
        (Slot("rooms", "number", "number of the rooms"), False),
        (Slot("order_id", "text"), False),
    ],
)
def test_numbers_that_count_nothing(slot: Slot, identifies: bool) -> None:
    assert slot.identifies == identifies
    assert not (slot.identifies and slot.of_people)


@pytest.mark.parametrize(
    ("name", "description", "kind"),
    [
        ("city", 'name, e.g. "Paris"', "place"),
        ("where_to", "the airport to fly to", "place"),
        ("room", 'the room, e.g. "kitchen"', "place"),
        ("room", 'type of the room, e.g. "double"', "text"),
        ("room", "room number", "text"),
        ("product", 'name, e.g. "aspirin"', "text"),
        ("name", "name of the plant", "text"),
        ("name", "name of the guest", "name"),
        ("name", "name for the booking", "name"),
        ("reader", "full name of the reader", "name"),
        ("recipient", "name of the recipient", "text"),
    ],
)
def test_names_of_people_of_places_and_of_things(name: str, description: str, kind: str) -> None:
    schema = {"properties": {name: {"type": "string", "description": description}}}
    [slot] = slots_of({"name": "x", "parameters": schema})
    assert slot.kind == kind
