"""Agents that strangers would write, a few words at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
TEXT = {"type": "string"}


def text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def number(description: str) -> dict[str, Any]:
    return {"type": "integer", "description": description}


@pytest.mark.parametrize(
    ("name", "description", "asked"),
    [
        ("order_status", "Look up the status of an order.", "What is the order number?"),
        ("order_status", "The status of an order.", "What is the order number?"),
        ("order_status", "", "What is the order number?"),
    ],
)
def test_a_look_up_that_is_named_after_what_it_is_about(
    story: Make, tool: Make, name: str, description: str, asked: str
) -> None:
    shop = story(
        [tool(name, description, order_number=number("number of the order"))],
        {name: lambda order_number: {"status": "shipped"}},
    )
    assert shop.say("I'd like to know the order status.") == asked
    assert shop.say("One two three four.").endswith("The status is shipped.")
    assert shop.calls == [(name, {"order_number": 1234})]


@pytest.mark.parametrize("name", ["schedule", "schedule_info"])
def test_nothing_is_scheduled_where_a_schedule_is_looked_up(story: Make, tool: Make, name: str) -> None:
    school = story(
        [tool(name, "Get the schedule of a day.", day=text("weekday"))], {name: lambda day: ["yoga", "judo"]}
    )
    assert school.say("What is on the schedule on Monday?").endswith("I found two: yoga; judo.")


@pytest.mark.parametrize(
    ("name", "description"),
    [("note_down", "Write a note."), ("memo", "Saves a memo."), ("jot", "Jot down a thought.")],
)
def test_what_writes_and_answers_nothing_is_done(
    story: Make, tool: Make, name: str, description: str
) -> None:
    notes = story([tool(name, description, text=text("what to note"))], {name: lambda text: None})
    notes.say(description)
    reply = notes.say("The printer is broken.")
    if "Shall I" in reply:
        reply = notes.say("Yes.")
    assert "That is done." in reply
    assert notes.calls == [(name, {"text": "The printer is broken"})]


@pytest.mark.parametrize(
    "said",
    [
        "I'd like a table for five on Friday. No, make that six.",
        "A table for five on Friday, sorry, I meant six.",
        "A table for five on Friday. Not five, six.",
        "Five of us on Friday. Oh no, wait, we are six.",
    ],
)
def test_a_number_is_put_right_behind_other_words(lido: Any, said: str) -> None:
    assert "On Friday for six people" in lido.say(said)
    assert lido.calls == [("free_tables", {"day": "Friday", "people": 6})]


def test_the_time_is_put_right_behind_other_words(lido: Any) -> None:
    lido.say("A table at eight on Friday, no, make that seven. For two people.")
    lido.say("Anna.")
    lido.say("Yes.")
    assert lido.calls[-1] == (
        "book_table",
        {"day": "Friday", "people": 2, "time": "19:00", "name": "Anna"},
    )


@pytest.fixture
def flights(story: Make, tool: Make) -> Any:
    return story(
        [
            tool(
                "find_flights",
                "Find flights between two cities.",
                origin=text('city to start from, e.g. "Berlin"'),
                destination=text('city to go to, e.g. "London"'),
                day=text('day of travel, e.g. "Monday"'),
            )
        ],
        {"find_flights": lambda **asked: ["10:00"]},
    )


def test_both_ends_of_a_journey_in_one_breath(flights: Any) -> None:
    flights.say("Flights from Berlin to London on Monday")
    assert flights.calls == [("find_flights", {"origin": "Berlin", "destination": "London", "day": "Monday"})]


def test_one_end_of_a_journey_and_then_the_other(flights: Any) -> None:
    assert flights.say("I want to fly to London.") == "Where from?"
    assert flights.say("Berlin, on Monday.").endswith("There is ten in the morning.")
    assert flights.calls == [("find_flights", {"origin": "Berlin", "destination": "London", "day": "Monday"})]


def test_from_door_to_door(story: Make, tool: Make) -> None:
    taxis = story(
        [
            tool(
                "order_taxi",
                "Order a taxi.",
                pickup=text("where to pick the caller up, e.g. Main Street"),
                destination=text("where to go"),
                time=text('e.g. "14:30"'),
            )
        ],
        {"order_taxi": lambda **asked: "ok"},
    )
    assert taxis.say("I need a taxi to the airport at three.").endswith("Where from?")
    assert taxis.say("12 Mill Road.").endswith(
        "Shall I order a taxi from 12 Mill Road to the airport at three in the afternoon?"
    )


@pytest.mark.parametrize(
    "said", ["Weather in Paris.", "What's the weather like in Rome?", "the weather in new york please"]
)
def test_a_city_that_was_said_is_not_asked_for(story: Make, tool: Make, said: str) -> None:
    sky = story(
        [tool("get_weather", "Get the weather in a city.", city=text('name, e.g. "Paris"'))],
        {"get_weather": lambda city: "Sunny."},
    )
    assert sky.say(said).endswith("Sunny.")


@pytest.mark.parametrize("room", ["kitchen", "bedroom", "living room"])
def test_a_room_that_was_said_is_not_asked_for(story: Make, tool: Make, room: str) -> None:
    house = story(
        [tool("light", "Turn on the light in a room.", room=text('the room, e.g. "kitchen"'))],
        {"light": lambda room: None},
    )
    assert house.say(f"Turn on the light in the {room}, please.").endswith("That is done.")
    assert house.calls == [("light", {"room": room})]


@pytest.fixture
def free_pizza(story: Make, tool: Make) -> Any:
    size = {"type": "string", "enum": ["small", "large"]}
    toppings = {"type": "array", "items": TEXT}
    return story(
        [tool("order_pizza", "Order a pizza.", size=size, toppings=toppings)],
        {"order_pizza": lambda **asked: "ok"},
    )


def test_toppings_said_along(free_pizza: Any) -> None:
    assert free_pizza.say("A large pizza with mushrooms and olives").endswith(
        "Shall I order a large pizza with mushrooms and olives?"
    )
    free_pizza.say("Yes, please")
    assert free_pizza.calls == [("order_pizza", {"size": "large", "toppings": ["mushrooms", "olives"]})]


def test_a_yes_is_no_topping_and_no_wish_for_none(free_pizza: Any) -> None:
    assert free_pizza.say("A large pizza, please").endswith("Which toppings would you like?")
    assert free_pizza.say("Yes, please").endswith("Which toppings would you like?")
    assert free_pizza.say("No, thanks.").endswith("Shall I order a large pizza without toppings?")


def test_money_is_sent_to_whom_was_named(story: Make, tool: Make) -> None:
    bank = story(
        [
            tool(
                "transfer",
                "Transfer money to somebody.",
                amount={"type": "number", "description": "amount in euros"},
                recipient=text("name of the recipient"),
            )
        ],
        {"transfer": lambda **asked: "ok"},
    )
    bank.say("Transfer fifty euros to Anna. No, make that sixty.")
    bank.say("Yes.")
    assert bank.calls == [("transfer", {"amount": 60, "recipient": "Anna"})]
    assert bank.say("Now transfer ten euros.").endswith("What is the name of the recipient?")


@pytest.fixture
def shopping(story: Make, tool: Make) -> Any:
    return story(
        [
            tool("add_to_list", "Add items to the shopping list.", items={"type": "array", "items": TEXT}),
            tool("read_list", "Read the shopping list out."),
            tool("clear_list", "Remove everything from the list."),
        ],
        {"add_to_list": lambda items: None, "read_list": lambda: ["milk"], "clear_list": lambda: None},
    )


def test_a_shopping_list(shopping: Any) -> None:
    assert shopping.say("Add milk and eggs to my shopping list, please.").endswith(
        "Shall I add milk and eggs to the shopping list?"
    )
    assert "That is done." in shopping.say("Yes.")
    assert shopping.say("What's on my list?").endswith("I found milk.")
    assert shopping.say("Put bread on it.").endswith("Shall I add bread to the shopping list?")
    assert shopping.say("No, never mind.").startswith("All right, I leave it.")
    assert shopping.say("Clear the list.").endswith("Shall I remove everything from the list?")
    shopping.say("Yes.")
    assert [name for name, _ in shopping.calls] == ["add_to_list", "read_list", "clear_list"]


def test_a_house_that_listens(story: Make, tool: Make) -> None:
    room = text('the room, e.g. "kitchen"')
    house = story(
        [
            tool("set_light", "Switch a light.", room=room, on={"type": "boolean"}),
            tool("set_heating", "Set the temperature of a room.", room=room, degrees={"type": "number"}),
            tool("lock_door", "Lock the front door."),
        ],
        {"set_light": lambda **asked: None, "set_heating": lambda **asked: "ok", "lock_door": lambda: True},
    )
    assert house.say("Turn on the light in the living room.").endswith("That is done.")
    assert house.say("And in the bedroom?").endswith("That is done.")
    assert house.say("Now turn the kitchen light off.").endswith("That is done.")
    assert house.say("Make it 21 degrees in the kitchen.").endswith("That is done.")
    assert house.say("Lock the door.").endswith("Shall I lock the front door?")
    assert "That is done." in house.say("Yes, please.")
    assert house.say("Goodnight!").startswith("Goodbye")
    assert house.calls == [
        ("set_light", {"room": "living room", "on": True}),
        ("set_light", {"room": "bedroom", "on": True}),
        ("set_light", {"room": "kitchen", "on": False}),
        ("set_heating", {"room": "kitchen", "degrees": 21}),
        ("lock_door", {}),
    ]


def test_money_between_accounts_goes_from_one_to_the_other(story: Make, tool: Make) -> None:
    account = {"type": "string", "enum": ["checking", "savings"]}
    bank = story(
        [
            tool(
                "transfer",
                "Transfer money between accounts.",
                amount={"type": "number", "description": "in euros"},
                from_account=account,
                to_account=account,
            )
        ],
        {"transfer": lambda **asked: True},
    )
    assert bank.say("Transfer fifty euros from savings to checking.").endswith(
        "Shall I transfer money between accounts from savings to checking, fifty euros?"
    )
    bank.say("Yes.")
    assert bank.calls == [("transfer", {"amount": 50, "from_account": "savings", "to_account": "checking"})]


def test_the_number_of_what_was_opened_is_told(story: Make, tool: Make) -> None:
    desk = story(
        [tool("open_ticket", "Open a ticket.", summary=text("what is wrong"))],
        {"open_ticket": lambda summary: {"ticket_id": 77}},
    )
    desk.say("I want to open a ticket.")
    assert desk.say("My laptop does not start.").endswith("summary: My laptop does not start?")
    assert "The ticket id is 77." in desk.say("Yes.")


def test_what_nobody_knows_the_verb_of_is_asked_about(story: Make, tool: Make) -> None:
    garden = story(
        [tool("irrigate", "Water the plants for some minutes.", minutes=number("how many minutes"))],
        {"irrigate": lambda minutes: None},
    )
    assert garden.say("Water the plants for ten minutes.").endswith(
        "Shall I water the plants for ten minutes?"
    )


def test_the_same_question_about_another_thing(story: Make, tool: Make) -> None:
    pharmacy = story(
        [
            tool("check_stock", "Check whether a medicine is in stock.", medicine=text('e.g. "aspirin"')),
            tool("opening_hours", "When the pharmacy is open."),
        ],
        {"check_stock": lambda medicine: {"in_stock": True}, "opening_hours": lambda: "8:00 to 18:00"},
    )
    assert pharmacy.say("Do you have aspirin?").endswith("It is in stock.")
    pharmacy.say("And ibuprofen?")
    pharmacy.say("What about for paracetamol?")
    pharmacy.say("And when are you open?")
    assert [asked.get("medicine") for _, asked in pharmacy.calls] == [
        "aspirin",
        "ibuprofen",
        "paracetamol",
        None,
    ]


def test_a_code_and_a_wish_in_one_breath(story: Make, tool: Make) -> None:
    code = text('e.g. "PX1234"')
    post = story(
        [
            tool("track_parcel", "Track a parcel.", tracking_number=code),
            tool(
                "redeliver",
                "Arrange a new delivery of a parcel.",
                tracking_number=code,
                day=text("weekday"),
                leave_with_neighbour={
                    "type": "boolean",
                    "description": "whether to leave it with a neighbour",
                },
            ),
        ],
        {"track_parcel": lambda **asked: {"status": "at the depot"}, "redeliver": lambda **asked: None},
    )
    post.say("Where is my parcel? It's P X one two three four.")
    assert post.say("Tuesday, please.").endswith("Shall I leave it with a neighbour?")
    assert post.say("With a neighbour, yes.").endswith(
        "Shall I arrange a new delivery of a parcel on Tuesday, tracking number: PX1234, "
        "leave with neighbour: yes?"
    )


def test_reminders(story: Make, tool: Make) -> None:
    reminders = story(
        [
            tool("set_reminder", "Set a reminder.", task=text("what to do"), time=text('e.g. "18:00"')),
            tool("list_reminders", "List all reminders."),
        ],
        {"set_reminder": lambda **asked: None, "list_reminders": lambda: ["water the plants"]},
    )
    assert reminders.say("Remind me to water the plants at six.").endswith("That is done.")
    assert reminders.say("What reminders do I have?").endswith("I found water the plants.")
    assert reminders.calls[0] == ("set_reminder", {"task": "water the plants", "time": "18:00"})


def test_coffees_are_no_room_number(story: Make, tool: Make) -> None:
    hotel = story(
        [
            tool("order_breakfast", "Order breakfast.", room_number={"type": "integer"}),
            tool("wake_up_call", "Schedule a wake-up call.", room_number={"type": "integer"}, time=TEXT),
        ],
        {"wake_up_call": lambda **asked: True, "order_breakfast": lambda **asked: True},
    )
    assert hotel.say("I'd like a wake-up call at seven for room 212.").endswith(
        "Shall I schedule a wake-up call at seven in the morning, room number 212?"
    )
    hotel.say("Yes.")
    assert "wake-up call at" not in hotel.say("And two coffees to my room.")
