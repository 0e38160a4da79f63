"""Where from, where to and where."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.places import places, role, which
from voicenb.emulator.brains.slots import Slot

FROM = Slot("origin", "place", "city to start from", "Berlin")
TO = Slot("destination", "place", "city to go to", "London")
CITY = Slot("city", "place", "name", "Paris")
ROOM = Slot("room", "place", "the room", "kitchen")


def found(text: str, *slots: Slot, asked: str | None = None, others: tuple[str, ...] = ()) -> dict[str, str]:
    return {name: value.value for name, value in places(line_of(text), slots, asked, others).items()}


@pytest.mark.parametrize(
    ("slot", "way", "question"),
    [
        (FROM, "from", "Where from?"),
        (TO, "to", "Where to?"),
        (Slot("from_station", "place"), "from", "From which station?"),
        (Slot("arrivalAirport", "place"), "to", "To which airport?"),
        (Slot("pickup_location", "place"), "from", "Where from?"),
        (Slot("city", "place", "city to travel to"), "to", "To which city?"),
        (Slot("town", "place", "town it is sent from"), "from", "From which town?"),
        (CITY, "", "Which city?"),
        (ROOM, "", "Which room?"),
    ],
)
def test_which_way_a_slot_is(slot: Slot, way: str, question: str) -> None:
    assert role(slot) == way
    assert which(slot) == question


@pytest.mark.parametrize(
    ("text", "origin", "destination"),
    [
        ("Flights from Berlin to London on Monday", "Berlin", "London"),
        ("To London from Berlin, please.", "Berlin", "London"),
        ("Berlin to New York on Monday.", "Berlin", "New York"),
        ("Is there something between Berlin and London?", "Berlin", "London"),
        ("I want to fly to London", None, "London"),
        ("I leave from New York City on Monday", "New York City", None),
        ("From Berlin, no, Munich to London", "Munich", "London"),
        ("From Berlin to London, sorry, to Paris", "Berlin", "Paris"),
        ("Not to London, to Paris", None, "Paris"),
        ("flights from berlin to new york on monday", "Berlin", "New York"),
        ("i want to fly to london on monday", None, "London"),
        ("A taxi from 12 Mill Road to the airport at three", "12 Mill Road", "the airport"),
        ("I'd like to know what to do", None, None),
        ("Is it going to rain?", None, None),
        ("A car in Rome", "Rome", None),
    ],
)
def test_both_ends_of_a_way(text: str, origin: str | None, destination: str | None) -> None:
    said = found(text, FROM, TO)
    assert (said.get("origin"), said.get("destination")) == (origin, destination)


@pytest.mark.parametrize(
    ("slot", "text", "place"),
    [
        (CITY, "What's the weather like in Paris today?", "Paris"),
        (CITY, "weather in new york", "New York"),
        (CITY, "A table for Anna in Rome", "Rome"),
        (CITY, "Is it warm in here?", None),
        (CITY, "In the morning", None),
        (TO, "In Rome", "Rome"),
        (TO, "From Rome", None),
        (FROM, "To Rome", None),
        (ROOM, "Turn on the light in the kitchen", "kitchen"),
        (ROOM, "The temperature of the living room, please", "living room"),
        (ROOM, "Wake me in the morning", None),
    ],
)
def test_one_place(slot: Slot, text: str, place: str | None) -> None:
    assert found(text, slot).get(slot.name) == place


def test_what_is_a_name_is_no_place() -> None:
    assert found("For Anna", CITY, others=("Anna",)) == {}
    assert found("For Anna", CITY) == {"city": "Anna"}


def test_a_place_that_was_asked_for_needs_no_preposition() -> None:
    assert found("Berlin, on Monday.", FROM, TO, asked="origin") == {"origin": "Berlin"}
    assert found("Berlin, on Monday.", FROM, TO) == {}
    assert found("Berlin to Rome", FROM, TO, asked="origin") == {"origin": "Berlin", "destination": "Rome"}
