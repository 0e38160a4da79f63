"""Agents that have nothing to do with a restaurant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]


@pytest.fixture
def weather(story: Make, tool: Make) -> Any:
    report = {"temperature": 21, "condition": "light rain"}
    return story(
        [
            tool(
                "get_weather",
                "Get the current weather in a city.",
                ["city"],
                city={"type": "string", "enum": ["Paris", "London", "New York"]},
                unit={"type": "string", "enum": ["celsius", "fahrenheit"]},
            )
        ],
        {"get_weather": lambda **asked: report},
    )


def test_weather(weather: Any) -> None:
    reply = weather.say("Is it going to rain in London?")
    assert reply.endswith("The temperature is 21 and the condition is light rain.")
    weather.say("And in Paris?")
    weather.say("What about New York in Fahrenheit?")
    assert weather.say("What's the weather?") == "Which city: Paris, London or New York?"
    assert weather.say("Rome.").startswith("Sorry. City can be Paris, London or New York.")
    weather.say("new york")
    assert weather.calls == [
        ("get_weather", {"city": "London"}),
        ("get_weather", {"city": "Paris"}),
        ("get_weather", {"city": "New York", "unit": "fahrenheit"}),
        ("get_weather", {"city": "New York"}),
    ]
    assert weather.say("Thanks, bye.").startswith("You're welcome. Goodbye")


@pytest.fixture
def pizza(story: Make, tool: Make) -> Any:
    return story(
        [
            tool(
                "order_pizza",
                "Order a pizza for delivery.",
                size={"type": "string", "enum": ["small", "medium", "large"]},
                toppings={
                    "type": "array",
                    "items": {"type": "string", "enum": ["mushrooms", "olives", "ham"]},
                },
                address={"type": "string", "description": "the delivery address, e.g. 12 High Street."},
            ),
            tool("opening_hours", "Tell when the shop is open."),
        ],
        {
            "order_pizza": lambda **asked: {"order_id": "x1", "message": "It will be there by 19:30."},
            "opening_hours": lambda: "We are open from 11:00 to 23:00.",
        },
    )


def test_pizza(pizza: Any) -> None:
    assert pizza.say("I'd like a large pizza with mushrooms and olives please.").endswith(
        "What is the delivery address?"
    )
    reply = pizza.say("When are you open?")
    assert "We are open from eleven in the morning to eleven at night." in reply
    assert reply.endswith("Back to where we were. What is the delivery address?")
    reply = pizza.say("Fourteen Station Road.")
    assert reply.endswith(
        "Shall I order a large pizza with mushrooms and olives, address: Fourteen Station Road?"
    )
    assert pizza.say("No, make it medium.").startswith("Medium, then.")
    assert "half past seven in the evening" in pizza.say("Yes.")
    assert pizza.calls == [
        ("opening_hours", {}),
        (
            "order_pizza",
            {"size": "medium", "toppings": ["mushrooms", "olives"], "address": "Fourteen Station Road"},
        ),
    ]


def test_pizza_with_everything_but_one_thing(pizza: Any) -> None:
    assert pizza.say("What sizes do you have?") == "Size can be small, medium or large. What would you like?"
    assert pizza.say("Large with everything.").endswith("What is the delivery address?")
    assert pizza.say("Olives and ham, no mushrooms.").startswith("Olives and ham, then.")
    assert pizza.say("What toppings are there?").startswith("Toppings can be mushrooms, olives or ham.")
    pizza.say("14 Mill Road, please.")
    pizza.say("Yes.")
    asked = {"size": "large", "toppings": ["olives", "ham"], "address": "14 Mill Road"}
    assert pizza.calls == [("order_pizza", asked)]


def test_pizza_without_toppings(pizza: Any) -> None:
    assert pizza.say("One pizza please.").endswith("What size would you like: small, medium or large?")
    assert pizza.say("A small one.").endswith("Which toppings would you like?")
    assert pizza.say("Pineapple.").startswith("Sorry. Toppings can be mushrooms, olives or ham.")
    pizza.say("Nothing then, just plain.")
    assert "without toppings" in pizza.say("3 Mill Lane")
    pizza.say("Yes please.")
    assert pizza.calls == [("order_pizza", {"size": "small", "toppings": [], "address": "3 Mill Lane"})]


@pytest.fixture
def doctor(story: Make, tool: Make) -> Callable[[str], Any]:
    appointment = tool(
        "make_appointment",
        "Make an appointment with the doctor.",
        date={"type": "string", "format": "date", "description": "the date, e.g. 2026-03-14"},
        time={"type": "string", "description": 'time of day, e.g. "9:30 am"'},
        reason={"type": "string", "description": "reason for the visit"},
        phone={"type": "string", "description": "phone number"},
    )
    return lambda prompt: story(
        [appointment], {"make_appointment": lambda **asked: {"ok": True}}, prompt=prompt
    )


def test_appointment_with_a_date_from_the_prompt(doctor: Callable[[str], Any]) -> None:
    story = doctor("You work for Dr. Gray. Today is Wednesday, March 11, 2026.")
    assert story.say("I need to see the doctor.").endswith("What date would you like?")
    assert story.say("Tomorrow at ten.").endswith("What is the reason for the visit?")
    assert story.say("I have a sore throat.").endswith("What is your phone number?")
    assert "phone 5 5 5 1 2 3 4?" in story.say("five five five one two three four")
    assert "That is done." in story.say("Yes.")
    assert story.calls == [
        (
            "make_appointment",
            {"date": "2026-03-12", "time": "10:00 am", "reason": "I have a sore throat", "phone": "5551234"},
        )
    ]


def test_appointment_on_the_twenty_first(doctor: Callable[[str], Any]) -> None:
    story = doctor("Today is 2026-03-11")
    assert story.say("I need an appointment.").endswith("What date would you like?")
    assert story.say("The twenty-first.").endswith("What time would you like?")
    assert story.say("Quarter to nine in the morning.").endswith("What is the reason for the visit?")
    assert story.say("Yes.").endswith("What is the reason for the visit?"), "yes is no reason"
    story.say("My knee hurts.")
    story.say("one two three four five")
    story.say("Yes.")
    asked = {"date": "2026-03-21", "time": "8:45 am", "reason": "My knee hurts", "phone": "12345"}
    assert story.calls == [("make_appointment", asked)]


def test_appointment_without_a_calendar(doctor: Callable[[str], Any]) -> None:
    story = doctor("")
    assert "I have no calendar here" in story.say("An appointment for tomorrow, please.")
    story.say("The fourteenth of March at half past two.")
    story.say("Just a check up.")
    story.say("Oh seven seven, double one, two three.")
    story.say("Yes please do.")
    assert story.calls == [
        (
            "make_appointment",
            {"date": "2026-03-14", "time": "2:30 pm", "reason": "Just a check up", "phone": "0771123"},
        )
    ]


def test_thermostat(story: Make, tool: Make) -> None:
    house = story(
        [
            tool(
                "set_temperature",
                "Set the temperature of the living room.",
                degrees={"type": "number", "description": "in degrees", "minimum": 5, "maximum": 30},
            )
        ],
        {"set_temperature": lambda degrees: "ok"},
    )
    assert "Is that what you would like?" in house.say("It's cold in here.")
    assert house.say("Make it twenty two and a half.").endswith("That is done.")
    assert "has to be between five and thirty" in house.say("Set it to forty degrees.")
    house.say("Twenty one point five.")
    house.say("Actually, nineteen.")
    assert [arguments["degrees"] for _, arguments in house.calls] == [22.5, 21.5, 19]


def test_tools_without_parameters_and_with_free_text(story: Make, tool: Make) -> None:
    agent = story(
        [
            tool(
                "send_message",
                "Send a message to a person.",
                person={"type": "string", "description": "who gets it"},
                text={"type": "string", "description": "what to say"},
            ),
            tool("roll_dice", "Roll the dice."),
        ],
        {"send_message": lambda **asked: True, "roll_dice": lambda: 4},
    )
    assert agent.say("Roll the dice, please.").endswith("The dice is four.")
    assert agent.say("Send a message.").endswith("Please tell me who gets it.")
    assert agent.say("My sister.").endswith("Please tell me what to say.")
    assert agent.say("I'll be late.").endswith("Shall I send a message to your sister, saying: I'll be late?")
    agent.say("Yes.")
    assert agent.calls == [
        ("roll_dice", {}),
        ("send_message", {"person": "My sister", "text": "I'll be late"}),
    ]


def test_flights_are_chosen_from_records(story: Make, tool: Make) -> None:
    date = {"type": "string", "description": "travel date, e.g. 2026-05-14"}
    city = {"type": "string", "description": "destination city"}
    desk = story(
        [
            tool("find_flights", "Find flights to a city on a date.", city=city, date=date),
            tool(
                "book_flight",
                "Book a flight.",
                flight_id={"type": "string", "description": "id of the flight"},
                city=city,
                date=date,
                passenger_name={"type": "string", "description": "full name of the passenger"},
            ),
        ],
        {
            "find_flights": lambda **asked: [
                {"flight_id": "AB12", "departs": "09:15", "price": 120},
                {"flight_id": "XY9", "departs": "18:40", "price": 99},
            ],
            "book_flight": lambda **asked: {"message": "Your flight is booked."},
        },
        prompt="Today is 2026-05-04.",
    )
    reply = desk.say("I'd like to fly to Rome next Thursday.")
    assert "To Rome on May seventh there is quarter past nine in the morning, 120; or six forty" in reply
    desk.say("The evening one, at twenty to seven.")
    desk.say("Jane Austen.")
    assert "Your flight is booked." in desk.say("Yes.")
    asked = {"flight_id": "XY9", "city": "Rome", "date": "2026-05-07", "passenger_name": "Jane Austen"}
    assert desk.calls[-1] == ("book_flight", asked)


def test_a_hotel_room_is_chosen_from_words(story: Make, tool: Make) -> None:
    arrival = {"type": "string", "format": "date", "description": "day of arrival, e.g. 2026-03-14"}
    nights = {"type": "integer", "description": "number of nights"}
    desk = story(
        [
            tool("check_rooms", "Check which rooms are free.", arrival=arrival, nights=nights),
            tool(
                "book_room",
                "Book a hotel room.",
                arrival=arrival,
                nights=nights,
                room={"type": "string", "description": "room type"},
            ),
        ],
        {
            "check_rooms": lambda **asked: ["single room", "double room", "suite"],
            "book_room": lambda **asked: {"price": 240, "currency": "euros", "booking_ref": "Z9"},
        },
        prompt="Today is 2026-03-11",
    )
    assert desk.say("A room, please.").endswith("What date for the arrival?")
    assert desk.say("Christmas Eve.").endswith("How many nights?")
    offer = "there is single room, double room and suite. Which would you like?"
    assert desk.say("A week.").endswith(offer)
    assert desk.say("What else is there?").endswith(f"On December twenty-fourth {offer}")
    assert desk.say("The penthouse.").startswith("The penthouse is not free on December twenty-fourth")
    assert desk.say("The double.").startswith("Double room, then.")
    assert desk.say("Yes.").endswith("That is done. The price is 240 euros. Is there anything else?")
    assert desk.calls[-1] == ("book_room", {"arrival": "2026-12-24", "nights": 7, "room": "double room"})


def test_search(story: Make, tool: Make) -> None:
    docs = story(
        [tool("search", "Search the docs.", query={"type": "string", "description": "what to search for"})],
        {"search": lambda query: ["Turn detection", "Barge in"]},
    )
    assert docs.say("Search for turn detection.").endswith("I found two: Turn detection; Barge in.")
    docs.say("What about interruptions?")
    assert docs.say("Search.") == "Please tell me what to search for."
    docs.say("Latency figures.")
    assert [arguments["query"] for _, arguments in docs.calls] == [
        "turn detection",
        "interruptions",
        "Latency figures",
    ]


def test_yes_and_no_as_a_value(story: Make, tool: Make) -> None:
    agent = story(
        [
            tool(
                "order_coffee",
                "Order a coffee.",
                milk={"type": "boolean", "description": "whether the caller wants milk"},
            )
        ],
        {"order_coffee": lambda milk: "ok"},
    )
    assert agent.say("A coffee please.").endswith("Would you like milk?")
    assert agent.say("No thanks.").endswith("Shall I order a coffee without milk?")
    agent.say("Yes.")
    assert agent.calls == [("order_coffee", {"milk": False})]


def test_a_tool_that_names_the_field_at_fault(story: Make, tool: Make) -> None:
    def book(day: str, people: int) -> str:
        if people > 8:
            raise ValueError("people must be at most 8")
        return "ok"

    agent = story(
        [tool("book_table", "Book a table.", day={"type": "string"}, people={"type": "integer"})],
        {"book_table": book},
    )
    agent.say("A table for twelve on Friday.")
    reply = agent.say("Yes.")
    assert reply.endswith("I'm sorry, that did not work: people must be at most 8. How many people?")
    agent.say("Eight.")
    agent.say("Yes.")
    assert agent.calls[-1] == ("book_table", {"day": "Friday", "people": 8})


def test_a_tool_that_fails_is_tried_again_on_request(story: Make, tool: Make) -> None:
    def roll() -> int:
        raise RuntimeError("the dice fell off the table")

    agent = story([tool("roll_dice", "Roll the dice.")], {"roll_dice": roll})
    assert agent.say("Roll the dice.").endswith("the dice fell off the table. Shall I try again?")
    agent.say("Yes please.")
    assert agent.say("No.").startswith("All right, I leave it.")
    assert len(agent.calls) == 2


def test_response_instructions_in_quotes_are_said(story: Make, tool: Make) -> None:
    rolling = tool("roll_dice", "Roll the dice.")
    rolling["response_instructions"] = {"success": 'Say "Alea iacta est."'}
    agent = story([rolling], {"roll_dice": lambda: 4}, "")
    assert agent.say("Roll the dice.").endswith("Alea iacta est.")


def test_no_tools_at_all(story: Make) -> None:
    agent = story()
    assert agent.say("Hello!").startswith("Hello")
    first = agent.say("A table for two please.")
    assert "I heard: A table for two please." in first
    assert "without a language model" in first
    assert "OPENAI_BASE_URL" in first
    assert "A table for two" in agent.say("A table for two, I said.")
    assert agent.replies[-1] != first
    assert agent.say("Bye.").endswith("Goodbye!")


@pytest.mark.parametrize(
    "tools",
    [
        [{"type": "function", "name": "x"}],
        [{"type": "function", "name": "do_it", "description": None, "parameters": {}}],
        [{"name": "aai_check", "description": "", "parameters": {"properties": {"a": {}, "b": True}}}],
        [
            {
                "name": "ALLCAPS",
                "description": "Does Things",
                "parameters": {"properties": {"q": {"anyOf": [{"type": "null"}, {"type": "integer"}]}}},
            }
        ],
    ],
)
def test_odd_tools_do_not_break_it(story: Make, tools: list[dict[str, Any]]) -> None:
    agent = story(
        tools,
        {"x": lambda: None, "do_it": lambda **a: [], "aai_check": lambda **a: {}, "ALLCAPS": lambda **a: []},
    )
    for line in (
        "What can you do?",
        "x",
        "do it",
        "check",
        "five",
        "things",
        "yes",
        "yes",
        "",
        "...",
        "\U0001f600",
        "bye",
    ):
        agent.say(line)
    assert not any("lost my thread" in reply for reply in agent.replies)
